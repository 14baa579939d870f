"""Units on the move: from the store to a door and back. Every move keeps the store's sums right.

The sum of an article's movements is always the number of its units in the store: whatever changes a unit to or from
`in_stock` goes through `_move`, which writes the movement with it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lasrutin.audit.services import record_action
from lasrutin.identifiers import spell_serial, tidy_serial
from lasrutin.people.models import Organisation, User
from lasrutin.roles import Role
from locks.models import Address, Article, Entrance, Installation, StockMovement, Unit
from locks.services.refusals import not_in_the_future, refused

Status = Unit.Status
Reason = StockMovement.Reason
_IS_A = {Unit.Kind.LOCK: gettext_lazy("en låsenhet"), Unit.Kind.DOOR: gettext_lazy("en portenhet")}


def find_unit(serial: str, kind: Unit.Kind) -> Unit:
    """Return the unit with the number that somebody read from its label."""
    try:
        unit = Unit.objects.numbered(serial).first()
    except ValidationError as error:
        raise ValidationError({"unit": error}) from error
    if unit is None:
        raise refused(
            "unit",
            _("Numret %(number)s finns inte i registret. Läs numret på enheten igen.")
            % {"number": spell_serial(tidy_serial(serial))},
            "unknown",
        )
    _refuse_wrong_kind(unit, kind)
    return unit


def unit_to_mount(serial: str, kind: Unit.Kind, *, by: User) -> Unit:
    """Return the unit with the number, if this person may mount it as far as the store knows."""
    unit = find_unit(serial, kind)
    _refuse_unless_at_hand(unit, by)
    return unit


def mount_unit(
    unit: Unit,
    *,
    at_address: Address | None = None,
    at_entrance: Entrance | None = None,
    order_number: str,
    by: User,
    when: datetime | None = None,
) -> Installation:
    """Record that a unit now sits on a client's door, or at an entrance."""
    place = at_address or at_entrance
    if place is None or (at_address and at_entrance):
        raise TypeError("mount_unit takes one place: at_address or at_entrance")
    unit = _locked(unit)
    since = when or timezone.now()
    not_in_the_future("when", since)
    _refuse_wrong_kind(unit, Unit.Kind.LOCK if at_address else Unit.Kind.DOOR)
    _refuse_unless_at_hand(unit, by)
    _refuse_taken(place)
    _refuse_before_last_time(unit, place, since)
    if unit.status == Status.IN_STOCK:
        _move(unit, -1, Reason.MOUNTED, order_number=order_number, by=by)
    _become(unit, Status.MOUNTED)
    return Installation.objects.create(
        unit=unit, kind=unit.kind, address=at_address, entrance=at_entrance, since=since, order_number=order_number
    )


def register_sitting(serial: str, *, article: Article, at_entrance: Entrance, order_number: str) -> Installation:
    """Record a door unit that sat at an entrance before the register knew of it: it never was in the store."""
    unit = Unit(serial=tidy_serial(serial), kind=Unit.Kind.DOOR, article=article, status=Status.MOUNTED)
    if article.kind != unit.kind:
        raise refused("article", _("%(article)s är ingen portenhet.") % {"article": article}, "kind")
    unit.full_clean()
    _refuse_taken(at_entrance)
    unit.save()
    return Installation.objects.create(unit=unit, kind=unit.kind, entrance=at_entrance, order_number=order_number)


def take_down(
    unit: Unit,
    *,
    order_number: str,
    by: User,
    back_to_stock: bool = True,
    faulty: bool = False,
    holder: Organisation | None = None,
    when: datetime | None = None,
) -> Installation:
    """Record that a unit was taken down, now or `when`: back to the store, in somebody's hands, or set aside as faulty."""
    if not (faulty or back_to_stock) and holder is None:
        raise TypeError("a unit that is not back in the store has a holder")
    until = when or timezone.now()
    not_in_the_future("when", until)
    unit = _locked(unit)
    installation = unit.installation
    if unit.status != Status.MOUNTED or installation is None:
        raise refused("unit", _("%(unit)s Den kan inte tas ner.") % {"unit": whereabouts(unit)}, "not_mounted")
    installation.until = max(until, installation.since)
    installation.ended_by_order = order_number
    installation.save(update_fields=["until", "ended_by_order"])
    if faulty:
        _become(unit, Status.FAULTY)
    elif back_to_stock:
        _become(unit, Status.IN_STOCK)
        _move(unit, 1, Reason.DISMOUNTED, order_number=order_number, by=by)
    else:
        _become(unit, Status.HANDED_OUT, holder=holder)
    return installation


def hand_out(unit: Unit, *, to: Organisation, order_number: str, by: User) -> Unit:
    """Hand a unit over the counter of the store (1.10b)."""
    unit = _locked(unit)
    if unit.status != Status.IN_STOCK:
        raise refused("unit", _("%(unit)s Välj en enhet i förrådet.") % {"unit": whereabouts(unit)}, "state")
    _become(unit, Status.HANDED_OUT, holder=to)
    _move(unit, -1, Reason.HANDED_OUT, order_number=order_number, by=by, counterpart=to)
    return unit


def receive(unit: Unit, *, order_number: str = "", by: User, faulty: bool = False) -> Unit:
    """Take a unit back over the counter: from the firm that held it (3.8b), or mended (3.5a)."""
    unit = _locked(unit)
    if unit.status not in {Status.HANDED_OUT, Status.FAULTY}:
        raise refused("unit", _("%(unit)s Den kan inte tas emot.") % {"unit": whereabouts(unit)}, "state")
    firm = unit.holder
    if faulty:
        return _become(unit, Status.FAULTY)
    _become(unit, Status.IN_STOCK)
    _move(unit, 1, Reason.RETURNED, order_number=order_number, by=by, counterpart=firm)
    return unit


def write_off(unit: Unit, *, by: User, order_number: str = "") -> Unit:
    """Give up a unit that the firm which carried it has lost. It left the store when it was handed out or mounted."""
    unit = _locked(unit)
    if unit.status != Status.HANDED_OUT:
        raise refused("unit", _("%(unit)s Den kan inte skrivas av.") % {"unit": whereabouts(unit)}, "state")
    record_action(_("skrev av en förlorad enhet"), by=by, subject=unit.public_id, order_number=order_number)
    return _become(unit, Status.RETIRED)


def retire(unit: Unit, *, by: User, order_number: str = "") -> Unit:
    """Scrap a unit. It stays in the register for its history."""
    unit = _locked(unit)
    if unit.status not in {Status.IN_STOCK, Status.FAULTY}:
        raise refused("unit", _("%(unit)s Den kan inte kasseras.") % {"unit": whereabouts(unit)}, "state")
    if unit.status == Status.IN_STOCK:
        _move(unit, -1, Reason.RETIRED, order_number=order_number, by=by)
    return _become(unit, Status.RETIRED)


def register_delivery(article: Article, serials: Iterable[str], *, by: User, order_number: str = "") -> list[Unit]:
    """Put new units into the store (7.3b). All of them or none: the error names every number that is wrong."""
    if article.kind not in Unit.Kind.values:
        raise refused("article", _("%(article)s har inga nummer. Ange antalet.") % {"article": article}, "kind")
    serials = list(serials)
    numbers = _checked_serials(serials)
    units = [Unit(serial=number, kind=article.kind, article=article, status=Status.IN_STOCK) for number in numbers]
    try:
        with transaction.atomic():
            Unit.objects.bulk_create(units)
    except IntegrityError:  # somebody put in the same delivery a moment before
        _checked_serials(serials)
        raise
    StockMovement.objects.bulk_create(
        StockMovement(article=article, unit=unit, quantity=1, reason=Reason.DELIVERED, order_number=order_number, by=by)
        for unit in units
    )
    return units


def whereabouts(unit: Unit) -> str:
    """Say where a unit is, for those who may know units: never a client, never an apartment."""
    installation = unit.installation
    if unit.status == Status.MOUNTED and installation is not None:
        place = installation.entrance or installation.address
        where = _("en dörr med skyddad adress") if place is None or place.is_protected else place.street_line
        return _("%(number)s sitter på %(where)s sedan %(day)s.") % {
            "number": unit.number,
            "where": where,
            "day": date_format(timezone.localtime(installation.since), "j F Y"),
        }
    said = {
        Status.IN_STOCK: _("%(number)s ligger i förrådet."),
        Status.HANDED_OUT: _("%(number)s är utlämnad till %(holder)s."),
        Status.FAULTY: _("%(number)s är trasig."),
        Status.RETIRED: _("%(number)s är kasserad."),
        Status.MOUNTED: _("%(number)s är monterad."),
    }
    return said[Status(unit.status)] % {"number": unit.number, "holder": unit.holder or _("någon")}


def _locked(unit: Unit) -> Unit:
    """Fetch the unit again and hold it until the transaction ends."""
    return Unit.objects.select_for_update(of=("self",)).select_related("holder", "article").get(pk=unit.pk)


def _become(unit: Unit, status: Unit.Status, *, holder: Organisation | None = None) -> Unit:
    unit.status, unit.holder = status, holder
    unit.save(update_fields=["status", "holder"])
    return unit


def _move(
    unit: Unit,
    quantity: int,
    reason: StockMovement.Reason,
    *,
    order_number: str,
    by: User,
    counterpart: Organisation | None = None,
) -> None:
    StockMovement.objects.create(
        article=unit.article,
        unit=unit,
        quantity=quantity,
        reason=reason,
        counterpart=counterpart,
        order_number=order_number,
        by=by,
    )


def _refuse_wrong_kind(unit: Unit, kind: Unit.Kind) -> None:
    if unit.kind != kind:
        raise refused(
            "unit",
            _("%(number)s är %(is_a)s. Här behövs %(needed)s.")
            % {"number": unit.number, "is_a": _IS_A[Unit.Kind(unit.kind)], "needed": _IS_A[kind]},
            "kind",
        )


def _refuse_unless_at_hand(unit: Unit, by: User) -> None:
    """In the store; or a door unit that the locksmith carries."""
    carried = unit.status == Status.HANDED_OUT and unit.kind == Unit.Kind.DOOR
    if unit.status != Status.IN_STOCK and not carried:
        raise refused(
            "unit", _("%(unit)s Montera en enhet från förrådet.") % {"unit": whereabouts(unit)}, "not_in_stock"
        )
    if carried and Role.LOCKSMITH in by.roles and unit.holder_id not in {None, *by.organisation_ids}:
        raise refused("unit", _("%(number)s är utlämnad till en annan firma.") % {"number": unit.number}, "holder")


def _refuse_taken(place: Address | Entrance) -> None:
    """Hold the place, and see that nothing sits there."""
    type(place)._default_manager.select_for_update(no_key=True).get(pk=place.pk)
    sitting = place.installations.now().select_related("unit").first()
    if sitting is not None:
        text = (
            _("Det sitter redan ett lås på dörren: %(number)s. Ta ner det först.")
            if isinstance(place, Address)
            else _("Det sitter redan en portenhet vid entrén: %(number)s. Ta ner den först.")
        )
        raise refused("unit", text % {"number": sitting.unit.number}, "taken")


def _refuse_before_last_time(unit: Unit, place: Address | Entrance, since: datetime) -> None:
    """A unit is at one place at a time, also back in time; so is a door's lock."""
    if unit.installations.filter(until__gt=since).exists():
        raise refused("when", _("Enheten satt någon annanstans då. Ange en senare tid."), "overlap")
    if place.installations.filter(until__gt=since).exists():
        raise refused("when", _("Det satt en annan enhet där då. Ange en senare tid."), "overlap")


def _checked_serials(serials: Iterable[str]) -> list[str]:
    numbers: list[str] = []
    wrong: list[ValidationError] = []
    for text in serials:
        try:
            number = tidy_serial(text)
        except ValidationError:
            wrong.append(ValidationError(_("%(text)s är inget enhetsnummer.") % {"text": text[:20]}, code="serial"))
            continue
        if number in numbers:
            wrong.append(
                ValidationError(_("%(number)s står två gånger.") % {"number": spell_serial(number)}, code="twice")
            )
        numbers.append(number)
    known = Unit.objects.filter(serial__in=numbers).order_by("serial").values_list("serial", flat=True)
    wrong += [
        ValidationError(_("%(number)s finns redan i registret.") % {"number": spell_serial(number)}, code="known")
        for number in known
    ]
    if not numbers and not wrong:
        wrong.append(ValidationError(_("Skriv minst ett nummer."), code="required"))
    if wrong:
        raise ValidationError({"serials": wrong})
    return numbers

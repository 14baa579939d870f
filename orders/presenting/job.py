"""A job as the person who does it sees it: where, when, whom to ring, what to do next. Never for whom."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.people.models import Municipality, Organisation, User
from lasrutin.roles import Role
from locks.models import Entrance, PropertyOwner
from locks.presenting.owners import variant_words
from orders.doors import pickup_day
from orders.forms.doors import ACCESS_COMPANY
from orders.models import Order, OrderEvent
from orders.models.order import UNWINDING
from orders.people import tells_of_client
from orders.presenting import words
from orders.presenting.discretion import owner_told, told_waits
from orders.presenting.turns import at_once, in_turn, is_mine, wait_who
from orders.routines.move_questions import work_at_a_door
from orders.steps import Step

# What a step before this one left for whoever comes next.
_SENT_BACK = ("try_again", "give_back")
# A label and a value, and perhaps where it leads and a line under it.
Fact = tuple[str, ...]
_SETTLES = ("settle_time", "settle_old_time", "settle_new_time")


@dataclass(frozen=True)
class Contact:
    """Whom to ring about a job."""

    name: str
    about: str
    person: str
    phone: str
    email: str = ""

    @classmethod
    def of(cls, party: Organisation | PropertyOwner, about: str, *, mail: bool = False) -> "Contact":
        """An organisation or an owner as a contact."""
        return cls(party.name, about, party.contact_name, party.phone, party.email if mail else "")

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


@dataclass
class JobPage:
    """Everything that a caretaker's or a locksmith's job page says. Fetched once, used by all parts of it."""

    order: Order
    user: User
    role: Role

    def __post_init__(self) -> None:
        self.waits = list(self.order.waits.select_related("organisation", "person"))
        self.steps = [
            step
            for step in self.order.steps()
            if step.role == self.role and step.belongs_to(self.user, self.order) and step.is_open(self.order)
        ]
        awaited = {wait.step for wait in self.waits if wait.role == self.role}
        self.awaited = [step for step in self.steps if step.name in awaited]

    @property
    def next_step(self) -> Step | None:
        """What the job asks of this person now. What is acute is done at once, before anything is booked."""
        first = [*(step for step in self.steps if at_once(step, self.order)), *self.awaited]
        return first[0] if first else None

    def ways_on(self, shown: Step | None) -> dict[str, Any]:
        """The other steps: what the routine itself offers as buttons, the first beside the main one; the rest as links."""
        if shown is not None and shown != self.next_step:
            return {"beside": None, "offered": [], "quiet": []}
        others = [step for step in self.steps if step != shown]
        offered = sorted(
            (step for step in others if step.rows), key=lambda step: (step not in self.awaited, step.tone != "primary")
        )
        links = [self._link(step) for step in offered]
        quiet = [self._link(step) for step in others if not step.rows]
        return {"beside": links[0] if links else None, "offered": links[1:], "quiet": quiet}

    def _link(self, step: Step) -> dict[str, str]:
        return {"label": str(step.label), "url": reverse("orders:step", args=[self.order.public_id, step.name])}

    @property
    def place(self) -> str:
        """The heading: the door, as the person looks for it."""
        return self.order.place_line or self.order.number

    @property
    def when(self) -> str:
        """The agreed time: "I dag 10.00", "Tis 1 dec kl. 10.00"."""
        return capfirst(appointment(self.order)) if self.order.visit_at else ""

    @property
    def details(self) -> list[str]:
        """The quiet line: number, kind, town."""
        return [self.order.number, str(self.order.title), *_town(self.order)]

    @property
    def facts(self) -> list[Fact]:
        """Where to, the way in, the association's own number, the unit, and what the locksmith has said."""
        order, place = self.order, self.order.new_address or self.order.address
        entrance = order.entrance or (place.entrance if place else None)
        found: list[Fact] = []
        if order.new_address is not None:
            found.append((_("Till"), order.new_address.door_line))
        if entrance is not None:
            found += _way_in(entrance, told=order.entrance is not None)
        if order.old_entrance is not None and order.entrance is not None:
            found.append((_("Gamla porten"), str(order.old_entrance)))
        if place is not None and place.association_number:
            found.append((_("Föreningens nummer"), place.association_number))
        if order.unit is not None:
            found.append((_("Enhet"), order.unit.number))
        return [*found, *_agreed(order)]

    @property
    def contacts(self) -> list[Contact]:
        """The provider on site; for work at an entrance the locksmith, and to the locksmith the owner."""
        found = contacts_of(self.order, self.role)
        return [replace(contact, about="") for contact in found] if self._to_be_called_off else found

    @property
    def visit_to_come(self) -> bool:
        """Whether the visit is still ahead."""
        return visit_to_come(self.order)

    @property
    def invoice(self) -> Municipality | None:
        """Where the firm sends its invoice, and with which reference (0.5)."""
        return Municipality.ours() if self.role == Role.LOCKSMITH else None

    @property
    def sentence(self) -> str:
        """What the job waits for when it is not this person's turn; empty when it is."""
        order = self.order
        if order.closed_at is not None:
            return _("Jobbet är avslutat: %(state)s.") % {"state": order.state_label.lower()}
        if order.paused_until is not None:
            return _("Jobbet vilar till %(day)s. Vänta tills dess.") % {"day": words.day(order.paused_until)}
        if self.next_step is not None:
            return ""
        if order.state == UNWINDING:
            return _("Ordern är avbruten. Gör inget mer.")
        return self._others_do()

    def _others_do(self) -> str:
        order = self.order
        if order.caretaker is not None and order.caretaker != self.user and order.state in order.claimed_states:
            return _("%(who)s har jobbet.") % {"who": order.caretaker}
        waits = told_waits(order, self.waits, self.user, knows_client=False)
        if not waits:
            return _("Det finns inget att göra i jobbet just nu.")
        wait = in_turn(waits, order, self.user)[0]
        step = order.step_named(wait.step)
        if is_mine(wait, self.user):
            return _("Du ska %(what)s. %(why)s") % {"what": step.todo, "why": " ".join(step.unmet(order))}
        said = {"who": wait_who(wait), "what": step.todo}
        waits_for = _("Vi väntar på %(who)s, som ska %(what)s.") % said
        return f"{waits_for} {_('Gör inget mer.')}" if self._to_be_called_off else waits_for

    @property
    def _to_be_called_off(self) -> bool:
        """Whether nobody comes to the door any more: no care is left (0031)."""
        return any(wait.step == "cancel" for wait in self.waits)

    @property
    def proposed(self) -> list[str]:
        """The times that the other side is asked about: "tis 1 dec kl. 10.00"."""
        return [] if self._to_be_called_off else [words.visit(moment) for moment in self.order.proposed_times]

    @property
    def advice(self) -> list[str]:
        """What there is to know before: the fault as it was reported, and what whoever sent the job back says."""
        return [*_faults(self.order), *self._sent_back(), *self._same_lock()]

    def _same_lock(self) -> list[str]:
        """Two who share a home move together: one visit is enough (0033)."""
        order = self.order
        if order.routine != "move" or order.unit_id is None or order.state not in {"ordered", *order.claimed_states}:
            return []
        if not work_at_a_door(order):
            return []
        others = (
            Order.objects.visible_to(self.user).open().filter(routine="move", unit=order.unit_id).exclude(pk=order.pk)
        )
        said = _("Samma lås flyttas i order %(number)s också: ett besök räcker för båda.")
        return [said % {"number": other.number} for other in others.filter(new_address=order.new_address_id)]

    def _sent_back(self) -> list[str]:
        if self.role != Role.CARETAKER or self.order.state not in {*self.order.claimed_states, "ordered"}:
            return []
        last = self.order.events.filter(step__in=_SENT_BACK).select_related("by").order_by("-at", "-pk").first()
        return _advice(last) if last is not None else []


def _way_in(entrance: Entrance, *, told: bool) -> list[Fact]:
    """The door to the street and how it works, as far as somebody has looked; `told` where the heading names it."""
    technique = capfirst(variant_words(entrance))
    if told:
        return [(_("Port"), technique)] if technique else []
    return [(_("Port"), entrance.label, "", technique)]


def _agreed(order: Order) -> list[Fact]:
    """What the locksmith has said: when the unit is fetched, and whether the access-control company comes (1.10)."""
    if order.locksmith is None:
        return []
    day = pickup_day(order)
    said: list[Fact] = [(_("Portenheten hämtas"), words.day(day))] if day is not None else []
    settled = order.events.filter(step__in=_SETTLES).order_by("-pk").first() if order.visit_at is not None else None
    if settled is None or "access_company" not in settled.reported:
        return said
    answer = str(dict(ACCESS_COMPANY)[settled.reported["access_company"]])
    return [*said, (_("Passersystemets företag"), answer)]


def visit_to_come(order: Order) -> bool:
    """Whether there is a visit ahead, booked or not: the day has not been, the work is not done, the order does not rest."""
    if order.closed_at is not None or order.paused_until is not None:
        return False
    if order.visit_at and timezone.localdate(order.visit_at) < timezone.localdate():
        return False
    return not order.claimed_states or order.state in {"ordered", *order.claimed_states}


def _owner(owner: PropertyOwner, order: Order, *, listed: bool) -> Contact:
    """The owner of a house may be the client, of whom the locksmith knows nothing: then they are met at the door (0.6)."""
    contact = Contact.of(owner, _("äger fastigheten"), mail=True)
    if owner.kind == PropertyOwner.Kind.PRIVATE and (
        listed or tells_of_client(f"{contact.name}\n{contact.person}", order)
    ):
        return Contact(owner_told(owner, None).name, _("äger huset"), "", "")
    return contact


def contacts_of(order: Order, role: Role, *, listed: bool = False) -> list[Contact]:
    """Whom a role rings about an order; in a list of orders no person who owns a house."""
    if role == Role.LOCKSMITH:
        doors = [door for door in (order.entrance, order.old_entrance) if door is not None]
        owners = {door.owner.pk: door.owner for door in doors if door.owner is not None}
        return [_owner(owner, order, listed=listed) for owner in owners.values()]
    if order.provider is not None:
        return [Contact.of(order.provider, _("möter upp på plats") if visit_to_come(order) else "")]
    return [Contact.of(order.locksmith, _("gör arbetet"))] if order.locksmith is not None else []


def _faults(order: Order) -> list[str]:
    """The symptoms, without what the reporter wrote: that may tell of the client."""
    if order.routine != "fault":
        return []
    return [
        _("%(symptom)s. Öppnade med nyckel.") % {"symptom": report.get_symptom_display()} if report.used_key
        else _("%(symptom)s. Nyckeln hjälpte inte.") % {"symptom": report.get_symptom_display()}
        for report in order.reports.all()
    ]  # fmt: skip


def _advice(event: OrderEvent) -> list[str]:
    note = event.reported.get("note") or event.reported.get("reason") or ""
    if event.step == "give_back":
        return [_("%(who)s lämnade tillbaka jobbet: %(why)s") % {"who": event.by, "why": note}] if note else []
    other = event.reported.get("equipment") == "other"
    said = _("Försök igen med annan utrustning.") if other else _("Försök igen med samma utrustning.")
    return [said, note] if note else [said]


def _town(order: Order) -> list[str]:
    place = order.address or order.entrance or order.old_entrance
    return [f"{place.postcode} {place.town}"] if place is not None else []


def appointment(order: Order) -> str:
    """The agreed time as it is spoken: "i dag 10.00", "i morgon 10.00", "tis 1 dec kl. 10.00"."""
    if order.visit_at is None:
        return ""
    ahead = (timezone.localtime(order.visit_at).date() - timezone.localdate()).days
    return words.moment(order.visit_at) if ahead in (-1, 0, 1) else words.visit(order.visit_at)

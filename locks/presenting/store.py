"""What the pages of the store and of a unit say."""

from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.order_labels import order_label, with_hidden_orders
from lasrutin.people.models import User
from lasrutin.roles import CASE_OFFICERS, Role
from locks.models import Article, Installation, StockMovement, Unit
from locks.models.units import UnitQuerySet
from locks.pages import day

Cell = dict[str, Any] | str
Status = Unit.Status
TONES = {
    Status.IN_STOCK: "ok",
    Status.HANDED_OUT: "",
    Status.MOUNTED: "",
    Status.FAULTY: "err",
    Status.RETIRED: "none",
}


def article_row(article: Any) -> list[Cell]:
    """One line of the store; `article` comes from `with_level`."""
    low = article.level < article.reorder_point
    warning = _("Slut") if article.level <= 0 else _("Beställ") if low else ""
    return [
        {"text": article.name, "note": article.number},
        capfirst(article.get_kind_display()),
        str(article.level),
        str(article.reorder_point) if article.reorder_point else "–",
        {"tag": warning, "tone": "err" if article.level <= 0 else "warn"} if warning else "",
    ]


def low_articles(articles: list[Any]) -> int:
    """How many articles must be ordered."""
    return sum(article.level < article.reorder_point for article in articles)


def listed_units(units: UnitQuerySet, user: User) -> UnitQuerySet:
    """Fetch with the units what a row of the list shows."""
    places = Installation.objects.now().with_hidden(user).select_related("address", "entrance")
    return units.select_related("article", "holder").prefetch_related(
        Prefetch("installations", places, to_attr="shown_installations")
    )


def unit_row(unit: Any) -> list[Cell]:
    """One line of the list of units; `unit` comes from `listed_units`."""
    places = unit.shown_installations
    return [
        {"text": unit.number, "url": reverse("locks:unit", args=[unit.public_id]), "number": True},
        {"text": capfirst(unit.get_kind_display()), "note": unit.article.name},
        {"tag": capfirst(unit.get_status_display()), "tone": TONES[Status(unit.status)]},
        place_words(places[0]) if places else (unit.holder.name if unit.holder else "–"),
    ]


def place_words(installation: Any) -> str:
    """Where a unit sits or sat, unless the reader may not know. `installation` comes from `with_hidden`."""
    if installation.hidden:
        return _("Skyddad adress")
    place = installation.entrance or installation.address
    return str(installation.entrance) if installation.entrance else place.street_line


def movement_row(movement: Any) -> list[Cell]:
    """One movement in or out; `movement` comes from `movements`."""
    what: Cell = {"text": movement.article.name}
    if movement.unit:
        url = reverse("locks:unit", args=[movement.unit.public_id])
        what = {"text": movement.unit.number, "url": url, "number": True, "note": movement.article.name}
    return [
        date_format(timezone.localtime(movement.at), "SHORT_DATETIME_FORMAT"),
        what,
        f"{movement.quantity:+d}".replace("-", "−"),
        {"text": capfirst(movement.get_reason_display()), "note": str(movement.counterpart or "")},
        order_label(movement.order_number, hidden=movement.order_hidden) or "–",
        str(movement.by or "–"),
    ]


def movements(user: User) -> Any:
    """Movements with what a row shows to this reader."""
    return with_hidden_orders(StockMovement.objects.select_related("article", "unit", "counterpart", "by"), user)


def article_list() -> list[Any]:
    """Every article with its level."""
    return list(Article.objects.with_level())


def orders_of(place: Any) -> tuple[str, str]:
    """By which orders a unit came to a place and went: a protected one is not named.

    At an entrance that others live behind too there is no word of it: it would tell that somebody protected does.
    """
    silent = place.entrance_id is not None and not place.hidden
    came, went = (place.order_number, place.order_hidden), (place.ended_by_order, place.end_hidden)
    told = ["" if hidden and silent else order_label(number, hidden=hidden) for number, hidden in (came, went)]
    return told[0], told[1]


def _order_lines(place: Any) -> list[str]:
    came, went = orders_of(place)
    lines = [_("Monterad i order %(order)s") % {"order": came} if came else ""]
    lines += [_("Nedtagen i order %(order)s") % {"order": went} if went else ""]
    return [line for line in lines if line]


class UnitPage:
    """Everything that one reader may know of one unit."""

    def __init__(self, unit: Unit, user: User) -> None:
        self.unit = unit
        self.user = user
        self.keeps_store = bool(user.acts_as & {Role.CARETAKER, Role.SYSTEM_ADMIN})
        self.keeps_history = bool(user.acts_as & {*CASE_OFFICERS, Role.SYSTEM_ADMIN, Role.CARETAKER})
        self.may_receive = self.keeps_store and unit.status in {Status.HANDED_OUT, Status.FAULTY}
        self.may_retire = Role.SYSTEM_ADMIN in user.acts_as and unit.status in {Status.IN_STOCK, Status.FAULTY}
        self.tone = TONES[Status(unit.status)]

    @cached_property
    def installations(self) -> list[Any]:
        """Where it has been, newest first: all of it for those who keep the register, else where it is."""
        places = Installation.objects.with_hidden(self.user).filter(unit=self.unit)
        places = with_hidden_orders(places, self.user)
        places = with_hidden_orders(places, self.user, field="ended_by_order", mark="end_hidden")
        shown = places if self.keeps_history else places.now()
        return list(shown.select_related("address", "entrance"))

    @property
    def facts(self) -> list[tuple[str, ...]]:
        """What it is and where it is."""
        here = next((place for place in self.installations if place.until is None), None)
        facts: list[tuple[str, ...]] = [
            (_("Slag"), capfirst(self.unit.get_kind_display())),
            (_("Modell"), self.unit.article.name, "", self.unit.article.number),
        ]
        if here is not None:
            since = _("sedan %(day)s") % {"day": day(here.since)}
            facts.append((_("Sitter på"), place_words(here), "", since))
        if self.unit.holder is not None:
            facts.append((_("Utlämnad till"), self.unit.holder.name))
        return facts

    @cached_property
    def history(self) -> list[dict[str, Any]]:
        """Its installations as a timeline."""
        if not self.keeps_history:
            return []
        return [
            {
                "when": f"{day(place.since)} – {day(place.until)}".rstrip(" –")
                if place.until
                else _("Sedan %(day)s") % {"day": day(place.since)},
                "title": place_words(place),
                "lines": _order_lines(place),
            }
            for place in self.installations
        ]

    @cached_property
    def movements(self) -> list[list[Cell]]:
        """Its ways in and out of the store."""
        return (
            [movement_row(movement) for movement in movements(self.user).filter(unit=self.unit)]
            if self.keeps_history
            else []
        )

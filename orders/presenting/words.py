"""Dates, due days and reported facts in the words of the screen."""

from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lasrutin.identifiers import spell_serial, tidy_serial
from lasrutin.people.models import Organisation
from lasrutin.roles import KNOWS_CLIENT, Role
from orders.calendar import working_days_between
from orders.forms import form_class
from orders.models import OrderEvent

LATE, SOON = "late", "soon"


def day(moment: date | datetime) -> str:
    """A day as it is spoken: i dag, i går, i morgon, 24 nov, 3 jan 2027."""
    local = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    today = timezone.localdate()
    near = {0: _("i dag"), -1: _("i går"), 1: _("i morgon")}.get((local - today).days)
    return near or date_format(local, "j b" if local.year == today.year else "j b Y")


def moment(when: datetime) -> str:
    """A day and a time: i dag 14.10."""
    return f"{day(when)} {date_format(timezone.localtime(when), 'H.i')}"


def visit(when: datetime) -> str:
    """An agreed time: tis 24 nov kl. 10.00."""
    local = timezone.localtime(when)
    return f"{date_format(local, 'D j b').lower()} {_('kl.')} {date_format(local, 'H.i')}"


def due(on: date) -> tuple[str, str]:
    """When something is due, and its tone: ("2 dagar sent", "late"), ("i dag", "soon"), ("senast 26 nov", "")."""
    today = timezone.localdate()
    if on < today:
        days = max(1, working_days_between(on, today))
        return ngettext("%(days)s dag sent", "%(days)s dagar sent", days) % {"days": days}, LATE
    if on == today:
        return _("i dag"), SOON
    return _("senast %(day)s") % {"day": day(on)}, ""


def due_tag(on: date) -> tuple[str, str]:
    """The same for a column of due days, with the tone of its tag: ("2 dagar sent", "err"), ("i dag", "warn"), ("26 nov", "")."""
    said, tone = due(on)
    shown = {LATE: "err", SOON: "warn"}.get(tone, "")
    return (said if shown else said.removeprefix(_("senast") + " ")), shown


def event_lines(event: OrderEvent, *, knows_client: bool) -> list[str]:
    """What was reported, line by line. Free text of those who know the client stays with those who do."""
    trusted = knows_client or event.role not in KNOWS_CLIENT
    choices = _choices(event)
    lines = (
        _line(event.step, name, value, choices.get(name, {}), trusted=trusted) for name, value in event.reported.items()
    )
    return [line for line in lines if line]


def in_one(lines: list[str]) -> str:
    """What was reported, as sentences one after the other."""
    return " ".join(f"{line.rstrip('.')}." for line in lines)


def _choices(event: OrderEvent) -> dict[str, dict[Any, Any]]:
    """The words of the answers that the step's form offers, by question."""
    step = next((step for step in event.order.steps() if step.name == event.step), None)
    fields = form_class(step).base_fields if step is not None else {}
    return {
        name: dict(cast("list[tuple[Any, Any]]", field.choices))
        for name, field in fields.items()
        if isinstance(field, forms.ChoiceField)
    }


def _line(  # noqa: PLR0911  # one answer a kind of fact
    step: str, name: str, value: Any, choices: dict[Any, Any], *, trusted: bool
) -> str:
    if name in ("unit", "old_unit", "door_unit") and isinstance(value, str):
        return _("Enhet %(number)s") % {"number": spell_serial(tidy_serial(value))} if _is_serial(value) else ""
    if name == "time":
        return _("Tid: %(time)s") % {"time": _said(value)}
    if name == "times":
        return _("Tider: %(times)s") % {"times": ", ".join(_said(one) for one in value)}
    if name in ("on", "informed_on", "asked_on", "decided_on") and isinstance(value, str):
        return _day_said(step, name, value, trusted=trusted)
    if name == "access_company":
        return _("Passersystemets företag: %(answer)s") % {"answer": str(choices.get(value, value)).lower()}
    if name == "action" and step == "locksmith_mended":
        return _("Åtgärd: %(what)s") % {"what": choices.get(value, value)}
    if not trusted:
        return ""
    if name == "told":
        return " ".join(str(choices.get(one, one)) for one in value)
    if name in ("reason", "measure", "note"):
        return str(choices.get(value, value))
    return _who_said(step, name, value)


def _who_said(step: str, name: str, value: Any) -> str:
    """Who was named: whoever does not answer has not entered it themselves."""
    if (step, name) == ("enter_return", "provider"):
        holder = Organisation.objects.filter(public_id=value).first()
        return _("Nycklarna hos %(who)s") % {"who": holder} if holder is not None else ""
    told = {
        "decided_by": _("Svar från %(who)s"),
        "label": _("Telefon: %(who)s"),
        "brought_by": _("Inlämnade av %(who)s"),
    }.get(name, "")
    return told % {"who": value} if told else ""


def _day_said(step: str, name: str, value: str, *, trusted: bool) -> str:
    """A day that was reported; the locksmith's pick-up is told to everybody who works with it (1.10b)."""
    if step == "request_pickup":
        told = _("Hämtas %(day)s")
    elif trusted:
        told = {"informed_on": _("Brukaren informerad %(day)s"), "asked_on": _("Frågad %(day)s")}.get(
            name, _("Dag: %(day)s")
        )
    else:
        return ""
    parsed = parse_date(value)
    return told % {"day": day(parsed)} if parsed else ""


def _is_serial(value: str) -> bool:
    try:
        tidy_serial(value)
    except ValidationError:
        return False
    return True


def _said(value: str) -> str:
    parsed = parse_datetime(value)
    return visit(parsed) if parsed else value


def role_name(role: str) -> str:
    """A role as a column says it: Vaktmästare."""
    return str(Role(role).label).capitalize() if role else _("Låsrutin")

"""Fill in a form as somebody might: mostly as is meant, sometimes not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import strategies as st

from lasrutin.forms import SignatureField, UnitNumberInput
from locks.models import Address, KeyItem, Unit
from orders.forms import StepForm
from orders.forms.lost import ReportLostKey
from orders.forms.outlays import AmountField
from tests.papers import pdf, png_url

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Hand:
    """Who fills in: one that is careful makes no slips."""

    draw: Draw
    careful: bool

    def picks(self, meant: Sequence[Any], slips: Sequence[Any] = ()) -> Any:
        return self.draw(st.sampled_from([*meant, *([] if self.careful else slips)]))


SCAN = pdf().read()
# An address is filled in whole, so that it is one that exists.
_ADDRESS = ("street", "street_number", "postcode", "town", "apartment")


def answers(form: StepForm, draw: Draw) -> dict[str, Any]:
    """What is posted for a form; a key of its own, so that no posting is taken for a resend."""
    hand = Hand(draw, careful=draw(st.sampled_from([True, True, False])))
    posted: dict[str, Any] = {}
    for name, field in form.fields.items():
        if set(_ADDRESS) <= form.fields.keys() and name in _ADDRESS:
            continue
        answer = _answer(form, name, field, hand)
        if answer is not None:
            posted[f"{name}_drawn" if isinstance(field, SignatureField) else name] = answer
    if isinstance(form, ReportLostKey) and hand.picks([True, False]):  # one of them, and not all
        posted = {name: value for name, value in posted.items() if name not in KeyItem.Kind.values} | {"door": "1"}
    if set(_ADDRESS) <= form.fields.keys():
        where = hand.picks(list(Address.objects.order_by("pk")))
        posted |= {name: getattr(where, name) for name in _ADDRESS}
    return posted


def _answer(form: StepForm, name: str, field: forms.Field, hand: Hand) -> Any:
    shown = form.get_initial_for_field(field, name) if isinstance(field, forms.IntegerField) else None
    if shown is not None and hand.picks([True] * 7 + [False]):
        return str(shown)
    may_stay_empty = not field.required and not isinstance(field, (forms.BooleanField, forms.FileField))
    if may_stay_empty and hand.picks(*_left_out(field)):
        return None
    for kind, fill in _FILLED.items():
        if isinstance(field, kind):
            return fill(form, name, field, hand)
    if isinstance(field.widget, UnitNumberInput):
        return hand.picks(_numbers(form, field), ["LE999999"])
    return hand.picks(["Ja", "Något att veta", "0701740610"])


def _left_out(field: forms.Field) -> tuple[list[bool], list[bool]]:
    """Whether what is not asked for strictly is left out, meant and by a slip: numbers most often, since they correct."""
    return ([True, True, True, False], []) if isinstance(field, forms.IntegerField) else ([False], [True])


def _numbers(form: StepForm, field: forms.Field) -> list[str]:
    """What somebody may read off such a unit: the order's, those at the doors, one in the store."""
    order = form.order
    door = "port" in str(field.label).lower() or (order.unit is not None and order.unit.kind == Unit.Kind.DOOR)
    units = Unit.objects.filter(kind=Unit.Kind.DOOR if door else Unit.Kind.LOCK).order_by("pk")
    doors = [place for place in (order.address, order.new_address, order.entrance, order.old_entrance) if place]
    sitting = [pk for place in doors for pk in place.installations.now().values_list("unit", flat=True)]
    there = [*units.filter(pk__in=[*sitting, order.unit_id])]
    return [unit.serial for unit in [*there, *there, *units.in_stock()[:1]]] or ["LE999999"]


def _one(_form: StepForm, name: str, field: Any, hand: Hand) -> Any:
    values = [value for value, _label in field.choices if value not in ("", None)]
    values = [getattr(value, "value", value) for value in values]
    return hand.picks(values) if values else None


def _several(_form: StepForm, name: str, field: Any, hand: Hand) -> Any:
    values = [getattr(value, "value", value) for value, _label in field.choices]
    some = st.just(values) if hand.careful or not values else st.lists(st.sampled_from(values), unique=True)
    return hand.draw(some)


def _moment(_form: StepForm, name: str, _field: Any, hand: Hand) -> str:
    ahead = name in ("first", "second", "third", "time")
    hours = hand.picks([24, 25, 48, 72] if ahead else [-1, 0, 0], [-300, -48, 300])
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def _day(_form: StepForm, _name: str, _field: Any, hand: Hand) -> str:
    days = hand.picks([0, 0, 0, 0, 0, 1, 5], [-1, -5, 40])
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _file(_form: StepForm, _name: str, _field: Any, hand: Hand) -> Any:
    return SimpleUploadedFile("papper.pdf", hand.picks([SCAN], [b"ingen fil"]), "application/pdf")


# By the kind of field, the special ones first.
_FILLED: dict[type[forms.Field], Callable[[StepForm, str, Any, Hand], Any]] = {
    SignatureField: lambda _form, _name, _field, _hand: png_url(),
    AmountField: lambda _form, _name, _field, hand: hand.picks(["1 850,50", "100"], ["0.5 kr", "-3", "mycket"]),
    forms.ModelMultipleChoiceField: _several,
    forms.MultipleChoiceField: _several,
    forms.ChoiceField: _one,
    forms.BooleanField: lambda _form, _name, _field, hand: hand.picks(["on"], [None]),
    forms.IntegerField: lambda _form, _name, _field, hand: str(hand.picks([1, 1, 1, 2], [0])),
    forms.DateTimeField: _moment,
    forms.DateField: _day,
    forms.FileField: _file,
}

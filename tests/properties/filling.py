"""Fill in a form as somebody might: mostly as is meant, sometimes not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import strategies as st

from lasrutin.forms import SignatureField, UnitNumberInput
from locks.models import Address, Unit
from orders.forms import StepForm
from orders.forms.outlays import AmountField
from tests.factories import pdf, png_url

Draw = Callable[[st.SearchStrategy[Any]], Any]
SCAN = pdf().read()
# An address is filled in whole, so that it is one that exists.
_ADDRESS = ("street", "street_number", "postcode", "town", "apartment")


def answers(form: StepForm, draw: Draw) -> dict[str, Any]:
    """What is posted for a form; a key of its own, so that no posting is taken for a resend."""
    posted: dict[str, Any] = {}
    for name, field in form.fields.items():
        if set(_ADDRESS) <= form.fields.keys() and name in _ADDRESS:
            continue
        answer = _answer(form, name, field, draw)
        if answer is not None:
            posted[f"{name}_drawn" if isinstance(field, SignatureField) else name] = answer
    if set(_ADDRESS) <= form.fields.keys():
        where = draw(st.sampled_from(list(Address.objects.order_by("pk"))))
        posted |= {name: getattr(where, name) for name in _ADDRESS}
    return posted


def _answer(form: StepForm, name: str, field: forms.Field, draw: Draw) -> Any:
    if not field.required and not isinstance(field, (forms.BooleanField, forms.FileField)) and draw(_left_out(field)):
        return None
    for kind, fill in _FILLED.items():
        if isinstance(field, kind):
            return fill(form, name, field, draw)
    if isinstance(field.widget, UnitNumberInput):
        return draw(st.sampled_from(_numbers(form)))
    return draw(st.sampled_from(["Ja", "Något att veta", "0701740610"]))


def _left_out(field: forms.Field) -> st.SearchStrategy[bool]:
    """Whether what is not asked for strictly is left out: numbers most often, since they are corrections."""
    return st.sampled_from([True, True, True, False] if isinstance(field, forms.IntegerField) else [True, False])


def _numbers(form: StepForm) -> list[str]:
    """What somebody may read off a unit: the order's, those at the doors, those in the store, a misread one."""
    order = form.order
    doors = [place for place in (order.address, order.new_address, order.entrance, order.old_entrance) if place]
    sitting = [here.unit.serial for place in doors for here in place.installations.filter(until__isnull=True)]
    own = [order.unit.serial] if order.unit is not None else []
    stock = Unit.objects.in_stock().order_by("pk")
    store = [unit.serial for kind in Unit.Kind for unit in stock.filter(kind=kind)[:1]]
    return [*own, *own, *sitting, *store, "LE999999"]


def _one(_form: StepForm, name: str, field: Any, draw: Draw) -> Any:
    values = [value for value, _label in field.choices if value not in ("", None)]
    values = [getattr(value, "value", value) for value in values]
    return draw(st.sampled_from(values)) if values else None


def _several(form: StepForm, name: str, field: Any, draw: Draw) -> Any:
    values = [getattr(value, "value", value) for value, _label in field.choices]
    few = st.lists(st.sampled_from(values), unique=True) if values else st.just([])
    return draw(st.one_of(st.just(values), st.just(values), few))


def _moment(_form: StepForm, name: str, _field: Any, draw: Draw) -> str:
    hours = [24, 25, 48, 72] if name in ("first", "second", "third", "time") else [-1, 0, 0, -48]
    moment = timezone.localtime() + timedelta(hours=draw(st.sampled_from([*hours, *hours, -300, 300])))
    return f"{moment:%Y-%m-%dT%H:%M}"


def _day(_form: StepForm, _name: str, _field: Any, draw: Draw) -> str:
    return (timezone.localdate() + timedelta(days=draw(st.sampled_from([0, 0, 0, 0, 1, 5, -1, -5, 40])))).isoformat()


def _file(_form: StepForm, _name: str, _field: Any, draw: Draw) -> Any:
    return SimpleUploadedFile("papper.pdf", SCAN if draw(st.booleans()) else b"ingen fil", "application/pdf")


# By the kind of field, the special ones first.
_FILLED: dict[type[forms.Field], Callable[[StepForm, str, Any, Draw], Any]] = {
    SignatureField: lambda _form, _name, _field, draw: png_url(),
    AmountField: lambda _form, _name, _field, draw: draw(
        st.sampled_from(["1 850,50", "100", "0.5 kr", "-3", "mycket"])
    ),
    forms.ModelMultipleChoiceField: _several,
    forms.MultipleChoiceField: _several,
    forms.ChoiceField: _one,
    forms.BooleanField: lambda _form, _name, _field, draw: draw(st.sampled_from(["on", "on", None])),
    forms.IntegerField: lambda _form, _name, _field, draw: str(draw(st.sampled_from([1, 1, 1, 2, 0]))),
    forms.DateTimeField: _moment,
    forms.DateField: _day,
    forms.FileField: _file,
}

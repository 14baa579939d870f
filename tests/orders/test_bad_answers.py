"""Whatever a step asks for: a text that is too long and a file that is none get a word at their field, in every routine."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from lasrutin.forms import SignatureField
from orders.forms import form_class
from orders.models import Order
from tests.orders.states import ROUTINES, orders_in_every_state

pytestmark = pytest.mark.django_db
LONG = "Å" * 20_000
TOO_LONG, NO_PICTURE = "data:image/png;base64," + "A" * 4_000_000, "data:image/png;base64,aW5nZW4gYmlsZA=="


def person_for(step, town):
    return next((user for user in town.people.values() if step.role in user.acts_as), town["assessor"])


def posted(form, drawn):
    """Too much in every text, and in every file something that is no file of its kind."""
    data, files = {}, {}
    for name, field in form.fields.items():
        if isinstance(field, SignatureField):
            data[f"{name}_drawn"] = drawn
        elif isinstance(field, forms.FileField):
            files[name] = SimpleUploadedFile("papper.pdf", b"ingen fil", "application/pdf")
        elif isinstance(field, forms.CharField):
            data[name] = LONG
    return data, files


@pytest.mark.parametrize("drawn", [NO_PICTURE, TOO_LONG], ids=["no picture", "too large"])
@pytest.mark.parametrize("routine", ROUTINES)
def test_each_field_says_what_is_wrong_with_it(town, place, routine, drawn):
    orders = {order.state: order for order in orders_in_every_state(routine, town, place)}
    silent = {}
    for step in Order.registry[routine].steps():
        if step.form is None:
            continue
        order = orders.get(step.sources[0], Order.registry[routine](routine=routine, client=place["client"]))
        kind, user = form_class(step), person_for(step, town)
        data, files = posted(kind(order=order, user=user), drawn)
        form = kind(data, files, order=order, user=user)
        form.is_valid()
        wrong = {name.removesuffix("_drawn") for name in [*data, *files]}
        if missed := wrong - form.errors.keys():
            silent[step.name] = missed
        assert not any(LONG in error for errors in form.errors.values() for error in errors)
    assert silent == {}

"""How forms look, and what the signature field lets through."""

import base64
import io

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from PIL import Image, ImageDraw

from lasrutin.forms import SignatureField, TileRadioSelect, UnitNumberInput
from lasrutin.gallery import ExampleForm


class Signed(forms.Form):
    signature = SignatureField(label="Underskrift")


def drawn(content: bytes, kind: str = "image/png") -> dict[str, str]:
    return {"signature_drawn": f"data:{kind};base64,{base64.b64encode(content).decode()}"}


def picture(kind: str = "PNG") -> bytes:
    image = Image.new("RGB", (40, 20), "white")
    ImageDraw.Draw(image).line((2, 2, 30, 15), fill="black")
    image.save(content := io.BytesIO(), kind)
    return content.getvalue()


def test_what_is_wrong_is_told_beside_the_field_and_tied_to_it():
    html = ExampleForm({"name": ""})["name"].as_field_group()

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'class="govuk-visually-hidden">Fel: </span>' in html


def test_only_what_may_be_left_out_is_marked():
    html = str(ExampleForm())

    assert html.count("(frivilligt)") == 2


def test_radios_and_checkboxes_are_named_by_their_question():
    html = ExampleForm()["gate"].as_field_group()

    assert '<legend class="govuk-fieldset__legend">Finns det en port?</legend>' in html
    assert html.count('class="lr-tile__input"') == 3


def test_a_widgets_own_class_and_attributes_are_kept():
    class Form(forms.Form):
        unit = forms.CharField(widget=UnitNumberInput(attrs={"maxlength": 12}))
        gate = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect(attrs={"data-tiles": True}))
        same = forms.ChoiceField(choices=[("a", "A")], widget=TileRadioSelect())

    form = Form()

    assert 'class="govuk-input lr-input-number" data-scan' in str(form["unit"])
    assert str(form["gate"]).replace("gate", "same") == str(form["same"])


def test_what_was_drawn_becomes_a_checked_picture():
    form = Signed(drawn(picture()))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["signature"].read() == picture()


def test_a_scan_will_do_instead():
    form = Signed({"signature_drawn": ""}, {"signature": SimpleUploadedFile("scan.jpg", picture("JPEG"))})

    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"signature_drawn": ""},
        drawn(b"no picture"),
        drawn(picture(), "text/html"),
        {"signature_drawn": "data:image/png;base64,%%"},
    ],
    ids=["nothing", "empty", "not a picture", "another kind", "not base64"],
)
def test_what_is_no_signature_is_refused(posted):
    assert list(Signed(posted).errors) == ["signature"]


def test_what_was_drawn_is_still_there_after_an_error_elsewhere():
    posted = drawn(picture())

    shown = str(Signed(posted)["signature"])
    assert f'value="{posted["signature_drawn"]}"' in shown
    assert ("Underskriften är ritad.</span>" in shown, "Skriv med finger" in shown) == (True, False)
    assert "Skriv med finger, penna eller mus.</span>" in str(Signed()["signature"])


def test_the_links_above_the_form_are_the_messages_themselves():
    class Asked(forms.Form):
        name = forms.CharField(label="Namn")
        day = forms.DateField(label="Dag", error_messages={"required": "Skriv den dag nyckeln lämnades."})

    html = render_to_string("components/error_summary.html", {"form": Asked({})})

    assert '<a href="#id_name">Fyll i det här: Namn</a>' in html
    assert '<a href="#id_day">Skriv den dag nyckeln lämnades.</a>' in html


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0", "Skriv ett tal som är minst 1."),
        ("10", "Skriv ett tal som är högst 9."),
        ("en", "Skriv ett helt tal."),
        ("", "Fyll i det här."),
    ],
)
def test_a_number_that_cannot_be_is_told_in_plain_words(typed, told):
    class Counted(forms.Form):
        door = forms.IntegerField(min_value=1, max_value=9)

    assert Counted({"door": typed}).errors == {"door": [told]}

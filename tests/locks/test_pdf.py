import re
import zlib

import pytest
from django.core.files.base import ContentFile

from locks.models import KeyItem
from locks.pdf import _words, key_receipt_pdf
from orders.forms.keys import SignReceipt
from orders.forms.services import ReceiveKeys
from tests.factories import ClientFactory, KeyReceiptFactory
from tests.papers import needs_pdftotext, pdf, text_of

pytestmark = pytest.mark.django_db


def inside(document):
    """The document's objects, unpacked."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    unpacked = []
    for stream in streams:
        try:
            unpacked.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return document + b"".join(unpacked)


@pytest.fixture
def receipt():
    client = ClientFactory(given_name="Åsa", family_name="Påhittsson", address__apartment="1102")
    made = KeyReceiptFactory(client=client, keys=2, provider__name="Hemvård Norr", order_number="2026-00042")
    KeyItem.objects.create(receipt=made, kind=KeyItem.Kind.TAG, count=1, marking="blå")
    return made


def test_a_receipt_is_a_tagged_pdf(receipt):
    document = key_receipt_pdf(receipt)
    assert document.startswith(b"%PDF-")
    content = inside(document)
    assert b"/MarkInfo" in content
    assert b"pdfuaid" in content
    assert b"/Lang" in content
    assert b"Mottagarens underskrift" in content or b"/Alt" in content
    assert len(document) < 100_000


def test_the_form_the_paper_and_the_description_of_the_picture_say_that_the_receiver_signed(receipt):
    said = _words(receipt)
    labels = [str(form.base_fields["signature"].label) for form in (SignReceipt, ReceiveKeys)]
    assert labels == [said["signed"]] * 2 == ["Mottagarens underskrift"] * 2
    assert said["signature_alt"] == f"Mottagarens underskrift: {receipt.received_by}"


@needs_pdftotext
def test_a_receipt_says_what_was_handed_out_twice(receipt):
    text = text_of(key_receipt_pdf(receipt))
    for once_per_copy in (
        "Åsa Påhittsson",
        receipt.address.street_line,
        "Lägenhetsnyckel",
        "Tagg",
        "blå",
        "Återlämnat till",
    ):
        assert text.count(once_per_copy) == 2, once_per_copy
    assert [text.count(copy) for copy in ("Brukarens exemplar", "Utförarens exemplar")] == [1, 1]
    assert text.count("\f") == 2
    assert "1102" not in text
    assert receipt.client.identity_number[-4:] not in text


@needs_pdftotext
def test_a_returned_key_needs_no_lines():
    receipt = KeyReceiptFactory(returned=True)
    text = text_of(key_receipt_pdf(receipt))
    assert text.count("Återlämnad") == 2
    assert "Återlämnat till" not in text


@needs_pdftotext
def test_a_scanned_receipt_says_so():
    text = text_of(key_receipt_pdf(KeyReceiptFactory(signature="", scan=pdf())))
    assert text.count("Undertecknad på papper") == 2


@needs_pdftotext
@pytest.mark.parametrize("name", ["#panic()", '"] + #', "$ x $", "<b>_*`", "\\u{41}", "{{ x }}", "😀 אבג"])
def test_a_name_is_only_a_name(name):
    receipt = KeyReceiptFactory(client__given_name=name)
    document = key_receipt_pdf(receipt)
    assert name.split()[0][0] in text_of(document) or not name.isascii()


@needs_pdftotext
def test_a_broken_picture_is_left_out_and_the_paper_says_so(receipt, caplog):
    receipt.signature.save("signature.png", ContentFile(b"\x89PNG broken"))
    caplog.set_level("ERROR", logger="locks.pdf")

    assert text_of(key_receipt_pdf(receipt)).count("Bilden av underskriften går inte att läsa.") == 2
    assert [record.getMessage() for record in caplog.records] == [
        f"The signature of a receipt cannot be read: {receipt.public_id}"
    ]


def test_letters_that_the_fonts_lack_are_noted_without_telling_whose_they_are(caplog):
    receipt = KeyReceiptFactory(client__given_name="😀")

    with caplog.at_level("WARNING", logger="locks.pdf"):
        document = key_receipt_pdf(receipt)

    assert (document.startswith(b"%PDF-"), b"pdfuaid" in inside(document)) == (True, False)
    assert [record.getMessage() for record in caplog.records] == ["A paper made of key_receipt.typ could not be PDF/UA"]

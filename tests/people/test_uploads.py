"""Files that people send: what they are, not what they are called."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lasrutin.uploads import random_name, read_document, read_signature
from tests.papers import pdf, png, png_url


def send(data, name="fil.pdf"):
    return SimpleUploadedFile(name, data)


def jpeg():
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(file, "JPEG")
    return file.getvalue()


def picture(form):
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(file, form)
    return file.getvalue()


def bomb(width=60_000, height=60_000):
    """A few hundred bytes that say they are 3.6 thousand million pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def around_in_circles():
    """A document whose pages hold each other, and its table says where they are."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 900000000>>"]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%sendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 3\n0000000000 65535 f \n" + rows + b"trailer<</Root 1 0 R/Size 3>>\n"
    return data + table + b"startxref\n%d\n%%%%EOF\n" % len(data)


@pytest.mark.parametrize("password", ["", "hemligt"])
def test_a_paper_under_lock_and_key_is_said_to_be_that(password):
    with pytest.raises(ValidationError) as refusal:
        read_document(send(pdf(password=password).read()))
    assert refusal.value.messages == [
        "Filen är låst med lösenord. Spara den utan lösenord, eller skicka ett foto av papperet."
    ]


def test_what_is_read_of_a_paper_is_not_logged(caplog, capfd):
    with pytest.raises(ValidationError):
        read_document(send(b"%PDF-1.7\nAnna Exempel %%EOF"))
    assert (caplog.text, capfd.readouterr().err) == ("", "")


@pytest.mark.parametrize(
    ("data", "name"),
    [(pdf().read(), "document.pdf"), (png(), "document.png"), (jpeg(), "document.jpg")],
    ids=["pdf", "png", "jpeg"],
)
def test_papers_are_read(data, name):
    assert read_document(send(data, "Kvittens Anna.exe")).name == name
    assert read_document(send(data)).read() == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hej",
        b"%PDF-1.7 but it never ends",
        b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n",
        b"%PDF-<script>alert(1)</script>%%EOF",
        b"%PDF-<script>alert(1)</script>\n" + pdf().read(),
        pdf(pages=0).read(),
        pdf().read()[:-60] + b"%%EOF",
        around_in_circles(),
        b"%%EOF",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        png()[:-20],
        png()[:60],
        b"\x89PNG\r\n\x1a\n",
        jpeg()[:100],
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture("WEBP"),
        bomb(),
        bomb(7000, 7000),
    ],
)
def test_what_is_no_paper(data):
    with pytest.raises(ValidationError) as refusal:
        read_document(send(data))
    assert refusal.value.messages == [
        "Filen går inte att läsa. Skicka en PDF, PNG eller JPEG, till exempel ett foto av papperet."
    ]


def test_a_paper_that_is_too_large(settings):
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(ValidationError) as refusal:
        read_document(send(png()))
    assert refusal.value.messages == ["Filen är för stor. Den får vara högst 5 MB."]


def test_a_drawn_signature_is_a_picture():
    assert read_signature(png_url()).read() == png()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "data:image/png;base64,",
        "data:image/png;base64,!!!!",
        "data:image/jpeg;base64,AAAA",
        "data:text/html;base64,PHNjcmlwdD4=",
        "http://example.se/x.png",
        png_url(png()[:-20]),
        png_url(jpeg()),
        png_url(bomb()),
        png_url(b"%PDF-1.7 %%EOF"),
        png_url().replace("base64,", "base64,\x00"),
        "data:image/png;base64,åäö",
    ],
)
def test_what_is_no_signature(text):
    with pytest.raises(ValidationError) as refusal:
        read_signature(text)
    assert refusal.value.messages == ["Underskriften kom inte fram. Skriv under igen."]


def test_an_empty_pad_is_not_signed():
    with pytest.raises(ValidationError) as refusal:
        read_signature(png_url(png(stroke=False)))
    assert refusal.value.messages == ["Underskriften är tom. Skriv under i rutan."]


def test_a_signature_that_is_too_large(settings):
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(ValidationError):
        read_signature(png_url())


@pytest.mark.parametrize("sent", ["anna.pdf", "../../etc/passwd.pdf", "a.PDF", "x" * 300 + ".pdf"])
def test_stored_names_tell_nothing(sent):
    folder, name = random_name(None, sent).split("/")
    assert (len(folder), name[:2], len(name), name[-4:]) == (2, folder, 16, ".pdf")


def test_an_ending_is_short():
    assert len(random_name(None, "x.sh;rm -rf")) < 22

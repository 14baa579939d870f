"""What is drawn, scanned or sent: pictures and documents that pass their checks. And what a document says."""

import base64
import io
import os
import shutil
import subprocess

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from pypdf import PdfWriter

from lasrutin.uploads import DRAWN

# `make test` installs it where it may. In CI a machine without it fails: what was not read was not tested.
needs_pdftotext = pytest.mark.skipif(
    not shutil.which("pdftotext") and os.environ.get("CI") != "true", reason="needs pdftotext (poppler-utils)"
)


def text_of(document: bytes) -> str:
    """The words of a PDF as it is read, a form feed after each page."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=document, capture_output=True, check=True)
    return read.stdout.decode()


def png(width: int = 300, height: int = 100, *, stroke: bool = True) -> bytes:
    """Return a picture as the signature pad draws it."""
    image = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    if stroke:
        ImageDraw.Draw(image).line([(5, 5), (width - 5, height - 5)], fill="black", width=3)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def png_url(data: bytes | None = None) -> str:
    """Return a picture as the signature pad posts it."""
    return "data:image/png;base64," + base64.b64encode(png() if data is None else data).decode()


def signature() -> ContentFile:
    """Return a drawn signature that has passed the check."""
    return ContentFile(png(), name=DRAWN)


def pdf(*, pages: int = 1, password: str | None = None) -> ContentFile:
    """Return a document with empty pages, locked where there is a password."""
    document, file = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        document.add_blank_page(595, 842)
    if password is not None:
        document.encrypt(password, owner_password="ägaren")
    document.write(file)
    return ContentFile(file.getvalue(), name="document.pdf")

"""Files that people send: is it what it says, is it small enough, and a name that tells nothing."""

import base64
import binascii
import io
import re
import warnings
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader

from lasrutin.ids import new_public_id

# The name of a signature that was drawn on the screen, until it is stored.
DRAWN = "signature.png"
_IMAGE_KINDS = {"PNG": ".png", "JPEG": ".jpg"}
# A decoded picture above this many pixels is refused before it can fill the memory.
_MAX_PIXELS = 40_000_000
_PDF = re.compile(rb"%PDF-[12]\.[0-9]\s")


def random_name(_instance: object, filename: str) -> str:
    """Return a stored file's name: random, with the checked ending; never the name the sender gave it."""
    name = new_public_id()
    return f"{name[:2]}/{name}{PurePath(filename).suffix.lower()[:5]}"


def _image_kind(data: bytes) -> str | None:
    try:
        with _open(data) as image:
            if image.width * image.height > _MAX_PIXELS:
                return None
            kind = _IMAGE_KINDS[str(image.format)]
            image.verify()  # to its very end; a picture that was verified cannot be loaded
        with _open(data) as image:
            image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return kind


def _open(data: bytes) -> Image.Image:
    with warnings.catch_warnings():  # a warning about its size is answered by our own limit
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=list(_IMAGE_KINDS))


def read_document(upload: "File[bytes]") -> "ContentFile[bytes]":
    """Return an uploaded scan (PDF, PNG or JPEG) under a safe name.

    Raises:
        ValidationError: in Swedish, when it is too large, locked with a password, or not what it says.
    """
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(_("Filen är för stor. Den får vara högst 5 MB."), code="size")
    data = upload.read()
    ending = _pdf_kind(data) if data.startswith(b"%PDF-") else _image_kind(data)
    if ending is None:
        raise ValidationError(
            _("Filen går inte att läsa. Skicka en PDF, PNG eller JPEG, till exempel ett foto av papperet."), code="kind"
        )
    return ContentFile(data, name=f"document{ending}")


def _pdf_kind(data: bytes) -> str | None:
    """Read what it is made of, as far as that it has pages."""
    if not _PDF.match(data):
        return None
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted
        pages = 0 if locked else len(reader.pages)
    except Exception:  # noqa: BLE001  # what is broken can break the reader anywhere
        return None
    if locked:
        raise ValidationError(
            _("Filen är låst med lösenord. Spara den utan lösenord, eller skicka ett foto av papperet."), code="locked"
        )
    return ".pdf" if pages else None


def read_signature(data_url: str) -> "ContentFile[bytes]":
    """Return a drawn signature as a PNG file.

    Raises:
        ValidationError: in Swedish, when it is no PNG picture, is too large or has no stroke in it.
    """
    unreadable = ValidationError(_("Underskriften kom inte fram. Skriv under igen."), code="signature")
    head, _comma, body = data_url.partition(",")
    if head != "data:image/png;base64" or len(body) > settings.UPLOAD_MAX_BYTES:
        raise unreadable
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise unreadable from error
    if _image_kind(data) != ".png":
        raise unreadable
    if _is_blank(data):
        raise ValidationError(_("Underskriften är tom. Skriv under i rutan."), code="signature")
    return ContentFile(data, name=DRAWN)


def _is_blank(png: bytes) -> bool:
    with Image.open(io.BytesIO(png)) as image:
        extrema = image.convert("RGBA").getextrema()
    return all(low == high for low, high in extrema)  # type: ignore[misc]  # RGBA always gives pairs

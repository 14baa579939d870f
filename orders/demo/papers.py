"""What people sign and send: a signature as the pad draws it, and a property owner's yes on paper."""

import io
from functools import cache
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from lasrutin.uploads import DRAWN

_WIDTH, _HEIGHT, _HANDS = 400, 130, 8


def signature(number: int) -> "ContentFile[bytes]":
    """A scribble, as drawn on a tablet; there are eight hands."""
    return ContentFile(_scribble(number % _HANDS), name=DRAWN)


@cache
def _scribble(number: int) -> bytes:
    hand = Random(number)  # noqa: S311 - the same picture every time is the point
    image = Image.new("RGBA", (_WIDTH, _HEIGHT), (255, 255, 255, 0))
    points, across = [], 30
    while across < _WIDTH - 40:
        points += [(across, hand.randint(25, 60)), (across + hand.randint(4, 16), hand.randint(70, 110))]
        across += hand.randint(16, 40)
    ImageDraw.Draw(image).line(points, fill="black", width=3, joint="curve")
    return _written(image, "PNG")


def consent(owner: str, place: str) -> "ContentFile[bytes]":
    """A property owner's yes."""
    return page(owner, "Godkännande", f"Kommunen får montera en portenhet vid {place}.")


def page(sender: str, heading: str, text: str) -> "ContentFile[bytes]":
    """One page of paper, as somebody has scanned it."""
    image = Image.new("1", (1240, 1754), 1)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate((sender, "", heading, text, "", "Påhittat dokument i en demo.")):
        draw.text((140, 200 + number * 60), line, fill=0, font_size=34)
    return ContentFile(_written(image, "PDF"), name="document.pdf")


def _written(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()

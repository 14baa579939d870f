"""Invented names and numbers. Nobody is called this, and the numbers are those set aside for tests and fiction."""

from collections.abc import Iterator
from datetime import date, timedelta

_BEGINNINGS = (
    "Exempel", "Påhitts", "Prov", "Låtsas", "Fantasi", "Mönster", "Modell", "Skiss",
    "Utkasts", "Sago", "Fabel", "Kuliss", "Dikt", "Attrapp", "Hitte", "Figur",
)  # fmt: skip
_ENDINGS = ("berg", "ström", "lund", "gren", "kvist", "sten", "man", "dal", "fors", "hagen")
_GIVEN = (
    "Astrid", "Bertil", "Cecilia", "Edvin", "Frida", "Gösta", "Hilma", "Ivar", "Julia", "Knut", "Linnea", "Malte",
    "Nanna", "Oskar", "Olga", "Ragnar", "Signe", "Tage", "Ulla", "Valdemar", "Wilma", "Yngve", "Åsa", "Östen", "Asta",
    "Birger", "Dagny", "Einar", "Greta", "Harald", "Ingrid", "Jarl", "Kerstin", "Lennart", "Märta", "Nils", "Barbro",
    "Holger", "Elsa", "Torsten", "Tyra", "Sven",
)  # fmt: skip
_SHARED_STREETS = ("Exempelgatan", "Fabelgatan", "Fantasitorget", "Kulissgatan", "Mönsterallén", "Provbacken")
_VILLA_STREETS = ("Låtsasvägen", "Påhittsgränd", "Sagostigen", "Utkastvägen")
POSTCODES = ("999 10", "999 20", "999 30")
TOWN = "Exempelby"
# Two of the clients have the names that every example has.
_FIRST = (("Exempla", "Exempelsson"), ("Påhitta", "Påhittsdotter"))


def people() -> Iterator[tuple[str, str]]:
    """Given and family names of clients: a hundred and sixty, no family name twice."""
    yield from _FIRST
    pairs = [(first, last) for turn in range(len(_ENDINGS)) for first, last in _turned(turn)]
    for number, (first, last) in enumerate(pairs):
        yield _GIVEN[number * 5 % len(_GIVEN)], first + last


def _turned(turn: int) -> list[tuple[str, str]]:
    return [(first, _ENDINGS[(number + turn) % len(_ENDINGS)]) for number, first in enumerate(_BEGINNINGS)]


def identity_number(number: int) -> str:
    """One of the Tax Agency's test numbers (birth numbers from 980 on), of people between 70 and 100."""
    born = date(1927, 1, 14) + timedelta(days=number * 137 % 10_600)
    digits = f"{born:%y%m%d}98{number % 10}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    check = -sum(value - 9 if value > 9 else value for value in doubled) % 10  # noqa: PLR2004 - the sum of its digits
    return f"{born:%Y%m%d}98{number % 10}{check}"


def mobile(number: int) -> str:
    """A number of the series that the Post and Telecom Authority keeps for fiction: 070-174 06 05 to 99."""
    return f"070-174 06 {5 + number % 95:02d}"


def landline(number: int) -> str:
    """The same for Stockholm: 08-465 004 00 to 99."""
    return f"08-465 004 {number % 100:02d}"


def villas() -> Iterator[tuple[str, str, str]]:
    """Street, number and postcode of houses for one household."""
    for number in range(1, 100):
        for place, street in enumerate(_VILLA_STREETS):
            yield street, str(number * 2 + place % 2), POSTCODES[place % len(POSTCODES)]


def shared_houses() -> Iterator[tuple[str, str, str]]:
    """Street, number and postcode of houses with an entrance."""
    for number in range(1, 100):
        for place, street in enumerate(_SHARED_STREETS):
            yield street, str(number * 3 - place % 2), POSTCODES[place % len(POSTCODES)]


def apartments() -> Iterator[str]:
    """Apartment numbers of one house, floor by floor: 1001, 1002, 1003, 1101 and so on."""
    for floor in range(10, 18):
        for door in (1, 2, 3):
            yield f"{floor}{door:02d}"

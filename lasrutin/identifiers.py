"""Swedish identifiers: read what people write, keep one form, refuse what cannot be right.

`personnummer` and `python-stdnum` do the arithmetic. Around them stands what they leave open: stdnum refuses
coordination numbers and its organisation numbers accept personal ones; personnummer takes a trailing newline.
"""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from personnummer.personnummer import Personnummer, PersonnummerException
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.se import orgnr, postnummer


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A personal identity number or a coordination number, twelve digits. Never printed by accident."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> "IdentityNumber":
        """Read any usual spelling: ten or twelve digits, with or without `-`, `+` or spaces.

        Raises:
            ValidationError: in Swedish, when it is no identity number or its date is in the future.
        """
        wrong = ValidationError(
            _("Personnumret stämmer inte. Skriv tolv siffror, till exempel 20121212-1212."), code="identity"
        )
        squeezed = re.sub(r"\s", "", text)
        if not squeezed.isascii():  # \d and int() would take the digits of any script
            raise wrong
        try:
            number = Personnummer(squeezed)
        except (PersonnummerException, ValueError) as error:
            raise wrong from error
        if number.get_date() > timezone.localdate():
            raise wrong
        return cls(number.format(long_format=True))

    def __repr__(self) -> str:
        return "IdentityNumber(…)"

    def __str__(self) -> str:
        return "[id]"

    @property
    def spelled(self) -> str:
        """For the screen of those who may see it: `20121212-1212`."""
        return f"{self.digits[:8]}-{self.digits[8:]}"


def validate_identity_number(text: str) -> None:
    """Refuse what is neither a personal identity number nor a coordination number."""
    IdentityNumber.parse(text)


def validate_organisation_number(text: str) -> None:
    """Refuse what is no organisation number; a personal identity number is none (its third digit is 0 or 1)."""
    try:
        digits = orgnr.validate(text.strip())
    except StdnumError as error:
        raise ValidationError(
            _("Organisationsnumret stämmer inte. Skriv tio siffror, till exempel 556677-8899."), code="organisation"
        ) from error
    if digits[2] in "01":
        raise ValidationError(
            _("Det där ser ut som ett personnummer. Skriv ett organisationsnummer."), code="organisation"
        )


def validate_apartment_number(text: str) -> None:
    """Refuse an apartment number that is not four digits, floor first (`1102`)."""
    if not re.fullmatch(r"(?:0[89]|[1-9]\d)\d{2}", text, re.ASCII):
        raise ValidationError(
            _("Lägenhetsnumret har fyra siffror, till exempel 1102. Föreningens eget nummer har ett eget fält."),
            code="apartment",
        )


def tidy_postcode(text: str) -> str:
    """Return a postcode as `144 30`.

    Raises:
        ValidationError: in Swedish, when it is no Swedish postcode.
    """
    try:
        return postnummer.format(postnummer.validate(text.strip()))
    except StdnumError as error:
        raise ValidationError(
            _("Postnumret stämmer inte. Skriv fem siffror, till exempel 144 30."), code="postcode"
        ) from error


def validate_postcode(text: str) -> None:
    """Refuse what is no Swedish postcode."""
    tidy_postcode(text)


def tidy_serial(text: str) -> str:
    """Return a unit's number as it is kept: capitals and digits, no spaces (`LE104512`).

    Raises:
        ValidationError: in Swedish, when it holds anything but letters and digits.
    """
    serial = re.sub(r"[\s\-]", "", text)
    if not re.fullmatch(r"[A-Za-z]{2}[0-9]{6}", serial):
        raise ValidationError(
            _("Enhetens nummer har två bokstäver och sex siffror, till exempel LE 1045 12."), code="serial"
        )
    return serial.upper()


def validate_serial(text: str) -> None:
    """Refuse what is no unit number."""
    tidy_serial(text)


def spell_serial(serial: str) -> str:
    """Return a unit's number as it is read aloud: `LE 1045 12`."""
    return f"{serial[:2]} {serial[2:6]} {serial[6:]}"

"""No personal data in e-mail (0.6): the last look at a mail before it enters the outbox.

The typed context has no field for personal data; this is for what can slip in through the fields it has: a name in the
street, a client's number as the contact's. A refused mail refuses its step, so harmless mail must pass: what the
context may carry is masked before single words are looked for, and a client may be called Maj or Dag.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lasrutin.ids import IN_PATH
from locks.models import Client
from notifications.context import MailContext
from notifications.patterns import (
    ADDRESS,
    APARTMENT,
    CARE_WORD,
    NOT_IN_A_STREET,
    PHONE,
    STREET,
    any_identity_number,
    birthday_and_number,
    full_name,
    name_beside_street,
    name_words,
    own_phone,
    single_names,
)
from notifications.spelling import plain, readings, squeezed, value_pattern


class Kind(models.TextChoices):
    """What was found. The label goes into the error; the value never does."""

    IDENTITY = "identity", gettext_lazy("ett personnummer")
    NAME = "name", gettext_lazy("namnet på en brukare")
    PHONE = "phone", gettext_lazy("ett telefonnummer som inte är utförarens eller fastighetsägarens")
    CARE = "care", gettext_lazy("ett ord om insatser, nycklar eller hälsa")
    APARTMENT = "apartment", gettext_lazy("en lägenhet eller våning")
    ADDRESS_FORM = "address_form", gettext_lazy("en adress med mer än gata och nummer")
    ADDRESS = "address", gettext_lazy("en adress, trots skyddade uppgifter")


class PersonalDataFound(ValidationError):
    """A mail carries something of a person who receives care. Says what kind, never the value."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = tuple(kinds)
        super().__init__(
            _(
                "Mejlet skickas inte, för det innehåller %(found)s. Inget är ändrat."
                " Titta i adressen och i kontaktuppgifterna, rätta där och gör om steget."
            ),
            code="personal_data",
            params={"found": _(" och ").join(str(kind.label) for kind in self.kinds)},
        )


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class PersonalData:
    """What a mail must not carry of one person. Never printed by accident."""

    given_name: str = ""
    family_name: str = ""
    identity_number: str = ""
    phones: tuple[str, ...] = ()
    apartment: str = ""
    streets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "PersonalData(…)"

    @classmethod
    def of(cls, client: Client) -> "PersonalData":
        """Everything the register knows of a client that a mail could carry."""
        address = client.address
        entrance = address.entrance
        return cls(
            given_name=client.given_name,
            family_name=client.family_name,
            identity_number=client.identity_number,
            phones=(client.phone,) if client.phone else (),
            apartment=address.apartment,
            streets=(address.street_line, entrance.street_line) if entrance else (address.street_line,),
        )


def refuse_personal_data(
    text_parts: Iterable[str], *, allowed: MailContext, people: Iterable[PersonalData], protected: bool
) -> None:
    """Refuse a mail that carries anything of a person who receives care.

    Raises:
        PersonalDataFound: in Swedish, with the kinds of what was found.
    """
    persons = [_Person(person) for person in people]
    found = set(_in_addresses(allowed, persons))
    masks = _Masks(allowed, protected=protected)
    for part in text_parts:
        for reading in readings(part):
            found.update(_in_reading(reading, masks, persons, protected=protected))
    if found:
        raise PersonalDataFound(kind for kind in Kind if kind in found)


def _in_addresses(allowed: MailContext, persons: "list[_Person]") -> Iterator[Kind]:
    """An address is a street and a number, and nothing before, between or after; least of all a name."""
    for address in _addresses(allowed):
        text = plain(address)
        if NOT_IN_A_STREET.search(text) or not ADDRESS.fullmatch(text):
            yield Kind.ADDRESS_FORM
        if any(person.beside_street.search(text) for person in persons):
            yield Kind.NAME


def _in_reading(reading: str, masks: "_Masks", persons: "list[_Person]", *, protected: bool) -> Iterator[Kind]:
    rest = masks.all.sub(" ¤ ", reading)
    if any_identity_number(masks.numbers.sub(" ¤ ", reading)):
        yield Kind.IDENTITY
    if PHONE.search(rest):
        yield Kind.PHONE
    if CARE_WORD.search(rest):
        yield Kind.CARE
    if APARTMENT.search(rest):
        yield Kind.APARTMENT
    if protected and (STREET.search(rest) or any(person.lives_at(rest) for person in persons)):
        yield Kind.ADDRESS
    for person in persons:
        yield from person.found_in(reading, rest)


class _Masks:
    """Patterns for what a mail may carry: everything, and only its numbers."""

    def __init__(self, allowed: MailContext, *, protected: bool) -> None:
        phones = [allowed.provider_phone, allowed.owner_phone, allowed.new_owner_phone]
        numbers = [phone for phone in phones if PHONE.fullmatch(plain(phone))]
        numbers += [allowed.order_number, *allowed.unit_numbers, *(row.order_number for row in allowed.rows)]
        # Twelve random characters may well read "apt9" or "vag5".
        numbers += IN_PATH.findall(allowed.link)
        texts = [
            *phones,
            allowed.invoice_reference,
            allowed.provider_name,
            allowed.provider_contact,
            allowed.provider_email,
        ]
        texts += [allowed.invoice_address, *allowed.invoice_address.splitlines()]
        texts += [row.provider_name for row in allowed.rows]
        if not protected:
            texts += _addresses(allowed)
            texts += [allowed.owner_name, allowed.owner_contact, allowed.owner_email]
            texts += [allowed.new_owner_name, allowed.new_owner_contact, allowed.new_owner_email]
        self.numbers = _any_of(numbers)
        self.all = _any_of(numbers + texts)


def _any_of(values: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of these values, the longest first; one that never matches when there is none."""
    patterns = [value_pattern(value) for value in sorted(values, key=len, reverse=True)]
    return re.compile("|".join(filter(None, patterns)) or r"(?!)")


def _addresses(allowed: MailContext) -> list[str]:
    found = [allowed.address, allowed.new_address, *(row.address for row in allowed.rows)]
    return [address for address in found if address]


class _Person:
    """One person's data as patterns."""

    def __init__(self, data: PersonalData) -> None:
        self.identity = birthday_and_number(data.identity_number)
        self.phones = [own_phone(phone) for phone in data.phones]
        self.name = (data.given_name, data.family_name)
        self.name_words = name_words(data.given_name) | name_words(data.family_name)
        self.streets = _any_of(re.sub(r"\s\d.*", "", street) for street in data.streets)

    @cached_property
    def full_name(self) -> re.Pattern[str]:
        return full_name(*self.name)

    @cached_property
    def beside_street(self) -> re.Pattern[str]:
        return name_beside_street(*self.name)

    @cached_property
    def single_names(self) -> re.Pattern[str]:
        return single_names(*self.name)

    def found_in(self, reading: str, rest: str) -> Iterator[Kind]:
        """Full name and numbers are looked for everywhere, single names only outside what a mail may carry."""
        if self.identity.search(reading):
            yield Kind.IDENTITY
        if any(phone.search(reading) for phone in self.phones):
            yield Kind.PHONE
        if self.is_named_in(reading, rest):
            yield Kind.NAME

    def is_named_in(self, reading: str, rest: str) -> bool:
        """The quick look first: most mail holds the letters of no name at all, and a list is about many people."""
        letters = squeezed(reading)
        if not any(word in letters for word in self.name_words):
            return False
        return bool(self.full_name.search(reading) or self.single_names.search(rest))

    def lives_at(self, text: str) -> bool:
        """Whether the text names one of the person's streets."""
        return bool(self.streets.search(text))

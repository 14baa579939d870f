"""What the register can add to an address that is written in part."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from lasrutin.identifiers import tidy_postcode
from lasrutin.people.models import User
from locks.models import Address, Entrance
from locks.models.clients import hidden_addresses, hidden_entrances
from locks.models.places import tidy_street_number, tidy_words


def postcodes_at(street: str, number: str, *, town: str = "", by: User) -> set[str]:
    """The postcodes of a street's number, by the addresses and entrances that this person may know of."""
    wanted = {"street__iexact": tidy_words(street), "street_number__iexact": tidy_street_number(number)}
    if town:
        wanted["town__iexact"] = tidy_words(town)
    return {place for rows in _told_to(by) for place in rows.filter(**wanted).values_list("postcode", flat=True)}


def towns_of(postcode: str, *, by: User) -> set[str]:
    """The towns that have a postcode; in one spelling each."""
    rows = (rows.filter(postcode=tidy_postcode(postcode)) for rows in _told_to(by))
    found = {town for places in rows for town in places.values_list("town", flat=True)}
    return set({town.casefold(): town for town in sorted(found)}.values())


def _told_to(user: User) -> Iterable["QuerySet[Any]"]:
    yield Address.objects.exclude(pk__in=hidden_addresses(user))
    yield Entrance.objects.exclude(pk__in=hidden_entrances(user))

"""Which phone an order is about. A command carries no words of people's: the app that filed the order knows them."""

from collections.abc import Callable

# Given order numbers, returns the name that Phoniro Care has for the phone of each: the phone's name, no person's.
PhoneNames = Callable[[set[str]], dict[str, str]]
_sources: list[PhoneNames] = []


def register_phone_names(source: PhoneNames) -> PhoneNames:
    """Ask there for the names of lost phones. Called once, when an app starts."""
    if source not in _sources:
        _sources.append(source)
    return source


def phone_names(order_numbers: set[str]) -> dict[str, str]:
    """The names of the phones that these orders are about, as far as anybody knows them."""
    if not order_numbers:
        return {}
    return {number: name for source in _sources for number, name in source(order_numbers).items()}

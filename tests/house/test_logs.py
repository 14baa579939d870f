"""No identity number and no telephone reaches a log, whoever was careless."""

import logging

import pytest

from lasrutin.logs import NoPersonalData


def written(message, *args):
    record = logging.LogRecord("x", logging.INFO, __file__, 1, message, args, None)
    assert NoPersonalData().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    "number", ["20121212-1212", "201212121212", "121212-1212", "1212121212", "121212+1212", "20121212 1212"]
)
def test_identity_numbers_are_blanked(number):
    assert number not in written(f"order for {number} refused")
    assert number not in written("order for %s refused", number)


@pytest.mark.parametrize("number", ["070-123 45 67", "0701234567", "+46701234567", "+46 70 123 45 67", "08-555 01 00"])
def test_telephones_are_blanked(number):
    assert number not in written("call %s", number)


@pytest.mark.parametrize("text", ["order 2026-00042", "mail 123 sent", "LE104512", "took 12 ms", "at 2026-11-24T08:00"])
def test_what_is_no_personal_data_stays(text):
    assert written(text) == text


def test_every_handler_has_the_filter(settings):
    handlers = settings.LOGGING["handlers"].values()

    assert all("no_personal_data" in handler["filters"] for handler in handlers)

"""Identifiers as people write them. Numbers are test series, published examples or constructed from them."""

import contextlib

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lasrutin.identifiers import (
    IdentityNumber,
    spell_serial,
    tidy_postcode,
    tidy_serial,
    validate_apartment_number,
    validate_identity_number,
    validate_organisation_number,
    validate_postcode,
    validate_serial,
)
from tests.factories import identity_number


def check_digit(nine):
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def number(century, nine):
    return f"{century}{nine}{check_digit(nine)}"


TWELVE = number("19", "320101980")
CENTENARIAN = number("19", "120101981")
COORDINATION = number("19", "700161983")
LEAP_DAY = number("20", "000229980")


@pytest.mark.parametrize(
    "spelled",
    [
        TWELVE,
        f"{TWELVE[:8]}-{TWELVE[8:]}",
        f"{TWELVE[:8]} {TWELVE[8:]}",
        f" {TWELVE[:4]} {TWELVE[4:6]} {TWELVE[6:8]} - {TWELVE[8:]} ",
        TWELVE[2:],
        f"{TWELVE[2:8]}-{TWELVE[8:]}",
        f"{TWELVE[2:8]} {TWELVE[8:]}",
        f"{TWELVE}\n",
        f"{TWELVE[:8]}\u00a0{TWELVE[8:]}",
    ],
)
def test_one_number_in_many_spellings(spelled):
    assert IdentityNumber.parse(spelled).digits == TWELVE


@pytest.mark.parametrize(
    ("spelled", "digits"),
    [
        (f"{CENTENARIAN[2:8]}+{CENTENARIAN[8:]}", CENTENARIAN),
        (CENTENARIAN, CENTENARIAN),
        (COORDINATION, COORDINATION),
        (f"{COORDINATION[2:8]}-{COORDINATION[8:]}", COORDINATION),
        (LEAP_DAY, LEAP_DAY),
        ("19121212-1212", "191212121212"),
        ("20121212-1212", "201212121212"),
    ],
)
def test_centenarians_and_coordination_numbers(spelled, digits):
    assert IdentityNumber.parse(spelled).digits == digits


def future():
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    return number(f"{tomorrow:%Y}"[:2], f"{tomorrow:%y%m%d}980")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "0",
        "000000000000",
        "111111111111",
        "123456789012",
        TWELVE[:-1],
        TWELVE + "0",
        TWELVE[:-1] + str((int(TWELVE[-1]) + 1) % 10),
        number("19", "321301980"),
        number("19", "320132980"),
        number("19", "010229980"),
        number("19", "320161000"),
        number("19", "320192980"),
        "19320101-98O2",
        "abcdefghijkl",
        "556016-0680",
        f"{TWELVE[:8]}--{TWELVE[8:]}",
        f"{TWELVE[:8]}/{TWELVE[8:]}",
        f"{TWELVE};DROP TABLE",
        f"x{TWELVE}",
        TWELVE.translate({48 + digit: 0x660 + digit for digit in range(10)}),
        TWELVE.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
        "\x00" + TWELVE,
        "９",
        "1" * 10_000,
        future(),
    ],
)
def test_what_is_no_identity_number(text):
    with pytest.raises(ValidationError) as refusal:
        validate_identity_number(text)
    assert refusal.value.messages == ["Personnumret stämmer inte. Skriv tolv siffror, till exempel 20121212-1212."]


@given(st.text(max_size=30))
def test_no_text_is_a_crash(text):
    with contextlib.suppress(ValidationError):
        assert len(IdentityNumber.parse(text).digits) == 12


def test_a_number_is_not_printed_by_accident():
    parsed = IdentityNumber.parse(TWELVE)
    assert TWELVE[-4:] not in f"{parsed} {parsed!r} {[parsed]}"
    assert parsed.spelled == f"{TWELVE[:8]}-{TWELVE[8:]}"


def test_test_numbers_are_numbers():
    assert all(IdentityNumber.parse(identity_number(n)) for n in range(0, 3000, 37))


@pytest.mark.parametrize(
    "text", ["556016-0680", "5560160680", " 556016-0680 ", "212000-0142", "802002-4280", "969663-7033", "556703-7485"]
)
def test_organisation_numbers(text):
    validate_organisation_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "556016-0681",
        "55601606801",
        "556016",
        "abc",
        TWELVE[2:],
        f"{TWELVE[2:8]}-{TWELVE[8:]}",
        "٥٥٦٠١٦٠٦٨٠",
        "5" * 999,
    ],
)
def test_what_is_no_organisation_number(text):
    with pytest.raises(ValidationError):
        validate_organisation_number(text)


@pytest.mark.parametrize("text", ["1001", "1102", "0901", "0801", "1201", "2904", "9999"])
def test_apartment_numbers(text):
    validate_apartment_number(text)


@pytest.mark.parametrize(
    "text", ["", "7", "110", "11020", "0701", "0001", "11A2", "A", " 1102", "1102\n", "١١٠٢", "-102", "1.02"]
)
def test_what_is_no_apartment_number(text):
    with pytest.raises(ValidationError):
        validate_apartment_number(text)


@pytest.mark.parametrize(
    "text", ["144 30", "14430", " 144 30 ", "144  30", "SE-144 30", "SE 14430", "se-14430", "144-30"]
)
def test_postcodes_are_kept_in_one_form(text):
    assert tidy_postcode(text) == "144 30"
    validate_postcode(text)


@pytest.mark.parametrize("text", ["", "1443", "144 300", "044 30", "ABCDE", "١٤٤٣٠", "144 3O", "NO-0150", "1" * 999])
def test_what_is_no_postcode(text):
    with pytest.raises(ValidationError):
        validate_postcode(text)


@pytest.mark.parametrize(
    "text", ["LE104512", "le104512", "LE 1045 12", " le-1045-12 ", "L E 1 0 4 5 1 2", "LE\t104512\n"]
)
def test_unit_numbers_are_kept_in_one_form(text):
    assert tidy_serial(text) == "LE104512"
    assert spell_serial(tidy_serial(text)) == "LE 1045 12"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "104512",
        "LE10451",
        "LE1045123",
        "L1045122",
        "LE10451O",
        "ÅÄ104512",
        "LE1045١٢",
        "LE_104512",
        "<b>",
        "LE\x00104512",
        "ß104512",
    ],
)
def test_what_is_no_unit_number(text):
    with pytest.raises(ValidationError) as refusal:
        validate_serial(text)
    assert refusal.value.messages == ["Enhetens nummer har två bokstäver och sex siffror, till exempel LE 1045 12."]

"""No mail carries a client's number: identity numbers and telephones, however they are written (0.6)."""

import pytest

from notifications.guard import Kind
from tests.notifications.guarding import KARIN, found
from tests.notifications.mails import full_context


@pytest.mark.parametrize(
    "text",
    [
        "19121212-1212",
        "191212121212",
        "121212-1212",
        "1212121212",
        "121212 1212",
        "121212+1212",
        "19121212 1212",
        "1912-12-12-1212",
        "1912-12-12 1212",
        "12 12 12 - 1212",
        "121212–1212",
        "121212—1212",
        "121212\N{MINUS SIGN}1212",
        "121212\N{NON-BREAKING HYPHEN}1212",
        "121212\N{NO-BREAK SPACE}1212",
        "121212\N{NARROW NO-BREAK SPACE}1212",
        "1212\N{ZERO WIDTH SPACE}12-12\N{WORD JOINER}12",
        "１２１２１２－１２１２",
        "١٢١٢١٢-١٢١٢",
        "121212.1212",
        "121212/1212",
        "121212-\n1212",
        "<b>121212</b>-1212",
        "<b>121212</b>-<i>1212</i>",
        "121212&#45;1212",
        "121212&ndash;1212",
        "121212&amp;#45;1212",
        "&#49;21212-1212",
        "121212&shy;1212",
        "https://example.se/?nr=121212%2D1212",
        "<!-- 121212-1212 -->",
        '<a title="121212-1212">x</a>',
        "Nr:121212-1212.",
        "pnr121212-1212",
    ],
)
@pytest.mark.parametrize("people", [(KARIN,), ()], ids=["own", "anybody's"])
def test_an_identity_number_in_any_spelling_is_found(text, people):
    assert Kind.IDENTITY in found(text, people=people)


@pytest.mark.parametrize(
    "text", ["1 2 1 2 1 2 1 2 1 2", "1-2-1-2-1-2-1-2-1-2", "12.12.12 (1212)", "19121212", "1912-12-12"]
)
def test_the_clients_own_number_and_birthday_are_found_where_nobody_would_write_them(text):
    assert Kind.IDENTITY in found(text)


@pytest.mark.parametrize("text", ["701063-2391", "19701063-2391", "7010632391"])
def test_coordination_numbers_count(text):
    assert found(text, people=()) == {Kind.IDENTITY}


@pytest.mark.parametrize(
    "text",
    [
        "121212-1213",  # the last digit is wrong
        "121312-1215",  # there is no such month
        "212000-1355",  # an organisation number
        "Order 2026-00042, 26 november 2026 kl. 14.30",
        "2026-11-26 14.30",
        "2026-01212 och 2026-01213",
        "Enhet: LE 1045 12 och PE 2000 01",
        "144 30 Exempelby",
    ],
)
def test_other_numbers_are_none(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "070-174 06 10",
        "0701740610",
        "070 174 06 10",
        "070-1740610",
        "+46701740610",
        "+46 70 174 06 10",
        "+46 (0)70-174 06 10",
        "0046 70 174 06 10",
        "004670-1740610",
        "46701740610",
        "070.174.06.10",
        "070–174–06–10",
        "070\N{NO-BREAK SPACE}174\N{NO-BREAK SPACE}06\N{NO-BREAK SPACE}10",
        "070-174\n06 10",
        "070<b>-174</b> 06 10",
        "070&#8209;174 06 10",
        "(070) 174 06 10",
        "0 7 0 1 7 4 0 6 1 0",
        "tel:+46701740610",
        "０７０－１７４　０６　１０",
    ],
)
def test_a_telephone_in_any_spelling_is_found(text):
    assert Kind.PHONE in found(text)


@pytest.mark.parametrize(
    "text", ["08-465 004 99", "0701740699", "+46 70 174 06 99", "0046701740699", "(08) 465 004 99"]
)
def test_a_telephone_that_nobody_allowed_is_found(text):
    assert found(text) == {Kind.PHONE}


def test_the_clients_own_telephone_is_found_as_the_contacts_too():
    allowed = full_context(provider_phone="070-174 06 10")
    assert found("Telefon: 070-174 06 10", allowed=allowed) == {Kind.PHONE}


def test_an_identity_number_as_a_telephone_is_found():
    allowed = full_context(provider_phone="19121212-1212")
    assert found("Telefon: 19121212-1212", allowed=allowed, people=()) == {Kind.IDENTITY}

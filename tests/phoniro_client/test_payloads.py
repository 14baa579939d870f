"""A payload carries ids, numbers and dates: Python refuses anything else, and so does the database."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from phoniro_client import payloads
from phoniro_client.models import Command
from phoniro_client.payloads import PAYLOADS
from phoniro_client.verbs import Verb

REF, OTHER, SERIAL, DAY = "abcdefghjkmn", "pqrstuvwxyz2", "LE104512", date(2026, 12, 1)
EXAMPLES = [
    payloads.UpsertClient(REF),
    payloads.UpsertPlace(REF, "home"),
    payloads.RegisterDevice(SERIAL),
    payloads.LinkDevice(SERIAL, REF, DAY),
    payloads.UnlinkDevice(SERIAL, REF, DAY),
    payloads.AttachClient(REF, OTHER),
    payloads.DetachClient(REF, OTHER),
    payloads.UpsertUnit(REF),
    payloads.LinkClientUnit(REF, OTHER, DAY),
    payloads.MoveClientUnit(REF, OTHER, OTHER, DAY),
    payloads.EndClientUnit(REF, OTHER, DAY),
    payloads.BlockPhone(REF),
    payloads.CreateSupportCase(SERIAL, "app"),
]
PERSONAL = [
    "Anna", "anna svensson", "19121212-1212", "191212121212", "121212-1212", "1212121212", "070-123 45 67", "0701234567",
    "Storgatan 5", "a@b.se", "", "abcdefghjkmn\n", "ABCDEFGHJKMN", "åbcdefghjkmn",
]  # fmt: skip


def insert(verb: str, payload: object) -> None:
    with transaction.atomic():
        Command.objects.create(key=uuid4(), verb=verb, payload=payload, order_number="2026-00001", step="s")


def test_every_verb_has_one_type_and_an_example():
    assert sorted(PAYLOADS) == sorted(Verb)
    assert [type(example) for example in EXAMPLES] == list(PAYLOADS.values())


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda payload: payload.verb)
def test_what_is_kept_is_read_back(db, payload):
    insert(payload.verb, payload.to_json())
    assert Command.objects.get().facts == payload


@pytest.mark.parametrize("text", PERSONAL)
@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda payload: payload.verb)
def test_nothing_personal_fits_in_any_field(payload, text):
    for name in payload.to_json():
        with pytest.raises(ValueError, match="nothing about a person"):
            type(payload).from_json(payload.to_json() | {name: text})


@pytest.mark.parametrize("text", [*PERSONAL, None, 191212121212, ["Anna"], {"name": "Anna"}, True])
def test_the_database_refuses_a_value_that_is_not_opaque(db, text):
    with pytest.raises(IntegrityError, match="a_payload_is_opaque"):
        insert(Verb.UPSERT_CLIENT, {"client_ref": text})


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda payload: payload.verb)
def test_the_database_refuses_other_keys(db, payload):
    with pytest.raises(IntegrityError, match="a_payload_has_exactly_its_keys"):
        insert(payload.verb, payload.to_json() | {"name": REF})
    for key in payload.to_json():
        with pytest.raises(IntegrityError, match="a_payload_has_exactly_its_keys"):
            insert(payload.verb, {name: value for name, value in payload.to_json().items() if name != key})


@pytest.mark.parametrize("payload", [None, [], "abc", ["client_ref"]])
def test_the_database_refuses_what_is_no_object(db, payload):
    with pytest.raises(IntegrityError):
        insert(Verb.UPSERT_CLIENT, payload)


def test_the_database_refuses_an_unknown_verb(db):
    with pytest.raises(IntegrityError, match="a_payload_has_exactly_its_keys"):
        insert("drop_everything", {"client_ref": REF})


def test_dates_do_not_make_another_subject():
    assert payloads.LinkDevice(SERIAL, REF, DAY).subject == payloads.LinkDevice(SERIAL, REF, date(2027, 1, 1)).subject
    assert payloads.LinkDevice(SERIAL, REF, DAY).subject != payloads.LinkDevice(SERIAL, OTHER, DAY).subject

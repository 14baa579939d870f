from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lasrutin.roles import Role
from locks.models import CareService, KeyItem, KeyReceipt
from locks.services.key_needs import keys_needed, missing_receipts
from locks.services.keys import end_receipt, hand_on, sign_receipt, who_holds_keys
from tests.factories import AddressFactory, CareServiceFactory, ClientFactory, KeyReceiptFactory
from tests.organisations import ProviderFactory, UserFactory
from tests.papers import pdf, signature

pytestmark = pytest.mark.django_db
Kind = CareService.Kind
DOOR, TAG = KeyItem.Kind.DOOR, KeyItem.Kind.TAG
Ending = KeyReceipt.Ending
EACH = " Var och en kvitterar en nyckel."
HOME, ALARM, NIGHT = Kind.HOME_CARE, Kind.SAFETY_ALARM, Kind.NIGHT_SUPERVISION


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def refusal(call, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        call(*args, **kwargs)
    return error.value.message_dict


@pytest.fixture
def staff(db):
    return UserFactory(role=Role.PROVIDER)


@pytest.fixture
def sign(staff):
    """Sign for a client's keys as the provider's staff does."""

    def sign(client, provider, items=None, **rest):
        given = {"given_on": today(), "by": staff, "signature": signature()} | rest
        return sign_receipt(client=client, provider=provider, items=items or {DOOR: 1}, **given)

    return sign


@pytest.mark.parametrize(
    ("services", "shares", "explanation"),
    [
        ({}, [], "Brukaren har ingen insats, så ingen nyckel behövs."),
        ({HOME: "A"}, [("A", 1)], "En nyckel, eftersom brukaren har hemtjänst."),
        ({ALARM: "A"}, [("A", 1)], "En nyckel, eftersom brukaren har trygghetslarm."),
        ({ALARM: "A", NIGHT: "A"}, [("A", 1)], "En nyckel, eftersom brukaren har trygghetslarm och nattillsyn."),
        ({HOME: "A", ALARM: "A"}, [("A", 2)], "Två nycklar, eftersom brukaren har hemtjänst och trygghetslarm."),
        ({HOME: "A", NIGHT: "A"}, [("A", 2)], "Två nycklar, eftersom brukaren har hemtjänst och nattillsyn."),
        (
            {HOME: "A", ALARM: "A", NIGHT: "A"},
            [("A", 2)],
            "Två nycklar, eftersom brukaren har hemtjänst, trygghetslarm och nattillsyn.",
        ),
        (
            {HOME: "A", ALARM: "B"},
            [("A", 1), ("B", 1)],
            "Två nycklar, eftersom brukaren har hemtjänst och trygghetslarm hos olika utförare." + EACH,
        ),
        (
            {HOME: "A", ALARM: "B", NIGHT: "B"},
            [("A", 1), ("B", 1)],
            "Två nycklar, eftersom brukaren har hemtjänst, trygghetslarm och nattillsyn hos olika utförare." + EACH,
        ),
        (
            {HOME: "A", ALARM: "B", NIGHT: "C"},
            [("A", 1), ("B", 1), ("C", 1)],
            "Tre nycklar, eftersom brukaren har hemtjänst, trygghetslarm och nattillsyn hos olika utförare." + EACH,
        ),
    ],
)
def test_how_many_keys_and_why(services, shares, explanation):
    providers = {name: ProviderFactory(name=name) for name in set(services.values())}
    need = keys_needed(ClientFactory(services={kind: providers[name] for kind, name in services.items()}))
    assert [(share.provider.name, share.keys) for share in need.shares] == shares
    assert (need.total, need.explanation) == (sum(keys for _, keys in shares), explanation)


def test_who_keeps_the_key_needs_none():
    client = ClientFactory(hands_out_key=False, services={HOME: ProviderFactory()})
    assert keys_needed(client).explanation == "Brukaren lämnar inte ut någon nyckel."


def test_a_service_to_come_counts_until_then_the_one_that_runs():
    client, old, new = ClientFactory(), ProviderFactory(), ProviderFactory()
    CareServiceFactory(client=client, provider=old, ends=today(5))
    CareServiceFactory(client=client, provider=new, starts=today(6))
    CareServiceFactory(client=client, provider=old, kind=ALARM, to_come=True)
    assert [share.provider for share in keys_needed(client).shares] == [old]
    assert keys_needed(client).total == 2
    assert [share.provider for share in keys_needed(client, today(8)).shares] == [new, old]


def test_services_that_have_ended_need_no_key():
    assert keys_needed(CareServiceFactory(ended=True).client).total == 0


def test_keys_are_receipted(sign, staff):
    provider = ProviderFactory()
    client = ClientFactory(services={HOME: provider, ALARM: provider})
    assert [share.provider for share in missing_receipts(client)] == [provider]
    receipt = sign(
        client, provider, {DOOR: 2, TAG: 1, KeyItem.Kind.GATE: 0}, markings={DOOR: " 17 "}, order_number="2026-00001"
    )
    assert [(item.kind, item.count, item.marking) for item in receipt.items.all()] == [
        ("door", 2, "17"),
        ("tag", 1, ""),
    ]
    assert (receipt.address, receipt.received_by) == (client.address, staff)
    assert missing_receipts(client) == []
    assert list(KeyReceipt.objects.open()) == [receipt]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"items": {DOOR: 1}}, "door"),
        ({"items": {TAG: 2}}, "door"),
        ({"items": {DOOR: 2, TAG: 10}}, "tag"),
        ({"signature": None}, "signature"),
        ({"given_on": timezone.localdate() + timedelta(days=1)}, "given_on"),
        ({"provider": None}, "provider"),
    ],
)
def test_a_receipt_that_is_not_right_is_refused(sign, given, says):
    provider = ProviderFactory()
    client = ClientFactory(services={HOME: provider, ALARM: provider})
    given = {"items": {DOOR: 2}, "provider": provider} | given
    given["provider"] = given["provider"] or ProviderFactory()
    assert list(refusal(sign, client, **given)) == [says]
    assert KeyReceipt.objects.count() == 0


def test_too_few_keys_are_explained(sign):
    provider = ProviderFactory(name="Hemvård")
    client = ClientFactory(services={HOME: provider, ALARM: provider})
    assert refusal(sign, client, provider, {DOOR: 1}) == {
        "door": ["Två nycklar, eftersom brukaren har hemtjänst och trygghetslarm. Ange minst 2 lägenhetsnycklar."]
    }


def test_a_key_is_receipted_once(sign):
    provider = ProviderFactory()
    client = ClientFactory(services={HOME: provider})
    sign(client, provider)
    assert list(refusal(sign, client, provider)) == ["__all__"]


def test_a_scan_counts_as_signed(sign):
    provider = ProviderFactory()
    client = ClientFactory(services={HOME: provider})
    receipt = sign(client, provider, signature=pdf())
    assert (bool(receipt.signature), bool(receipt.scan)) == (False, True)
    assert not receipt.scan.name.endswith("document.pdf")


def test_keys_are_returned(staff):
    receipt = KeyReceiptFactory(given_on=today(-5))
    ended = end_receipt(receipt, ending=Ending.RETURNED, to=" Dottern ", on=today(), by=staff)
    assert (ended.ended_to, ended.ended_by, ended.ending) == ("Dottern", staff, Ending.RETURNED)
    assert list(refusal(end_receipt, receipt, ending=Ending.RETURNED, to="x", on=today(), by=staff)) == ["__all__"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"to": " "}, "to"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "on"),
        ({"on": timezone.localdate() - timedelta(days=6)}, "on"),
        ({"ending": Ending.HANDED_ON}, "ending"),
    ],
)
def test_a_return_that_is_not_right_is_refused(staff, given, says):
    receipt = KeyReceiptFactory(given_on=today(-5))
    given = {"ending": Ending.RETURNED, "to": "Dottern", "on": today(), "by": staff} | given
    assert list(refusal(end_receipt, receipt, **given)) == [says]


def test_lost_keys_went_to_nobody(staff):
    assert end_receipt(KeyReceiptFactory(), ending=Ending.LOST, on=today(), by=staff).ended_to == ""


def test_handing_on_leaves_no_moment_without_a_receipt(staff):
    old = KeyReceiptFactory(given_on=today(-10), keys=2)
    new = hand_on(old, to_provider=ProviderFactory(name="Nya"), given_on=today(-3), by=staff, signature=signature())
    old.refresh_from_db()
    assert (old.ending, old.ended_on, old.ended_to, old.successor) == (Ending.HANDED_ON, today(-3), "Nya", new)
    assert [item.count for item in new.items.all()] == [2]
    held = [who_holds_keys(new.address, today(day)) for day in range(-11, 1)]
    assert held == [[]] + [[old]] * 7 + [[new]] * 4


def test_a_provider_that_holds_a_key_gets_one_receipt_for_all(staff):
    alarm = ProviderFactory()
    old = KeyReceiptFactory(given_on=today(-10))
    own = KeyReceiptFactory(client=old.client, provider=alarm, given_on=today(-9))
    new = hand_on(old, to_provider=alarm, given_on=today(), by=staff, signature=signature())
    assert list(KeyReceipt.objects.open()) == [new]
    assert [item.count for item in new.items.all()] == [2]
    assert set(new.predecessors.all()) == {old, own}


def test_no_key_stays_behind(staff):
    old = KeyReceiptFactory(keys=2)
    given = {"to_provider": ProviderFactory(), "given_on": today(), "by": staff, "signature": signature()}
    assert refusal(hand_on, old, items={DOOR: 1}, **given) == {
        "door": ["Kvittensen gäller 2 st. Ta med alla, eller anmäl dem som saknas som förlorade."]
    }
    assert list(refusal(hand_on, old, **given | {"to_provider": old.provider})) == ["to_provider"]
    assert list(refusal(hand_on, old, **given | {"given_on": today(-1)})) == ["given_on"]
    assert list(refusal(hand_on, old, **given | {"signature": None})) == ["signature"]


def test_a_client_who_moved_is_receipted_anew(sign):
    provider = ProviderFactory()
    client = ClientFactory(services={HOME: provider})
    old = sign(client, provider)
    client.address = AddressFactory()
    client.save()
    assert [share.provider for share in missing_receipts(client)] == [provider]
    sign(client, provider)
    assert who_holds_keys(old.address) == [old]

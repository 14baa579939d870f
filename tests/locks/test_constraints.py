"""What must never be is held by the database itself: each rule is broken here, and each break is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lasrutin.audit.models import Action, Look
from lasrutin.people.models import Municipality
from lasrutin.roles import Role
from locks.models import CareService, Client, Installation, KeyItem, StockMovement, Unit
from tests.breaking import Breaks, rules_of
from tests.factories import (
    AddressFactory,
    ApprovalFactory,
    ArticleFactory,
    CareServiceFactory,
    ClientFactory,
    ClientLinkFactory,
    EntranceFactory,
    InstallationFactory,
    KeyReceiptFactory,
    PropertyFactory,
    PropertyOwnerFactory,
    UnitFactory,
)
from tests.organisations import MailboxFactory, ProviderUnitFactory, UserFactory

pytestmark = pytest.mark.django_db
breaks = Breaks()


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def an_hour_ago():
    return timezone.now() - timedelta(hours=1)


@breaks("one_name_per_provider_unit")
def _():
    unit = ProviderUnitFactory()
    ProviderUnitFactory(provider=unit.provider, name=unit.name)


@breaks("one_mailbox_per_role_and_organisation")
def _():
    MailboxFactory(organisation=None, role=Role.CARETAKER)
    MailboxFactory(organisation=None, role=Role.CARETAKER)


@breaks("only_one_municipality")
def _():
    Municipality.objects.create(pk=2)


@breaks("one_owner_per_name")
def _():
    PropertyOwnerFactory(name="BRF Åsen")
    PropertyOwnerFactory(name="brf åsen")


@breaks("one_house_per_designation")
def _():
    PropertyFactory(designation="Exemplet 1")
    PropertyFactory(designation="EXEMPLET 1")


@breaks("one_entrance_per_label")
def _():
    EntranceFactory(street="Storgatan", street_number="1 A")
    EntranceFactory(street="storgatan", street_number="1 a")


@breaks("one_address_per_apartment")
def _():
    AddressFactory(street="Storgatan", street_number="1", apartment="1101", association_number="7")
    AddressFactory(street="STORGATAN", street_number="1", apartment="1101", association_number="8")


@breaks("one_address_per_door")
def _():
    AddressFactory(street="Storgatan", street_number="1", apartment="", association_number="a7")
    AddressFactory(street="Storgatan", street_number="1", apartment="", association_number="A7")


@breaks("entrance_only_where_there_is_one")
def _():
    AddressFactory(has_entrance=False, entrance=EntranceFactory())


@breaks("one_client_per_identity_number")
def _():
    number = ClientFactory().identity_number
    ClientFactory(identity_number=number)


@breaks("a_service_ends_after_it_starts")
def _():
    CareServiceFactory(starts=timezone.localdate(), ends=yesterday())


@breaks("no_overlapping_home_care")
def _():
    client = CareServiceFactory(kind="home_care").client
    CareServiceFactory(client=client, kind="home_care", starts=timezone.localdate() + timedelta(days=400))


@breaks("no_overlapping_safety_alarm")
def _():
    client = CareServiceFactory(kind="safety_alarm", ends=timezone.localdate()).client
    CareServiceFactory(client=client, kind="safety_alarm", starts=timezone.localdate())


@breaks("no_overlapping_night_supervision")
def _():
    client = CareServiceFactory(kind="night_supervision", starts=timezone.localdate()).client
    CareServiceFactory(client=client, kind="night_supervision", starts=yesterday())


@breaks("a_link_has_one_other_end")
def _():
    ClientLinkFactory(provider_unit=ProviderUnitFactory())


@breaks("a_link_ends_after_it_starts")
def _():
    ClientLinkFactory(until=an_hour_ago())


@breaks("one_open_link_per_client_and_unit")
def _():
    link = ClientLinkFactory()
    ClientLinkFactory(client=link.client, unit=link.unit)


@breaks("one_open_link_per_client_and_provider_unit")
def _():
    link = ClientLinkFactory(unit=None, provider_unit=ProviderUnitFactory())
    ClientLinkFactory(client=link.client, unit=None, provider_unit=link.provider_unit)


@breaks("article_and_its_kind")
def _():
    article = ArticleFactory()
    article.save(force_insert=True)


@breaks("a_movement_moves_something")
def _():
    StockMovement.objects.create(article=ArticleFactory(), quantity=0, reason="counted")


@breaks("a_unit_moves_alone")
def _():
    unit = UnitFactory()
    StockMovement.objects.create(article=unit.article, unit=unit, quantity=2, reason="delivered")


@breaks("a_holder_only_when_handed_out")
def _():
    UnitFactory(holder=ProviderUnitFactory().provider)


@breaks("unit_and_its_kind")
def _():
    unit = UnitFactory()
    unit.save(force_insert=True)


@breaks("locks_unit_same_kind")
def _():
    UnitFactory(article=ArticleFactory(battery=True))


@breaks("locks_installation_same_kind")
def _():
    InstallationFactory(unit=UnitFactory(), kind="door", address=None, entrance=EntranceFactory())


@breaks("a_lock_at_an_address_a_door_unit_at_an_entrance")
def _():
    InstallationFactory(unit=UnitFactory(), address=None, entrance=EntranceFactory())


@breaks("an_installation_ends_after_it_starts")
def _():
    InstallationFactory(until=an_hour_ago())


@breaks("one_place_per_unit")
def _():
    InstallationFactory(unit=InstallationFactory().unit)


@breaks("one_lock_per_door")
def _():
    InstallationFactory(address=InstallationFactory().address)


@breaks("one_door_unit_per_entrance")
def _():
    InstallationFactory(at_entrance=True, entrance=InstallationFactory(at_entrance=True).entrance)


@breaks("a_question_and_an_answer_have_their_day")
def _():
    ApprovalFactory(asked_on=None)


@breaks("a_refusal_has_its_reason")
def _():
    ApprovalFactory(refused=True, reason="")


@breaks("one_open_question_per_entrance")
def _():
    question = ApprovalFactory(blanket=True)
    ApprovalFactory(blanket=True, owner=question.owner)


@breaks("one_open_receipt_per_client_provider_and_door")
def _():
    receipt = KeyReceiptFactory()
    KeyReceiptFactory(client=receipt.client, provider=receipt.provider)


@breaks("a_receipt_is_signed")
def _():
    KeyReceiptFactory(signature="", scan="")


@breaks("only_keys_handed_on_have_a_successor")
def _():
    KeyReceiptFactory(returned=True, successor=KeyReceiptFactory())


@breaks("an_ended_receipt_says_how")
def _():
    KeyReceiptFactory(ended_on=timezone.localdate())


@breaks("one_row_per_kind_of_key")
def _():
    KeyItem.objects.create(receipt=KeyReceiptFactory(), kind="door", count=1)


@breaks("between_one_and_nine_keys")
def _():
    KeyReceiptFactory(keys=10)


@pytest.mark.parametrize("name", breaks)
def test_the_database_refuses(name):
    seen = breaks.refused(name)
    assert seen == name or (name.endswith("_and_its_kind") and seen.endswith("_pkey"))


def test_no_rule_is_without_a_test():
    in_sql = {"locks_unit_same_kind", "locks_installation_same_kind"}
    assert set(breaks) == rules_of("people", "audit", "locks") | in_sql


def a_movement():
    UnitFactory()
    return StockMovement.objects.all()


def a_look():
    Look.objects.create(by=UserFactory(), client_ref="x", page="prov")
    return Look.objects.all()


def an_action():
    Action.objects.create(by=UserFactory(), what="prov")
    return Action.objects.all()


@pytest.mark.parametrize("rows", [a_movement, a_look, an_action])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_written_down_stays(rows, change):
    written = rows()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        written.update(order_number="2026-00001") if change == "update" else written._raw_delete(written.db)
    assert written.count() == 1


def test_services_of_different_kinds_and_clients_do_not_disturb_each_other():
    first = CareServiceFactory(kind="home_care")
    CareServiceFactory(client=first.client, kind="safety_alarm")
    CareServiceFactory(kind="home_care")
    first.ends = timezone.localdate()
    first.save()
    CareServiceFactory(client=first.client, kind="home_care", starts=timezone.localdate() + timedelta(days=1))
    assert CareService.objects.count() == 4


def test_history_may_repeat_itself():
    past = InstallationFactory(until=timezone.now() + timedelta(seconds=1))
    InstallationFactory(unit=past.unit, address=past.address)
    assert Installation.objects.now().count() == 1


def test_clients_without_a_number_may_be_many():
    ClientFactory(identity_number="")
    ClientFactory(identity_number="")
    assert Client.objects.filter(identity_hash="").count() == 2


def test_two_doors_of_a_house_without_apartment_numbers_are_told_apart():
    AddressFactory(street_number="1", apartment="", association_number="7")
    other = AddressFactory(street_number="1", apartment="", association_number="8")
    assert other.pk


def test_a_unit_keeps_one_spelling():
    assert Unit.objects.get(pk=UnitFactory(serial="le 1234-56").pk).serial == "LE123456"

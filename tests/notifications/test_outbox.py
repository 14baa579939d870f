import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from lasrutin.people.models import Municipality
from notifications.guard import PersonalData, PersonalDataFound
from notifications.models import OutboxMail
from notifications.services import queue_mail
from tests.notifications.mails import full_context

pytestmark = pytest.mark.django_db


def test_a_queued_mail_is_a_row_that_waits(queue):
    mail = queue(
        cc=["system@example.se", "VAKTMASTARE@example.se", " "], to=["vaktmastare@example.se", "vaktmastare@example.se"]
    )
    assert (mail.state, mail.tries, mail.order_number) == (OutboxMail.State.WAITING, 0, "2026-00042")
    assert (mail.to, mail.cc, mail.reply_to) == (["vaktmastare@example.se"], ["system@example.se"], "avgift@example.se")
    assert mail.subject == "2026-00042 Montering av lås"
    assert mail.message_id.endswith("@example.se>")
    assert "Storgatan 5" in mail.text
    assert "Storgatan 5" in mail.html
    assert mail.calendar == ""


def test_the_same_key_queues_once(queue):
    assert queue("a").pk == queue("a").pk != queue("b").pk
    assert OutboxMail.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_mail_is_queued():
    with pytest.raises(TransactionManagementError):
        queue_mail(
            template="order_mounting", context=full_context(), to=["a@example.se"], reply_to="b@example.se", key="a"
        )
    assert not OutboxMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_step_that_is_rolled_back_leaves_no_mail(queue, mail_server):
    @transaction.atomic
    def step():
        queue()
        raise ValidationError("the step was refused")

    with pytest.raises(ValidationError):
        step()
    assert mail_server.mails == []
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("to", [[], [""], [" "]])
def test_a_missing_address_says_whose_and_where(queue, to):
    with pytest.raises(ValidationError) as caught:
        queue(to=to)
    assert caught.value.messages == ["Mejladressen saknas för vaktmästeriet: lägg in den under Kontakter."]
    with pytest.raises(ValidationError) as caught:
        queue(to=to, whom="Omsorg Ett AB")
    assert caught.value.messages == ["Mejladressen saknas för Omsorg Ett AB: lägg in den under Kontakter."]


def test_personal_data_refuses_the_mail(queue):
    person = PersonalData(given_name="Åke", family_name="Mönster")
    with pytest.raises(PersonalDataFound):
        queue(template="door_unit_ordered", people=[person])
    assert not OutboxMail.objects.exists()


def test_a_protected_client_has_no_address_in_the_mail(queue):
    person = PersonalData(given_name="Karin", family_name="Boye", streets=("Storgatan 5",))
    mail = queue(template="door_unit_ordered", protected=True, people=[person])
    for part in (mail.subject, mail.text, mail.html):
        for value in ("Storgatan", "Brf", "Mönster", "LE 1045 12", "Omsorg"):
            assert value not in part
    assert "/ordrar/2026-00042/" in mail.text


def test_a_municipality_can_keep_addresses_out_of_all_mail(queue):
    Municipality.ours()
    Municipality.objects.update(address_in_mail=False)
    for template in ("order_mounting", "order_move", "weekly_list"):
        mail = queue(template, template=template)
        for street in ("Storgatan", "Boyes", "Provgatan"):
            assert street not in mail.text + mail.html
    assert "Adressen står i ordern." in queue("order_mounting").text


def test_a_settled_time_carries_a_calendar_file(queue):
    mail = queue(template="time_settled")
    assert "DTSTART:20261126T133000Z" in mail.calendar
    assert "LOCATION:Storgatan 5" in mail.calendar
    protected = queue("protected", template="time_settled", protected=True)
    assert "LOCATION" not in protected.calendar


def test_a_row_that_goes_to_nobody_is_refused_by_the_database(queue):
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.filter(pk=queue().pk).update(to=[])

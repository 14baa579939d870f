"""Reminders: of what is late, of owners who have not answered, and to somebody else when nothing helps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lasrutin.people.models import Mailbox
from lasrutin.roles import Role
from locks.models import Approval
from locks.services.clients import name_reader
from notifications.models import Notice, OutboxMail
from orders.models import Order, Waiting
from orders.reminding import remind_all, remind_now
from orders.services import open_order
from orders.tasks import remind
from tests.factories import ApprovalFactory, EntranceFactory, PropertyOwnerFactory
from tests.orders.walk import Walk

pytestmark = pytest.mark.django_db
# A Monday in a year without a holiday in its second week.
MONDAY = date(2027, 2, 8)


@pytest.fixture
def clock(monkeypatch):
    """The time of day at which the round is made, on a day of the test's choice."""

    def at(day, hour=6):
        moment = datetime(day.year, day.month, day.day, hour, 15, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(MONDAY)
    return at


def late(order, step, *, since=MONDAY - timedelta(days=3)):
    """The order's wait for a step, due some days ago."""
    Waiting.objects.filter(order=order, step=step).update(due_on=since)
    return Waiting.objects.get(order=order, step=step)


def reminders():
    return OutboxMail.objects.filter(template="reminder").order_by("pk")


def told(text="Påminnelse"):
    found = Notice.objects.filter(text__startswith=text).order_by("pk")
    return list(found.values_list("user__username", "text"))


def working_days_later(count):
    return MONDAY + timedelta(days=count + 2 * (count // 5))


def test_a_late_step_is_reminded_of_by_mail_and_notice(town, clock):
    order = Walk(town).ordered(town.client()).order
    late(order, "claim")
    assert remind_all() == 1
    mail = reminders().get()

    assert (mail.to, mail.order_number) == (["caretaker@example.se"], order.number)
    assert "Ordern väntar på att du ska ta jobbet." in mail.text
    assert told() == [("caretaker", "Påminnelse: ta jobbet."), ("caretaker2", "Påminnelse: ta jobbet.")]
    assert Waiting.objects.get(order=order, step="claim").reminded_at == timezone.now()


def test_what_is_not_late_is_left_alone(town, clock):
    order = Walk(town).ordered(town.client()).order
    late(order, "claim", since=MONDAY)

    assert (remind_all(), reminders().count(), told()) == (0, 0, [])


def test_the_same_step_is_reminded_of_every_third_working_day(town, clock):
    late(Walk(town).ordered(town.client()).order, "claim")
    sent = []
    for number in range(8):
        clock(working_days_later(number))
        remind_all()
        remind()
        sent.append(reminders().filter(text__contains="ta jobbet").count())

    assert sent == [1, 1, 1, 2, 2, 2, 3, 3]


@pytest.mark.parametrize("day", [date(2027, 2, 6), date(2027, 2, 7), date(2027, 6, 25), date(2027, 1, 6)])
def test_nobody_is_reminded_when_nobody_works(town, clock, day):
    clock(day)
    late(Walk(town).ordered(town.client()).order, "claim", since=day - timedelta(days=9))

    assert (remind_all(), reminders().count()) == (0, 0)


def test_a_claimed_job_reminds_the_one_who_has_it(town, clock):
    late(Walk(town).claimed(town.client()).order, "propose_times")
    remind_all()

    assert told() == [("caretaker", "Påminnelse: föreslå tider för besöket.")]
    assert "föreslå tider för besöket" in reminders().get().text


def test_a_provider_is_reminded_at_its_own_address(town, clock):
    walk = (
        Walk(town).claimed(town.client()).take("caretaker", "propose_times", times=[timezone.now() + timedelta(days=9)])
    )
    late(walk.order, "accept_time")
    remind_all()
    mail = reminders().get()

    assert mail.to == [Mailbox.objects.get(organisation=town.external).email]
    assert "välja en av tiderna" in mail.text
    assert [who for who, _text in told()] == ["provider"]


def test_a_step_about_keys_is_reminded_of_without_the_word(town, clock):
    late(Walk(town).ordered(town.client()).order, "receipt_key")
    remind_all()
    mail = reminders().get()

    assert "Ordern väntar på att du ska skriva under i Låsrutin." in mail.text
    assert "nyckel" not in mail.text.lower()


def test_one_missing_address_keeps_nobody_else_back(town, clock):
    Mailbox.objects.filter(role=Role.CARETAKER).delete()
    first, second = (Walk(town).file(town.client()).order for _number in range(2))
    late(first, "receipt_key")
    late(second, "order_mounting")
    Mailbox.objects.filter(organisation=town.external).delete()
    town.external.email = ""
    town.external.save()
    assert remind_all() == 2

    assert [mail.to for mail in reminders()] == [["fee_officer@example.se"]]
    assert [who for who, _text in told()] == ["provider", "fee_officer"]


def test_a_resting_order_is_left_alone_until_its_day_and_then_goes_on(town, clock):
    order = Walk(town).ordered(town.client()).order
    Order.objects.filter(pk=order.pk).update(paused_until=MONDAY + timedelta(days=1))
    late(order, "claim")
    assert remind_all() == 0

    clock(MONDAY + timedelta(days=1))
    assert remind_all() == 1
    assert Order.objects.get(pk=order.pk).paused_until is None


def test_a_closed_order_waits_for_nobody(town, clock):
    order = Walk(town).ordered(town.client()).order
    late(order, "claim")
    Order.objects.filter(pk=order.pk).update(closed_at=timezone.now())

    assert remind_all() == 0


def test_a_protected_order_is_reminded_of_without_an_address_and_to_the_named_only(town, clock):
    person = town.client(protected=True)
    for name in ("fee_officer", "caretaker", "system_admin", "provider"):
        name_reader(person, town[name], by=town["system_admin"])
    order = Walk(town).file(person, fee_officer=town["fee_officer"]).take("fee_officer", "order_mounting").order
    late(order, "claim")
    remind_all()

    assert [who for who, _text in told()] == ["caretaker"]
    assert order.address.street not in reminders().get().text


@pytest.mark.parametrize(("days", "escalated"), [(5, False), (6, True)])
def test_when_reminders_do_not_help_the_system_admin_is_told_once(town, clock, days, escalated):
    order = Walk(town).ordered(town.client()).order
    late(order, "claim", since=MONDAY)
    for _round in range(2):
        clock(working_days_later(days))
        remind_all()

    said = [("system_admin", "Påminnelser har inte hjälpt: vaktmästeriet ska ta jobbet, 6 dagar sent.")]
    assert told("Påminnelser har") == (said if escalated else [])
    assert (Waiting.objects.get(order=order, step="claim").escalated_at is not None) == escalated


def test_in_house_the_coordinator_is_told(town, clock):
    walk = Walk(town).file(town.client(home_care=town.in_house)).take("fee_officer", "tell_coordinator")
    late(walk.take("coordinator", "release").order, "claim", since=MONDAY - timedelta(days=30))
    remind_all()

    assert [who for who, _text in told("Påminnelser har")] == ["coordinator"]


def test_the_coordinators_own_delay_is_told_to_the_system_admin(town, clock):
    walk = Walk(town).file(town.client(home_care=town.in_house)).take("fee_officer", "tell_coordinator")
    late(walk.order, "release", since=MONDAY - timedelta(days=30))
    remind_all()

    assert [who for who, _text in told("Påminnelser har")] == ["system_admin"]


def test_a_person_reminds_once_a_day(town, clock):
    wait = late(Walk(town).ordered(town.client()).order, "claim")
    assert [remind_now(wait, town["fee_officer"]), remind_now(wait, town["assessor"])] == [True, False]
    assert remind_all() == 0
    assert told("Fee_officer påminner")[0] == ("caretaker", "Fee_officer påminner: ta jobbet.")
    assert reminders().get().reply_to == "fee_officer@example.se"

    clock(MONDAY + timedelta(days=1))
    assert remind_now(wait, town["assessor"]) is True


def test_a_person_is_told_when_the_reminder_has_no_address(town, clock):
    wait = late(Walk(town).ordered(town.client()).order, "claim")
    Mailbox.objects.filter(role=Role.CARETAKER).delete()

    with pytest.raises(ValidationError, match="Mejladressen saknas"):
        remind_now(wait, town["fee_officer"])
    assert Waiting.objects.get(pk=wait.pk).reminded_at is None
    assert told("Fee_officer") == []


def test_a_wait_that_is_over_is_not_reminded_of(town, clock):
    walk = Walk(town).ordered(town.client())
    wait = late(walk.order, "claim")
    walk.take("caretaker", "claim")

    assert remind_now(wait, town["fee_officer"]) is False


def asked(town, *, days, reminded=None):
    """A door-unit order whose owner was asked some days ago."""
    owner = PropertyOwnerFactory(name="Brf Björken", contact_name="Mio Mönster", phone="08-465 004 21")
    entrance = EntranceFactory(house__owner=owner, street="Storgatan", street_number="5")
    order = open_order("door-unit-in", by=None, for_user=town["caretaker"], entrance=entrance)
    Walk(town, order).take("fee_officer", "ask_owner", asked_on=MONDAY - timedelta(days=days))
    Approval.objects.filter(entrance=entrance).update(reminded_on=reminded)
    return Order.objects.get(pk=order.pk)


def owner_reminders():
    return OutboxMail.objects.filter(template="approval_reminder")


def test_an_owner_who_has_not_answered_in_five_working_days_is_to_be_asked_again(town, clock):
    order = asked(town, days=10)
    remind_all()
    mail = owner_reminders().get()

    assert (mail.to, mail.order_number) == (["fee_officer@example.se"], order.number)
    assert ["Storgatan 5" in mail.text, "Brf Björken" in mail.text, "08-465 004 21" in mail.text] == [True] * 3
    assert told("Brf Björken") == [("fee_officer", "Brf Björken har inte svarat om portlåset. Fråga igen.")]
    assert Approval.objects.get(entrance=order.entrance).reminded_on == MONDAY
    # The order's own wait is not reminded of as well.
    assert reminders().filter(order_number=order.number).count() == 0


def test_a_private_owner_is_named_in_neither_the_mail_nor_the_notice(town, clock):
    reached = {"contact_name": "Elis Exempel", "phone": "08-465 004 21", "email": "e@example.se"}
    owner = PropertyOwnerFactory(private=True, name="Ellen Exempel", **reached)
    entrance = EntranceFactory(house__owner=owner, street="Storgatan", street_number="5")
    ApprovalFactory(entrance=entrance, asked_on=MONDAY - timedelta(days=20))
    remind_all()
    mail = owner_reminders().get()

    said = [mail.subject, mail.text, mail.html]
    named = ("Exempel", "08-465 004 21", "e@example.se", "Fastighetsägare:")
    assert [word for word in named if any(word in part for part in said)] == []
    assert ("Storgatan 5" in mail.text, told("Ellen")) == (True, [])
    assert told("Fastighetsägaren") == [("fee_officer", "Fastighetsägaren har inte svarat om portlåset. Fråga igen.")]


@pytest.mark.parametrize(("days", "count"), [(7, 0), (10, 1)])
def test_five_working_days_are_five(town, clock, days, count):
    asked(town, days=days)
    remind_all()

    assert owner_reminders().count() == count


def test_the_fee_officer_is_told_once_in_five_working_days(town, clock):
    asked(town, days=10)
    sent = []
    for number in range(7):
        clock(working_days_later(number))
        remind_all()
        remind_all()
        sent.append(owner_reminders().count())

    assert sent == [1, 1, 1, 1, 1, 2, 2]
    # The second says as little of how long it has been as the first.
    said = "Fastighetsägaren har inte svarat om portenheten. Kontakta ägaren igen."
    assert all(said in mail.text and said in mail.html for mail in owner_reminders())


def test_a_question_without_an_order_is_remembered_too(town, clock):
    ApprovalFactory(entrance=None, owner=PropertyOwnerFactory(name="Brf Granen"), asked_on=MONDAY - timedelta(days=20))
    remind_all()

    assert "Brf Granen" in owner_reminders().get().text
    assert [who for who, _text in told("Brf Granen")] == ["fee_officer"]


def test_an_answered_question_is_left_alone(town, clock):
    ApprovalFactory(approved=True, asked_on=MONDAY - timedelta(days=20))
    remind_all()

    assert owner_reminders().count() == 0

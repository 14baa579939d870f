"""The engine: one winner, one effect per posting, no way around it."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lasrutin.roles import Role
from notifications.models import OutboxMail
from orders.errors import AlreadyTaken, Resent, StaleOrder, StepNotOpen, WrongRole
from orders.models import Order, OrderEvent, Waiting
from orders.services import open_order, take_step
from tests.orders.walk import Walk, fetch
from tests.organisations import UserFactory
from tests.scenarios.told import office_time

TAKERS = 50
PATIENCE = 60


@pytest.mark.django_db(transaction=True)
def test_a_claim_has_one_winner_among_fifty_takers(town):
    order = Walk(town).ordered(town.client()).order
    takers = UserFactory.create_batch(TAKERS, roles=[Role.CARETAKER])
    start, outcomes = threading.Barrier(TAKERS), []

    def take(user):
        start.wait()
        try:
            take_step(order.pk, "claim", by=user, version=order.version)
            outcomes.append(user.pk)
        except AlreadyTaken as lost:
            outcomes.append(lost)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[user]) for user in takers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert len(outcomes) == TAKERS
    assert [fetch(order).caretaker_id] == winners
    assert {type(outcome) for outcome in outcomes if not isinstance(outcome, int)} == {AlreadyTaken}
    assert OutboxMail.objects.filter(template="caretaker_took_order").count() == 1
    assert OrderEvent.objects.filter(order=order, step="claim").count() == 1


def test_the_loser_reads_who_was_first(town):
    order = Walk(town).claimed(town.client()).order
    with pytest.raises(AlreadyTaken, match="Caretaker hann före och tog jobbet klockan"):
        take_step(order.pk, "claim", by=town["caretaker2"])


def test_the_same_posting_twice_has_one_effect(town):
    order = Walk(town).ordered(town.client()).order
    first = take_step(order.pk, "claim", by=town["caretaker"], key="posted-once")
    again = take_step(order.pk, "claim", by=town["caretaker"], key="posted-once")
    assert (first.state, again.state, first.version) == ("claimed", "claimed", again.version)
    assert OrderEvent.objects.filter(order=order, step="claim").count() == 1


def test_something_else_with_the_key_of_an_earlier_posting_is_refused(town):
    walk, by = Walk(town).claimed(town.client()), town["caretaker"]
    first, other = [office_time(2)], [office_time(3)]
    take_step(walk.order.pk, "propose_times", by=by, key="kept-page", times=first)

    with pytest.raises(Resent):
        take_step(walk.order.pk, "propose_times", by=by, key="kept-page", times=other)
    with pytest.raises(Resent):
        take_step(walk.order.pk, "give_back", by=by, key="kept-page")
    with pytest.raises(Resent):
        take_step(Walk(town).ordered(town.client()).order.pk, "claim", by=by, key="kept-page")
    assert Order.objects.get(pk=walk.order.pk).proposed_times == first


def test_something_else_filed_with_the_key_of_an_earlier_filing_is_refused(town):
    filed = {"client": town.client(), "informed_on": timezone.localdate(), "told": ["lock", "key"]}
    open_order("new-lock", by=town["assessor"], key="kept-page", **filed)

    with pytest.raises(Resent):
        open_order("new-lock", by=town["assessor"], key="kept-page", **filed | {"client": town.client()})
    assert Order.objects.count() == 1


def test_the_same_filing_twice_opens_one_order(town):
    filed = {"client": town.client(), "informed_on": timezone.localdate(), "told": ["lock", "key"]}
    first = open_order("new-lock", by=town["assessor"], key="filed-once", **filed)
    again = open_order("new-lock", by=town["assessor"], key="filed-once", **filed)
    assert first.pk == again.pk
    assert Order.objects.count() == 1


def test_a_stale_page_never_overwrites(town):
    walk = Walk(town).claimed(town.client())
    seen = walk.order.version
    time = timezone.now() + timedelta(days=2)
    walk.take("provider", "offer_times", times=[time])
    walk.take("caretaker", "counter_offer", times=[time])
    with pytest.raises(StaleOrder):
        take_step(walk.order.pk, "offer_times", by=town["provider"], version=seen, times=[time])


def test_a_window_step_does_not_make_other_pages_stale(town):
    walk = Walk(town).claimed(town.client())
    seen = walk.order.version
    walk.receipt("provider", town.external)
    time = timezone.now() + timedelta(days=2)
    assert (
        take_step(walk.order.pk, "propose_times", by=town["caretaker"], version=seen, times=[time]).state
        == "caretaker_proposed"
    )


def test_the_wrong_role_changes_nothing(town):
    order = Walk(town).file(town.client()).order
    for name in ("assessor", "caretaker", "provider", "system_admin", "manager", "locksmith", "coordinator"):
        with pytest.raises(WrongRole):
            take_step(order.pk, "order_mounting", by=town[name])
    assert fetch(order).state == "filed"
    assert OrderEvent.objects.filter(order=order).count() == 1


def test_staff_of_another_provider_may_not_act_for_this_one(town):
    order = Walk(town).claimed(town.client()).order
    with pytest.raises(WrongRole):
        take_step(order.pk, "offer_times", by=town["provider2"], times=[timezone.now() + timedelta(days=1)])


def test_another_caretaker_may_not_go_on_with_a_claimed_job(town):
    order = Walk(town).claimed(town.client()).order
    with pytest.raises(WrongRole):
        take_step(order.pk, "propose_times", by=town["caretaker2"], times=[timezone.now() + timedelta(days=1)])


def test_a_closed_step_says_why(town):
    order = Walk(town).file(town.client(home_care=town.in_house)).order
    with pytest.raises(StepNotOpen, match="egen regi"):
        take_step(order.pk, "order_mounting", by=town["fee_officer"])


def test_a_failing_effect_takes_the_whole_step_back(town):
    from lasrutin.people.models import Mailbox

    order = Walk(town).file(town.client()).order
    Mailbox.objects.filter(role=Role.SYSTEM_ADMIN).delete()
    with pytest.raises(Exception, match="Mejladressen saknas"):
        take_step(order.pk, "order_mounting", by=town["fee_officer"])
    assert fetch(order).state == "filed"
    assert OutboxMail.objects.count() == 0


def test_the_state_cannot_be_changed_around_the_engine(town):
    order = Walk(town).file(town.client()).order
    with pytest.raises(AttributeError):
        Order.objects.filter(pk=order.pk).update(state="complete")
    with pytest.raises(AttributeError):
        order.state = "complete"
    with pytest.raises(AttributeError):
        order.refresh_from_db()
    with pytest.raises(AttributeError):
        Order.objects.all().delete()


@pytest.mark.parametrize("state", ["ordered", "complete", "no-such-state"])
def test_the_database_refuses_a_move_that_no_step_makes(town, state):
    order = Walk(town).file(town.client()).order
    with pytest.raises(IntegrityError, match="no step leads from filed"), transaction.atomic():
        connection.cursor().execute("UPDATE orders_order SET state = %s WHERE id = %s", [state, order.pk])
    assert fetch(order).state == "filed"


def test_the_history_cannot_be_rewritten(town):
    Walk(town).file(town.client())
    for statement in ("UPDATE orders_orderevent SET step = 'x'", "DELETE FROM orders_orderevent"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_every_open_order_waits_for_somebody_all_the_way(town):
    walk = Walk(town).file(town.client())
    seen = [set(Waiting.objects.filter(order=walk.order).values_list("role", "step"))]
    walk.take("fee_officer", "order_mounting").take("caretaker", "claim")
    seen.append(set(Waiting.objects.filter(order=walk.order).values_list("role", "step")))
    assert seen == [
        {("fee_officer", "order_mounting"), ("provider", "receipt_key")},
        {("caretaker", "propose_times"), ("provider", "receipt_key"), ("fee_officer", "register_in_phoniro")},
    ]

"""Build the demo municipality: the world first, then its past, played by the engine, then what lies unread today."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from lasrutin.people.models import User
from locks.models import Client, Unit
from notifications.models import Notice, OutboxMail, SecureMessage, SecureRecipient
from orders.demo import chapter1_stories, chapter2, chapter3, chapter4, chapters56
from orders.demo.clock import Clock
from orders.demo.people import hire
from orders.demo.places import build_places
from orders.demo.quick import quickly
from orders.demo.residents import settle_couple, settle_residents, tell_orders
from orders.demo.stage import Stage
from orders.demo.store import decide_rates, fill_store
from orders.demo.town import Town
from orders.models import Order

# One module a chapter: its STORIES, and the ROUTINES of which they show every state.
CHAPTERS = (chapter1_stories, chapter2, chapter3, chapter4, chapters56)
# How many working days ago the caretakers' store was filled.
_STORE = 210
# Those who had their locks before the stories begin.
_IN_HOUSES, _ALONE = 45, 22
_MAILS_LEFT, _UNREAD_FOR, _LOCK = 10, timedelta(days=2), 20_260_042


class NotEmpty(Exception):
    """The database holds something that is not the demo municipality."""


def build(say: Callable[[str], None], *, at: datetime | None = None) -> bool:
    """Build it all in one transaction, as of a moment (now). Returns False where it is there already.

    Raises:
        NotEmpty: when clients or orders are there that the demo did not make.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if User.objects.filter(is_demo=True).exists():
            return False
        if Client.objects.exists() or Order.objects.exists():
            raise NotEmpty
        _play(say, Clock(at))
        # Nobody needs a bell: the sweep finds the few mails that are left.
        connection.run_on_commit.clear()
    return True


def _play(say: Callable[[str], None], clock: Clock) -> None:
    with clock.believed():
        clock.present = clock.at(_STORE, 8)
        people = hire()
        town = Town(clock, people, build_places(people["fee_officer"]))
        say(f"{len(town.people.logins)} logins, {len(town.people.firms)} organisations")
        decide_rates(clock.today)
        fill_store(town.people["caretaker"])
        say(f"{Unit.objects.count()} units in the store")
        settle_couple(town)
        residents = settle_residents(town, in_houses=_IN_HOUSES, alone=_ALONE)
        say(f"{len(residents)} residents with locks")
        stage = Stage(town)
        for chapter in CHAPTERS:
            for story in chapter.STORIES:
                stage.add(story)
        with quickly(clock):
            stage.play()
        tell_orders(town, residents)
        say(f"{town.met} clients")
        open_orders = Order.objects.open().count()
        say(f"{Order.objects.count()} orders, {open_orders} of them open")
    _leave_unread(clock)


def _leave_unread(clock: Clock) -> None:
    """Old mail has left and old news is read; the last of both wait."""
    newest = OutboxMail.objects.order_by("-created_at", "-pk").values("pk")[:_MAILS_LEFT]
    OutboxMail.objects.exclude(pk__in=list(newest.values_list("pk", flat=True))).update(
        state=OutboxMail.State.SENT, sent_at=F("created_at") + timedelta(seconds=4), tries=1
    )
    before = clock.made_at - _UNREAD_FOR
    Notice.objects.filter(created_at__lt=before).update(read_at=F("created_at") + timedelta(hours=3))
    SecureRecipient.objects.filter(message__created_at__lt=before).update(read_at=clock.made_at - _UNREAD_FOR)
    SecureMessage.objects.filter(created_at__lt=before).update(
        sent_in_treserva_at=F("created_at") + timedelta(minutes=20), sent_in_treserva_by=F("by")
    )

"""A form that is sent twice is carried out once; what is sent with something else filled in is something else."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from lasrutin.models import Posting
from lasrutin.people.models import Mailbox
from lasrutin.roles import Role
from lasrutin.tasks import clear_postings

PAGE = "/kontakter/caretaker/"
TYPED = {"name": "Vaktmästeriet", "phone": "", "email": "vaktmasteriet@example.se"}


@pytest.fixture
def shown(client, admin, hidden):
    client.force_login(admin)
    return hidden(client.get(PAGE))


def test_every_showing_has_a_key_of_its_own(client, shown, hidden):
    assert len({shown["key"], hidden(client.get(PAGE))["key"], ""}) == 3


def test_the_second_leads_to_where_the_first_did(client, shown):
    first, second = [client.post(PAGE, shown | TYPED) for _ in range(2)]

    assert [(sent.status_code, sent.url) for sent in (first, second)] == [(302, "/kontakter/")] * 2
    said = [str(message) for message in get_messages(second.wsgi_request)]
    assert said[-1] == "Formuläret var redan skickat. Inget är gjort en gång till."
    assert Mailbox.objects.filter(role=Role.CARETAKER).count() == 1


def test_what_is_wrong_is_sent_again_with_the_same_key(client, shown):
    assert client.post(PAGE, shown | TYPED | {"email": "fel"}).status_code == 422
    assert not Posting.objects.exists()
    assert client.post(PAGE, shown | TYPED).status_code == 302


def test_something_else_under_the_same_key_is_no_repetition(client, shown):
    client.post(PAGE, shown | TYPED)

    assert client.post(PAGE, shown | TYPED | {"name": "Växeln"}).status_code == 409


def test_another_persons_key_says_nothing(client, shown, person):
    client.post(PAGE, shown | TYPED)
    client.force_login(person(Role.SYSTEM_ADMIN, username="kollegan"))

    assert client.post(PAGE, shown | TYPED).status_code == 409


def test_the_note_tells_nothing_of_what_was_typed_and_is_gone_after_a_week(client, shown):
    client.post(PAGE, shown | TYPED)
    note = Posting.objects.get()
    assert (len(note.key), str(note)) == (64, "/kontakter/")

    clear_postings()
    assert Posting.objects.exists()
    Posting.objects.update(at=timezone.now() - timedelta(days=8))
    clear_postings()
    assert not Posting.objects.exists()

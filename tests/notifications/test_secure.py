import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from lasrutin.audit.models import Look
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Client
from notifications.models import SecureMessage
from notifications.services import may_read_about, send_secure
from tests.factories import ClientFactory
from tests.organisations import UserFactory

pytestmark = pytest.mark.django_db
BODY = "Brukare: Exempla Påhittsson\nLägenhet: 1101"


@pytest.fixture
def officer():
    return UserFactory(role=Role.FEE_OFFICER, username="officer")


@pytest.fixture
def admin():
    return UserFactory(role=Role.SYSTEM_ADMIN, username="admin")


@pytest.fixture
def send(officer):
    def put(*to, about=None, **more):
        about = about or ClientFactory()
        sent = {"subject": "Ny brukare", "body": BODY, "order_number": "2026-00042", "url": "/ordrar/abc/"} | more
        return send_secure(by=officer, to=to, client=about, **sent)

    return put


def page_of(client, user, message, *, post=False):
    client.force_login(user)
    return client.post(f"{message.get_absolute_url()}skickat/") if post else client.get(message.get_absolute_url())


def test_text_and_subject_are_encrypted_in_the_database(send, admin):
    message = send(admin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, body FROM notifications_securemessage")
        subject, body = cursor.fetchone()
    assert "Exempla" not in body
    assert "brukare" not in subject
    assert SecureMessage.objects.get(pk=message.pk).body == BODY


def test_sender_and_recipient_read_it(client, send, officer, admin):
    message = send(admin)
    for user in (officer, admin):
        answer = page_of(client, user, message)
        assert answer.status_code == 200
        assert "Exempla Påhittsson" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.FEE_OFFICER, Role.ASSESSOR, Role.PROVIDER, Role.COORDINATOR])
def test_nobody_else_reads_it(client, send, admin, role):
    answer = page_of(client, UserFactory(role=role), send(admin))
    assert answer.status_code == 404
    assert Look.objects.count() == 0


@pytest.mark.parametrize("role", [Role.CARETAKER, Role.LOCKSMITH, Role.MANAGER])
def test_roles_that_never_know_a_client_have_no_messages(client, send, admin, role):
    message = send(admin)
    assert page_of(client, UserFactory(role=role), message).status_code == 403
    assert client.get("/meddelanden/").status_code == 403


def test_who_is_not_logged_in_is_asked_to(client, send, admin):
    answer = client.get(send(admin).get_absolute_url())
    assert answer.status_code == 302
    assert answer.url.startswith("/logga-in/")


def test_each_reading_is_recorded_and_the_first_one_shown_to_the_sender(client, send, officer, admin):
    message = send(admin)
    assert "inte läst" in page_of(client, officer, message).content.decode()
    assert list(SecureMessage.objects.unread_for(admin)) == [message]
    page_of(client, admin, message)
    page_of(client, admin, message)
    looks = Look.objects.filter(by=admin).values_list("client_ref", "page", "order_number")
    assert list(looks) == [(message.client.public_id, "meddelande", "2026-00042")] * 2
    assert list(SecureMessage.objects.unread_for(admin)) == []
    first = message.recipients.get().read_at
    page_of(client, admin, message)
    assert message.recipients.get().read_at == first
    assert "inte läst" not in page_of(client, officer, message).content.decode()


def test_a_recipient_who_lost_the_role_reads_it_no_more(client, send, admin):
    message = send(admin)
    admin.groups.clear()
    assert list(SecureMessage.objects.unread_for(User.objects.get(pk=admin.pk))) == []
    assert page_of(client, admin, message).status_code == 403
    admin.groups.set(UserFactory(role=Role.PROVIDER).groups.all())
    assert page_of(client, admin, message).status_code == 404


def test_a_message_about_a_protected_client_goes_to_named_readers_only(client, send, officer, admin):
    about = ClientFactory(protected=True, readers=[admin])
    message = send(admin, about=about)
    assert page_of(client, admin, message).status_code == 200
    assert Look.objects.get(by=admin).protected
    # The sender was never named: the sender's own copy stays closed too.
    assert page_of(client, officer, message).status_code == 404
    with pytest.raises(ValidationError, match="får inte läsa om den här brukaren"):
        send(UserFactory(role=Role.SYSTEM_ADMIN), about=about)


def test_a_client_who_becomes_protected_closes_older_messages(client, send, admin):
    message = send(admin)
    Client.objects.filter(pk=message.client_id).update(protection=Client.Protection.HIDDEN)
    assert page_of(client, admin, message).status_code == 404


def test_the_list_records_looks_at_protected_clients(client, send, admin):
    send(admin, about=ClientFactory(protected=True, readers=[admin]))
    send(admin)
    client.force_login(admin)
    client.get("/meddelanden/")
    assert [look.page for look in Look.objects.filter(by=admin)] == ["meddelanden"]


@pytest.mark.parametrize("role", [Role.CARETAKER, Role.LOCKSMITH, Role.MANAGER, Role.PROVIDER])
def test_it_cannot_be_sent_to_who_may_not_know(send, role):
    reader = UserFactory(role=role)
    assert not may_read_about(reader, ClientFactory())
    with pytest.raises(ValidationError, match=reader.username):
        send(reader)
    assert SecureMessage.objects.count() == 0


def test_it_cannot_be_sent_to_nobody_or_lead_elsewhere(send, admin):
    with pytest.raises(ValidationError, match="ingen mottagare"):
        send()
    for url in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="path of ours"):
            send(admin, url=url)


def test_only_the_sender_marks_it_as_sent_in_treserva_and_once(client, send, officer, admin):
    message = send(admin)
    assert "Kopiera för Treserva" in page_of(client, officer, message).content.decode()
    assert "Kopiera för Treserva" not in page_of(client, admin, message).content.decode()
    assert page_of(client, admin, message, post=True).status_code == 403
    answer = page_of(client, officer, message, post=True)
    assert (answer.status_code, answer.url) == (302, message.get_absolute_url())
    message.refresh_from_db()
    assert message.sent_in_treserva_by == officer
    first = message.sent_in_treserva_at
    page_of(client, officer, message, post=True)
    message.refresh_from_db()
    assert message.sent_in_treserva_at == first
    page = page_of(client, officer, message).content.decode()
    assert "Markera som skickat" not in page
    assert "Skickat i Treserva" in page


def test_the_body_is_shown_as_text(client, send, admin):
    message = send(admin, body='<script>alert("x")</script>')
    assert "<script>alert" not in page_of(client, admin, message).content.decode()

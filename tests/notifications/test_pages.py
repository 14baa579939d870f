import pytest
from django.urls import reverse

from lasrutin.audit.models import Action
from lasrutin.roles import Role
from notifications.models import Notice, OutboxMail
from notifications.services import mark_notices_read, notify, send_secure
from tests.factories import ClientFactory
from tests.organisations import UserFactory

pytestmark = pytest.mark.django_db
State = OutboxMail.State


@pytest.fixture
def kim():
    return UserFactory(role=Role.FEE_OFFICER, username="kim")


@pytest.fixture
def admin(client):
    user = UserFactory(role=Role.SYSTEM_ADMIN)
    client.force_login(user)
    return user


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_notice_goes_once_to_each_active_person(kim):
    gone = UserFactory(is_active=False)
    notify([kim, kim, gone], text="Tiden är bestämd.", url="/ordrar/abc/", order_number="2026-00042")
    [notice] = Notice.objects.all()
    assert (notice.user, notice.text, notice.url, notice.order_number) == (
        kim,
        "Tiden är bestämd.",
        "/ordrar/abc/",
        "2026-00042",
    )
    assert list(Notice.objects.unread_for(kim)) == [notice]
    with pytest.raises(ValueError, match="path of ours"):
        notify([kim], text="x", url="//elsewhere.example/")


def test_the_notices_page_shows_mine_only_and_counts_the_unread(client, kim):
    notify([kim], text="Tiden är bestämd.", url="/kontakter/", order_number="2026-00042")
    notify([UserFactory()], text="Något annat.", url="/")
    client.force_login(kim)
    page = text_of(client.get("/notiser/"))
    assert "1 oläst" in page
    assert 'href="/kontakter/"' in page
    assert "Något annat" not in page


def test_notices_are_marked_as_read_one_by_one_by_order_and_all(client, kim):
    for number in ("2026-00001", "2026-00002", "2026-00002", "2026-00003"):
        notify([kim], text="Nytt.", url="/", order_number=number)
    client.force_login(kim)
    first = Notice.objects.unread_for(kim).get(order_number="2026-00001")
    assert client.post(reverse("notifications:notice_read", args=[first.public_id])).url == "/notiser/"
    assert mark_notices_read(kim, order_number="2026-00002") == 2
    assert Notice.objects.unread_for(kim).count() == 1
    client.post("/notiser/lasta/")
    assert "0 olästa" in text_of(client.get("/notiser/"))


def test_somebody_elses_notice_cannot_be_touched(client, kim):
    notify([kim], text="Nytt.", url="/")
    client.force_login(UserFactory(role=Role.FEE_OFFICER))
    answer = client.post(reverse("notifications:notice_read", args=[Notice.objects.get().public_id]))
    assert answer.status_code == 404
    assert Notice.objects.unread_for(kim).count() == 1


def test_marking_needs_a_post(client, kim):
    client.force_login(kim)
    assert client.get("/notiser/lasta/").status_code == 405


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_the_outbox_is_the_system_administrators(client, queue, role):
    mail = queue()
    client.force_login(UserFactory(role=role))
    assert client.get("/utskick/").status_code == 403
    assert client.post(reverse("notifications:outbox_retry", args=[mail.public_id])).status_code == 403


def test_the_outbox_shows_states_and_filters(client, admin, queue):
    queue("a")
    queue("b", template="time_settled")
    OutboxMail.objects.filter(key="b").update(state=State.FAILED, tries=10, last_error="tidsgränsen gick ut")
    page = text_of(client.get("/utskick/"))
    assert "Montering av lås" in page
    assert "10 försök, senast: tidsgränsen gick ut" in page
    assert "Alla (2)" in page
    assert "Misslyckat (1)" in page
    failed = text_of(client.get("/utskick/?lage=failed"))
    assert "Tiden är bestämd" in failed
    assert "Montering av lås" not in failed
    assert "Montering av lås" in text_of(client.get("/utskick/?lage=nonsense&page=99"))


def test_a_failed_mail_is_started_over_once(client, admin, queue):
    mail = queue()
    OutboxMail.objects.update(state=State.FAILED, tries=10, last_error="annat fel")
    url = reverse("notifications:outbox_retry", args=[mail.public_id])
    assert client.post(url).url == "/utskick/"
    mail.refresh_from_db()
    assert (mail.state, mail.tries, mail.last_error) == (State.WAITING, 0, "")
    assert [(row.by, row.order_number) for row in Action.objects.all()] == [(admin, "2026-00042")]
    client.post(url)
    assert Action.objects.count() == 1
    assert "Inget är ändrat" in text_of(client.get("/utskick/"))


def test_a_sent_mail_cannot_be_started_over(client, admin, queue):
    mail = queue()
    mail = OutboxMail.objects.claim(mail.pk)
    mail.settle()
    client.post(reverse("notifications:outbox_retry", args=[mail.public_id]))
    mail.refresh_from_db()
    assert mail.state == State.SENT


def fill(kim, admin, queue, rows):
    for number in range(rows):
        notify([admin], text=f"Nytt {number}.", url="/", order_number="2026-00042")
        send_secure(by=kim, to=[admin], subject="Ny brukare", body="Text", client=ClientFactory())
        queue(f"step-{rows}-{number}")


@pytest.mark.parametrize("url", ["/notiser/", "/meddelanden/", "/utskick/"])
def test_lists_ask_the_database_as_often_at_1_row_as_at_30(client, admin, kim, queue, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill(kim, admin, queue, 1)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    fill(kim, admin, queue, 29)
    with CaptureQueriesContext(connection) as many:
        page = client.get(url).content.decode()
    assert len(many) == len(few) <= 12
    assert "Visar 1–25 av 30" in page


@pytest.mark.parametrize("url", ["/notiser/", "/meddelanden/", "/utskick/"])
def test_empty_lists_say_so(client, admin, url):
    assert "lr-empty" in text_of(client.get(url))

"""An expired session with a form filled in: what was typed survives the log-in, for the one who typed it."""

import json
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.utils import timezone

from lasrutin import typed
from lasrutin.roles import Role

PAGE = "/kontakter/caretaker/"
TYPED = {"name": "Vaktmästarna på torget", "phone": "08-555 01 00", "email": "fel"}


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def form(client, admin, hidden):
    """The form as it stands in the browser of the system administrator, whose session then ends."""
    client.force_login(admin)
    carried = hidden(client.get(PAGE))
    client.session.flush()
    return carried


@pytest.fixture
def post(client, form):
    def send(**more):
        return client.post(more.pop("to", PAGE), form | TYPED | more)

    return send


def test_the_one_who_typed_gets_it_back(client, form, post, admin, login):
    sent = post()
    assert (sent.status_code, sent.url) == (302, "/logga-in/?next=/kontakter/caretaker/")

    page = client.get(login(admin, to=PAGE).url)

    assert page.context["form"].data.dict() == TYPED | {name: form[name] for name in ("key", "seen")}
    assert "Vaktmästarna på torget" in page.content.decode()
    assert "inte skickat" in page.content.decode()


def test_it_says_on_the_login_page_that_it_is_kept(client, post):
    assert "det du skrev kvar" in client.get(post().url).content.decode()


def test_it_is_given_back_once(client, post, admin, login):
    post()
    login(admin)
    client.get(PAGE)

    assert not client.get(PAGE).context["form"].is_bound


def test_another_person_never_gets_it_and_it_is_gone(client, post, admin, person, login):
    post()
    login(person(Role.SYSTEM_ADMIN, username="någon-annan"))
    assert not client.get(PAGE).context["form"].is_bound
    assert "typed" not in client.session

    login(admin)
    assert not client.get(PAGE).context["form"].is_bound


def test_it_is_given_to_the_form_it_was_typed_into_and_to_no_other(client, post, admin, login):
    post()
    login(admin)

    assert not client.get("/kontakter/manager/").context["form"].is_bound
    assert client.get(PAGE).context["form"].is_bound


def test_after_half_an_hour_it_is_gone(client, post, admin, login, monkeypatch):
    post()
    login(admin)
    later = (timezone.now() + timedelta(minutes=31)).timestamp()
    monkeypatch.setattr("time.time", lambda: later)

    assert not client.get(PAGE).context["form"].is_bound
    assert "typed" not in client.session


def test_it_does_not_lie_readable_in_the_database(client, post):
    post()

    assert "torget" not in json.dumps(dict(client.session))


def test_secrets_and_passwords_are_not_kept(rf, admin, client):
    request = rf.post(
        PAGE, TYPED | {"csrfmiddlewaretoken": "x", "oldpassword": "x", "password1": "x", "typed_for": "x"}
    )

    assert typed.Draft.of(request).fields == rf.post("/", TYPED).POST.urlencode()


def test_files_and_drawn_signatures_are_said_to_be_lost(client, form, admin, login):
    scan = SimpleUploadedFile("kvitto.pdf", b"%PDF-")
    client.post(PAGE, form | TYPED | {"scan": scan, "drawn": "data:image/png;base64,AAAA"})
    login(admin)

    page = client.get(PAGE)

    assert "Filer och underskrifter följde inte med" in page.content.decode()
    assert page.context["form"].data.dict() == TYPED | {name: form[name] for name in ("key", "seen")}


def test_what_is_too_long_is_not_kept_and_that_is_said(client, post):
    sent = post(name="x" * 200_000)

    assert "typed" not in client.session
    assert "kom inte fram" in told(sent)


@pytest.mark.parametrize("owner", ["", "nonsense", "InNvbWVib2R5Ig:1u0000:forged"])
def test_without_a_genuine_owner_nothing_is_kept(client, post, owner):
    sent = post(typed_for=owner)

    assert "typed" not in client.session
    assert "kom inte fram" in told(sent)


def test_login_leads_to_the_page_that_shows_the_form(post):
    sent = post(to="/losenord/", typed_at="/kontakter/caretaker/?fran=mejl")

    assert sent.url == "/logga-in/?next=/kontakter/caretaker/%3Ffran%3Dmejl"


@pytest.mark.parametrize(
    "foreign", ["https://example.com/", "//example.com/", "/\\example.com", "x" * 600, "javascript:x"]
)
def test_login_never_leads_out_of_the_product(post, foreign):
    assert post(typed_at=foreign).url == "/logga-in/?next=/"


def test_without_the_hidden_page_the_referer_leads_back(client, form):
    sent = client.post(PAGE, {}, headers={"referer": "http://testserver/mer/?a=b"})
    assert sent.url == "/logga-in/?next=/mer/%3Fa%3Db"

    assert client.post(PAGE, {}, headers={"referer": "http://example.com/mer/"}).url == "/logga-in/?next=/"


def test_htmx_is_told_to_go_to_the_login(client, form, admin, login):
    htmx = {"hx-request": "true", "hx-current-url": "http://testserver/kontakter/caretaker/"}

    read = client.get("/mer/", headers=htmx)
    assert (read.status_code, read["HX-Redirect"]) == (200, "/logga-in/?next=/kontakter/caretaker/")
    sent = client.post(PAGE, form | TYPED, headers=htmx)
    assert sent["HX-Redirect"] == "/logga-in/?next=/kontakter/caretaker/"

    login(admin)
    assert client.get(PAGE).context["form"].is_bound


def test_a_form_shown_again_with_errors_still_knows_its_page(client, admin, hidden):
    client.force_login(admin)
    first = hidden(client.get(f"{PAGE}?fran=mejl"))

    again = client.post(PAGE, first | TYPED)

    assert (again.status_code, hidden(again)["typed_at"]) == (422, "/kontakter/caretaker/?fran=mejl")


def test_a_component_included_with_only_what_it_needs_says_whose_it_is(rf, admin):
    request = rf.get("/ordrar/?a=b")
    request.user = admin
    template = engines["django"].from_string('{% include "components/step_form.html" with step=step only %}')

    page = template.render({"step": {"url": "/x/", "title": "Ta jobbet", "label": "Ta"}}, request)

    assert '<input type="hidden" name="typed_for"' in page
    assert '<input type="hidden" name="typed_at" value="/ordrar/?a=b">' in page


def test_a_log_in_in_another_tab_does_not_lose_the_form(strict_client, admin, login, hidden):
    strict_client.force_login(admin)
    old = hidden(strict_client.get(PAGE))
    strict_client.logout()
    secret = hidden(strict_client.get("/logga-in/"))
    strict_client.post("/logga-in/", secret | {"login": admin.username, "password": "sju sorters kakor"})

    sent = strict_client.post(PAGE, old | TYPED)

    assert (sent.status_code, sent.url) == (302, PAGE)
    assert strict_client.get(PAGE).context["form"].data.dict() == TYPED | {name: old[name] for name in ("key", "seen")}


def test_htmx_is_told_to_show_the_form_again(strict_client, admin, login, hidden):
    strict_client.force_login(admin)
    old = hidden(strict_client.get(PAGE))
    strict_client.logout()
    strict_client.force_login(admin)

    sent = strict_client.post(PAGE, old | TYPED, headers={"hx-request": "true"})

    assert (sent.status_code, sent["HX-Redirect"]) == (200, PAGE)


def test_another_person_in_another_tab_gets_a_clear_page_and_nothing_else(strict_client, admin, person, hidden):
    strict_client.force_login(admin)
    old = hidden(strict_client.get(PAGE))
    strict_client.logout()
    strict_client.force_login(person(Role.SYSTEM_ADMIN))

    sent = strict_client.post(PAGE, old | TYPED)

    assert sent.status_code == 403
    assert "typed" not in strict_client.session


def test_all_cookies_gone_does_not_lose_the_form(strict_client, admin, hidden):
    strict_client.force_login(admin)
    old = hidden(strict_client.get(PAGE))
    strict_client.cookies.clear()

    sent = strict_client.post(PAGE, old | TYPED)

    assert (sent.status_code, sent.url) == (302, "/logga-in/?next=/kontakter/caretaker/")
    assert "typed" in strict_client.session


def test_a_form_from_another_site_is_never_kept(strict_client, admin, hidden):
    strict_client.force_login(admin)
    old = hidden(strict_client.get(PAGE))

    sent = strict_client.post(PAGE, old | TYPED, headers={"origin": "https://example.com"})

    assert sent.status_code == 403
    assert "typed" not in strict_client.session


def test_a_browser_without_cookies_is_told_so_at_the_login(strict_client):
    sent = strict_client.post("/logga-in/", {"login": "kim", "password": "x"})

    assert sent.status_code == 403
    assert "Webbläsaren tar inte emot kakor" in sent.content.decode()


def test_the_second_login_tab_of_somebody_who_is_in_leads_to_the_start(strict_client, admin):
    strict_client.force_login(admin)

    sent = strict_client.post("/logga-in/", {"login": "kim", "password": "x"})

    assert (sent.status_code, sent.url) == (302, "/")

"""In and out: the demo logins, wrong passwords, foreign redirects, and what allauth has that we do not want."""

import pytest
from django.urls import NoReverseMatch, reverse

from lasrutin.roles import Role


def test_log_in_leads_to_what_waits(person, login):
    assert login(person(Role.ASSESSOR)).url == "/"


def test_log_in_leads_back_to_where_one_was_going(person, login):
    assert login(person(Role.ASSESSOR), to="/kontakter/?a=b").url == "/kontakter/?a=b"


@pytest.mark.parametrize(
    "foreign", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)", "https:example.com"]
)
def test_log_in_never_leads_to_another_site(person, login, foreign):
    assert login(person(Role.ASSESSOR), to=foreign).url == "/"


@pytest.mark.parametrize("foreign", ["https://example.com/", "//example.com"])
def test_nor_does_log_out(client, person, foreign):
    client.force_login(person(Role.ASSESSOR))

    assert client.post("/logga-ut/", {"next": foreign}).url == "/"


def test_log_out_asks_first_and_then_ends_the_session(client, person):
    client.force_login(person(Role.ASSESSOR))
    assert "Vill du logga ut?" in client.get("/logga-ut/").content.decode()

    client.post("/logga-ut/")

    assert client.get("/kontakter/").url == "/logga-in/?next=/kontakter/"


def test_a_wrong_password_is_told_in_swedish_and_the_name_is_kept(client, person):
    person(Role.ASSESSOR)

    page = client.post("/logga-in/", {"login": "kim", "password": "fel"}).content.decode()

    assert "Användarnamnet och/eller lösenordet är felaktigt." in page
    assert 'value="kim"' in page
    assert "<title>Fel: Logga in" in page


def test_after_five_wrong_passwords_the_right_one_does_not_help(client, person, login):
    user = person(Role.ASSESSOR)
    for _each in range(5):
        client.post("/logga-in/", {"login": "kim", "password": "fel"})

    page = login(user)

    assert page.status_code == 200
    assert "För många misslyckade inloggningsförsök" in page.content.decode()


def test_a_storm_of_log_ins_gets_a_page_that_says_so(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.get("/logga-in/")
    client.post("/logga-in/", {"login": "kim", "password": "fel"})

    page = client.post("/logga-in/", {"login": "kim", "password": "fel"})

    assert page.status_code == 429
    assert "För många försök" in page.content.decode()


def test_a_demo_login_is_refused_when_debug_is_off(person, login, settings):
    settings.DEBUG = False

    page = login(person(Role.ASSESSOR, is_demo=True))

    assert "Det går inte att logga in med det här kontot" in page.content.decode()
    assert "_auth_user_id" not in page.wsgi_request.session


def test_a_demo_login_works_on_a_local_run(person, login, settings):
    settings.DEBUG = True

    assert login(person(Role.ASSESSOR, is_demo=True)).status_code == 302


def test_a_demo_session_ends_when_debug_goes_off(client, person, login, settings):
    settings.DEBUG = True
    login(person(Role.ASSESSOR, is_demo=True))
    settings.DEBUG = False

    assert client.get("/kontakter/").status_code == 302


def test_somebody_who_has_left_does_not_come_in(person, login):
    page = login(person(Role.ASSESSOR, is_active=False))

    assert "Det går inte att logga in med det här kontot" in page.content.decode()
    assert "_auth_user_id" not in page.wsgi_request.session


def test_a_new_password_is_chosen_with_the_old_one(client, person, login):
    user = person(Role.ASSESSOR)
    client.force_login(user)
    page = client.get("/losenord/").content.decode()
    assert "Nytt lösenord" in page

    words = {
        "oldpassword": "sju sorters kakor",
        "password1": "tre små grisar i skogen",
        "password2": "tre små grisar i skogen",
    }
    answer = client.post("/losenord/", words)

    assert (answer.status_code, answer.url) == (302, "/")
    user.refresh_from_db()
    assert user.check_password("tre små grisar i skogen")


def test_a_short_password_is_refused(client, person):
    client.force_login(person(Role.ASSESSOR))

    page = client.post("/losenord/", {"oldpassword": "sju sorters kakor", "password1": "kort", "password2": "kort"})

    assert page.status_code == 200
    assert page.context["form"].errors


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "account_set_password"])
def test_what_allauth_has_besides_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)

"""Headers on every page, and the settings of a real municipality."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as configured

from lasrutin.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/logga-in/", "/tillganglighet/", "/halsa/", "/mer/", "/kontakter/", "/finns-inte/"]
)
def test_every_answer_says_what_a_browser_may_do(client, person, address):
    if address in {"/mer/", "/kontakter/"}:
        client.force_login(person(Role.ASSESSOR))

    headers = client.get(address).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["Referrer-Policy"] == "same-origin"


def test_what_somebody_saw_is_not_left_for_the_next_one(client, person, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "lasrutin.middleware.PrivatePagesMiddleware"]
    assert "Cache-Control" not in client.get("/tillganglighet/").headers
    client.force_login(person(Role.ASSESSOR))

    assert client.get("/kontakter/").headers["Cache-Control"] == "private, no-store"


def test_the_session_cookie_is_out_of_reach_for_scripts(client, person, login):
    login(person(Role.ASSESSOR))
    cookie = client.cookies["lasrutin_session"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def production(*command):
    """Run manage.py as a municipality would set it up."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "SECRET_KEY": "k3Yw9-" * 12,
        "FIELD_KEY": "another key of the checks",
        "ALLOWED_HOSTS": "las.example.se",
        "PUBLIC_URL": "https://las.example.se",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=configured.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_deployment_check_finds_nothing():
    checked = production("check", "--deploy", "--fail-level", "INFO")

    assert (checked.returncode, checked.stdout) == (0, "System check identified no issues (0 silenced).\n"), (
        checked.stderr
    )


def test_without_a_secret_it_does_not_start():
    started = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=configured.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "lasrutin.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "Set SECRET_KEY in the environment" in started.stderr


def test_error_pages_ask_the_database_for_nothing(client, django_assert_num_queries):
    from lasrutin.views import server_error

    with django_assert_num_queries(0):
        assert server_error(None).status_code == 500

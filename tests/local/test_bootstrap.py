"""The environment of a local run."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lasrutin.local import bootstrap, processes, services
from lasrutin.local.processes import StartError


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path) -> Iterator[None]:
    """An environment without what a local run sets; the real one comes back afterwards."""
    kept = dict(os.environ)
    for name in kept.keys() - {"PATH", "HOME", "LANG"}:
        del os.environ[name]
    os.environ["LASRUTIN_DATA"] = str(tmp_path / "data")
    yield
    os.environ.clear()
    os.environ.update(kept)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_defaults_are_for_one_machine_and_never_override():
    os.environ["PHONIRO_ADAPTER"] = "http"
    bootstrap.set_defaults()
    assert (os.environ["DEBUG"], os.environ["PHONIRO_ADAPTER"]) == ("true", "http")


def test_secrets_are_random_kept_and_private(tmp_path):
    file = tmp_path / "secrets.json"
    first = bootstrap.kept_secrets(file)
    assert bootstrap.kept_secrets(file) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert bootstrap.kept_secrets(tmp_path / "other.json") != first
    assert min(map(len, first.values())) >= 50


def test_production_without_a_database_is_refused():
    os.environ["DEBUG"] = "false"
    with pytest.raises(SystemExit, match="DATABASE_URL is not set"):
        bootstrap.prepare(["manage.py", "migrate"])


def test_a_named_database_leaves_the_environment_alone():
    os.environ["DATABASE_URL"] = "postgresql://elsewhere/db"
    before = dict(os.environ)
    bootstrap.prepare(["manage.py", "migrate"])
    assert dict(os.environ) == before


def test_a_command_that_only_reads_code_starts_no_server(monkeypatch):
    monkeypatch.setattr(services, "ensure", lambda: pytest.fail("started"))
    bootstrap.prepare(["manage.py", "makemessages"])
    assert "DATABASE_URL" not in os.environ


def test_a_chosen_port_that_is_taken_is_said_plainly(taken_port):
    os.environ["PORT"] = str(taken_port)
    with pytest.raises(StartError, match=f"Port {taken_port} is in use"):
        bootstrap.choose_ports()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "８０"])
def test_a_port_that_is_none_is_said_plainly(port):
    os.environ["PORT"] = port
    with pytest.raises(StartError, match="must be a number"):
        bootstrap.choose_ports()


def test_without_a_choice_another_port_is_found(taken_port, monkeypatch):
    monkeypatch.setattr(bootstrap, "PREFERRED_PORT", taken_port)
    bootstrap.choose_ports()
    assert int(os.environ["PORT"]) != taken_port
    assert processes.port_is_free(int(os.environ["PORT"]))
    assert os.environ["PUBLIC_URL"] == f"http://127.0.0.1:{os.environ['PORT']}"


def test_a_mail_server_of_ones_own_is_kept():
    os.environ["EMAIL_HOST"] = "smtp.example.se"
    bootstrap.choose_ports()
    assert "EMAIL_PORT" not in os.environ

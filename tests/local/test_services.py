"""The private PostgreSQL and Redis: they start, are found by others, come back, and go away."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from lasrutin.local import postgres, processes, reset, services
from lasrutin.local.folders import CHECKOUT, data_folder, make_folder
from lasrutin.local.processes import StartError
from lasrutin.local.services import Services
from tests import services as test_run


@pytest.fixture
def no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with neither PostgreSQL nor Redis; monkeypatch puts the addresses of the test run back."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "set back afterwards")
        monkeypatch.delenv(name)


@pytest.fixture
def started(no_servers: None) -> Iterator[Services]:
    with services.throwaway() as running:
        yield running


def ask_database() -> object:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database(), lower('ÅÄÖ')")
            return cursor.fetchone()
    finally:
        connection.close()


def ask_redis() -> object:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    try:
        return client.ping()
    finally:
        client.close()


def test_both_servers_answer(started):
    assert (ask_database(), ask_redis()) == (("lasrutin", "åäö"), True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_programs_in_a_private_folder_are_copied_to_an_open_one(no_servers, monkeypatch):
    """As in a checkout below root's home; the folder stays as private as it was."""
    monkeypatch.setattr(postgres, "open_to_all", lambda path: "site-packages" not in path.parts)
    with services.throwaway() as running:
        assert ask_database() == ("lasrutin", "åäö")
        assert [path.name.split("-")[0] for path in running.folder.glob("programs*")] == ["programs"]


def test_redis_keeps_strangers_out(started):
    stranger = redis.Redis(port=started.servers["REDIS_URL"].port, retry=Retry(NoBackoff(), 0))
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()
    stranger.close()


def test_nothing_is_left_afterwards(no_servers):
    with services.throwaway() as running:
        pids = [server.process.pid for server in running.servers.values()]
    assert [processes.command_line(pid) for pid in pids] == [None, None]
    assert not running.folder.exists()
    assert not services.missing() or {"DATABASE_URL", "REDIS_URL"}.isdisjoint(os.environ)


def test_starting_over_leaves_the_servers_of_a_run_that_goes_on(started):
    abandoned = started.folder.parent / "killed"
    abandoned.mkdir()
    reset.main()
    assert (ask_database(), ask_redis()) == (("lasrutin", "åäö"), True)
    assert (started.folder.exists(), abandoned.exists()) == (True, False)


@pytest.mark.parametrize(("name", "ask"), [("DATABASE_URL", ask_database), ("REDIS_URL", ask_redis)])
def test_a_server_that_dies_comes_back_at_its_address(started, name, ask):
    address = os.environ[name]
    server = started.servers[name]
    server.process.kill()
    server.process.wait()
    assert started.heal() == [name]
    assert os.environ[name] == address
    assert ask()


def test_a_server_set_in_the_environment_is_left_alone(no_servers, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    with services.throwaway() as running:
        assert list(running.servers) == ["REDIS_URL"]
        assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/db"


# A shell without a terminal starts what runs in the background, CI for instance, deaf to Ctrl-C; a person's is not.
SLEEPER = (
    "import signal, time; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from lasrutin.local import services; {start}; print('up', flush=True); time.sleep(60)"
)


@contextmanager
def start_python(code: str, data: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that starts servers, and has said that they are up; gone afterwards in any case."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=environment | {"LASRUTIN_DATA": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "up\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def data(no_servers: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder for processes of their own, at a place where PostgreSQL can run."""
    folder = data_folder() / f"checkout-{uuid4().hex[:8]}"
    make_folder(folder)
    monkeypatch.setenv("LASRUTIN_DATA", str(folder))
    return folder


def postmaster(data: Path) -> int:
    return int((data / "postgresql" / "postmaster.pid").read_text().split()[0])


def wait_for_end(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while processes.command_line(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    return processes.command_line(pid) is None


@pytest.mark.parametrize("request_to_end", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_the_servers_end_with_their_owner_and_start_again(data, request_to_end):
    with start_python(SLEEPER.format(start="services.ensure()"), data) as owner:
        pid = postmaster(data)
        owner.send_signal(request_to_end)
        owner.wait(15)
    assert wait_for_end(pid)
    again = services.ensure()
    assert again is not None
    assert ask_database() == ("lasrutin", "åäö")
    again.stop()


def test_what_a_test_run_leaves_running_is_found():
    environment = os.environ | {test_run.MARK: "a mark"}
    with subprocess.Popen(["sleep", "60"], env=environment) as forgotten:
        deadline = time.monotonic() + 10
        while not (found := test_run.marked_processes("a mark")) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert found == ["sleep 60 "]
        forgotten.kill()
    assert test_run.marked_processes("a mark") == []


def test_the_servers_of_a_test_run_are_among_what_is_looked_for(started):
    found = " ".join(test_run.marked_processes(os.environ[test_run.MARK]))
    assert "bin/postgres -D" in found
    assert "redis-server" in found


def test_files_of_a_killed_run_are_survived(data):
    first = services.ensure()
    assert first is not None
    first.stop()
    lock_file = data / "postgresql" / "postmaster.pid"
    lock_file.write_text(f"{os.getpid()}\n{data}/postgresql\n1\n5432\n\n\n1 1\nready\n")
    (data / "services.json").write_text("{half a fi")
    (data / "postgresql.new").mkdir()
    again = services.ensure()
    assert again is not None
    assert ask_database() == ("lasrutin", "åäö")
    again.stop()


def test_a_second_process_attaches_to_the_first(data, monkeypatch):
    start = "services.os.environ['PUBLIC_URL'] = 'http://here'; services.ensure(share=['PUBLIC_URL'])"
    with start_python(SLEEPER.format(start=start), data) as owner:
        monkeypatch.delenv("PUBLIC_URL")
        assert services.ensure() is None
        assert (ask_database(), ask_redis()) == (("lasrutin", "åäö"), True)
        assert os.environ["PUBLIC_URL"] == "http://here"
        owner.terminate()
        owner.wait(15)


def test_a_second_launcher_is_refused(data):
    with services.lock(data_folder() / "services.lock"):
        (data / "services.json").write_text(json.dumps({"process": 1, "command": "manage.py serve", "addresses": {}}))
        with pytest.raises(StartError, match="already runs from this folder"):
            services.ensure(as_owner=True)

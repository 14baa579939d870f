"""`manage.py serve` as people use it: everything comes up, is looked after, and goes away."""

import os
import re
import signal
import smtplib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from django.core.management.base import CommandError
from django.db import connection

from lasrutin.local import demo, processes
from lasrutin.local.folders import CHECKOUT, data_folder, make_folder
from lasrutin.management.commands.serve import Command
from tests.organisations import PASSWORD
from tests.scenarios.pages import Page

PATIENCE = 90
# A town with one need in it; the number of its order, and where the fee officer orders the mounting.
A_NEED = """
from tests.orders.walk import Walk
from tests.town import build_town
town = build_town()
order = Walk(town).file(town.client()).order
print(order.number, f"/ordrar/{order.public_id}/steg/order_mounting/")
"""
# Every bell that was lost, rung after all; and one more sweep.
LATE_BELLS = """
from notifications.models import OutboxMail
from notifications.tasks import send_mail, sweep_mail
for row in OutboxMail.objects.all():
    send_mail(row.pk)
sweep_mail()
"""


class Served:
    """A running `manage.py serve` and what it has said."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--without-demo"],
            cwd=CHECKOUT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.said = ""

    def wait_for(self, pattern: str) -> str:
        """Wait until something was said; returns the matching line."""
        wait_until(lambda: bool(re.search(pattern, self.listen())), lambda: f"{pattern!r} not in:\n{self.said}")
        match = re.search(f"^.*{pattern}.*$", self.said, re.MULTILINE)
        assert match is not None
        return match.group()

    def listen(self) -> str:
        assert self.process.stdout is not None
        self.said += (self.process.stdout.read() or b"").decode()
        return self.said

    def pid_of(self, words: str) -> int:
        """The process of a part."""
        for pid in self.family():
            if words in (processes.command_line(pid) or ""):
                return pid
        raise AssertionError(f"no process of {words!r}")

    def family(self) -> list[int]:
        """The launcher and all that belong to it."""
        mark = f"LASRUTIN_DATA={self.environment['LASRUTIN_DATA']}".encode()
        family = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    family.append(int(entry.name))
            except OSError:
                continue
        return family


class Visitor:
    """Somebody at a browser of their own, logged in to what is served."""

    def __init__(self, environment: dict[str, str], name: str) -> None:
        self.site = f"http://127.0.0.1:{environment['PORT']}"
        self.session = requests.Session()
        self.sends("/logga-in/", login=name, password=PASSWORD)

    def reads(self, path: str) -> Page:
        """A page that there is."""
        answer = self.session.get(f"{self.site}{path}", timeout=30)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return Page(answer.text, url=path)

    def sends(self, path: str, **answers: str) -> None:
        """Fill in the form of a page and send it."""
        given = self.reads(path).form(path).filled(answers)
        assert self.session.post(f"{self.site}{path}", given, timeout=30).status_code == 200


def runs(script: str, environment: dict[str, str]) -> str:
    """What a script says that runs beside the served product, on the same database."""
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", script]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True).stdout


def wait_until(true: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.05)


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """A machine with nothing, and a data folder for these tests: the first makes the database, the next find it made."""
    folder = data_folder() / f"serve-{uuid4().hex[:8]}"
    make_folder(folder)
    unset = {"DATABASE_URL", "REDIS_URL", "PORT", "EMAIL_HOST", "CATCHER_DIR", "PUBLIC_URL", "MAKELEVEL"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return kept | {"LASRUTIN_DATA": str(folder), "PORT": str(processes.free_port())}


@pytest.fixture
def serve(environment: dict[str, str]) -> Iterator[Callable[[], Served]]:
    """Start it, as often as wanted; what still runs at the end is stopped."""
    started: list[Served] = []

    def start() -> Served:
        started.append(Served(environment))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.process.send_signal(signal.SIGTERM)
        served.process.communicate(timeout=30)


def test_it_comes_up_is_looked_after_and_goes_away(serve, environment):
    served = serve()
    assert served.wait_for(r"Ready: ") == f"Ready: http://127.0.0.1:{environment['PORT']}"
    served.wait_for(f"Password for every demo login: {demo.DEMO_PASSWORD}")
    assert [
        name for name, _role, _note in demo.LOGINS if not re.search(rf"^  {name} ", served.said, re.MULTILINE)
    ] == []
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/halsa/", timeout=5) as answer:
        assert answer.status == 200

    catcher = processes.command_line(served.pid_of("catch_mail"))
    with smtplib.SMTP("127.0.0.1", int(catcher.split()[-1]), timeout=5) as smtp:
        assert smtp.noop()[0] == 250

    second = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=CHECKOUT,
        env=environment | {"PORT": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "lasrutin already runs from this folder" in second.stderr

    for words, said in [("redis-server", "redis was down"), ("worker --pool", "worker ended with status -9")]:
        os.kill(served.pid_of(words), signal.SIGKILL)
        served.wait_for(said)
    wait_until(lambda: "worker --pool" in str([processes.command_line(pid) for pid in served.family()]), served.listen)

    family = served.family()
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(15) == 0
    wait_until(lambda: not served.family(), lambda: str(family))


def test_a_launcher_that_is_killed_takes_everything_along_and_starts_again(serve):
    killed = serve()
    killed.wait_for(r"Ready: ")
    killed.process.kill()
    killed.process.wait()
    wait_until(lambda: not killed.family(), lambda: str([processes.command_line(pid) for pid in killed.family()]))
    serve().wait_for(r"Ready: ")


def test_a_mail_whose_worker_and_bell_are_killed_leaves_once(serve, environment):
    served = serve()
    served.wait_for(r"Ready: ")
    number, step = runs(A_NEED, environment).split()
    fee_officer, admin = (Visitor(environment, name) for name in ("fee_officer", "system_admin"))
    subject = f"{number} Montering av lås"

    # The worker stands still, so the bell lies in Redis unheard when both are killed.
    worker = served.pid_of("worker --pool")
    os.kill(worker, signal.SIGSTOP)
    fee_officer.sends(step)
    assert subject in admin.reads("/utskick/?lage=waiting").text
    for pid in (worker, served.pid_of("redis-server")):
        os.kill(pid, signal.SIGKILL)
    served.wait_for("redis was down")
    served.wait_for("worker ended with status -9")
    assert admin.reads("/inkorg/").text.count(subject) == 0

    wait_until(lambda: subject in admin.reads("/utskick/?lage=sent").text, served.listen)
    runs(LATE_BELLS, environment)
    assert admin.reads("/inkorg/").text.count(subject) == 1
    assert admin.reads("/utskick/").text.count(subject) == 1


def test_a_port_that_is_taken_is_said_and_nothing_is_started(environment):
    with subprocess.Popen([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", environment["PORT"]]) as other:
        wait_until(lambda: not processes.port_is_free(int(environment["PORT"])), str)
        refused = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=CHECKOUT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        other.terminate()
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {environment['PORT']} is in use")


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["RENAME TO people_staff_once", "RENAME COLUMN user_id TO person_id"])
def test_data_of_another_version_are_said_to_be_that(change):
    Command().prepare_database()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE people_staff {change}")

    with pytest.raises(CommandError, match="make reset"):
        Command().prepare_database()

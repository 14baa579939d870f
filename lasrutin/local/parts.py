"""The parts that `manage.py serve` runs beside each other: what starts each, and how one sees that it is up."""

import contextlib
import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lasrutin.celery import app

LOCAL = "127.0.0.1"
WEB = (
    "-m gunicorn --worker-class gthread --threads 8 --graceful-timeout 2 --log-level warning lasrutin.wsgi:application"
)
# The launcher has made the checks already.
CELERY = "-m celery --quiet --skip-checks --app lasrutin"
WORKER = f"{CELERY} worker --pool threads --concurrency 2 --without-gossip --without-mingle --loglevel WARNING"
BEAT = f"{CELERY} beat --loglevel WARNING --pidfile="
# Celery advises against root for a worker that unpickles; this one reads JSON only.
CALM = "ignore:You're running the worker with superuser privileges"


@dataclass(frozen=True)
class Part:
    """One program of the product."""

    name: str
    command: list[str]
    is_up: Callable[[], bool]


def parts() -> list[Part]:
    """All parts, as the environment asks for them. A further one is one more entry here."""
    port, mail_port = os.environ["PORT"], os.environ.get("EMAIL_PORT", "0")
    schedule = Path(os.environ["LASRUTIN_DATA"]) / "beat-schedule"
    wanted = [
        Part("web", python(WEB, "--bind", f"{LOCAL}:{port}"), lambda: answers(f"http://{LOCAL}:{port}/halsa/")),
        Part("worker", python(WORKER), worker_answers),
        Part("beat", python(BEAT, "--schedule", str(schedule)), started),
        Part("mail", python("manage.py catch_mail", "--port", mail_port), lambda: listens(int(mail_port))),
    ]
    has_mail_server = os.environ["EMAIL_HOST"] != LOCAL
    return [part for part in wanted if not (part.name == "mail" and has_mail_server)]


def python(line: str, *more: str) -> list[str]:
    """A command of this Python, run in the checkout."""
    return [sys.executable, "-W", CALM, *line.split(), *more]


def answers(url: str) -> bool:
    """Whether a page answers with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)  # noqa: PLR2004 - the HTTP status
    except (OSError, urllib.error.URLError):
        return False


def listens(port: int) -> bool:
    """Whether a server takes connections."""
    with contextlib.suppress(OSError), socket.create_connection((LOCAL, port), timeout=1):
        return True
    return False


def worker_answers() -> bool:
    """Whether a Celery worker answers a ping."""
    try:
        return bool(app.control.ping(timeout=0.3, limit=1))
    except OSError:
        return False


def started() -> bool:
    """For a part that nobody can ask: that it runs is all there is to see."""
    return True

"""The servers of a test run, as a pytest plugin: started before the settings are read, gone when the run is over.

Loaded by ``-p tests.services`` in ``pyproject.toml``. With pytest-xdist the controller starts the servers, and the
workers find their addresses in the environment.
"""

import os
import secrets
import time
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from lasrutin.local import services

MARK = "LASRUTIN_TEST_RUN"
OWN = "LASRUTIN_TEST_OWN_SERVER"
PATIENCE = 10
running = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Before pytest-django reads the settings."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        use_own_redis_database(int(worker.removeprefix("gw")))
    else:
        prepare()
    return (yield)


def prepare() -> None:
    """Start the servers and set what settings ask for. A mark in the environment tells who belongs to this run."""
    os.environ[MARK] = secrets.token_hex(8)
    if "DATABASE_URL" not in os.environ:
        os.environ[OWN] = "yes"
    started = running.enter_context(services.throwaway())
    os.environ |= {
        "DEBUG": "true",
        "SECRET_KEY": "a secret of the tests",
        "FIELD_KEY": "a field key of the tests",
        "LASRUTIN_DATA": str(started.folder / "data"),
        "CATCHER_DIR": str(started.folder / "data" / "mail"),
        "PUBLIC_URL": "http://testserver",
        "PHONIRO_ADAPTER": "manual",
        "LOG_LEVEL": "WARNING",
    }


def use_own_redis_database(number: int) -> None:
    """Workers share one Redis, which has sixteen databases."""
    address = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = address._replace(path=f"/{number % 15 + 1}").geturl()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """When everything else has ended: stop the servers, and fail the run if anything it started still runs."""
    result = yield
    if hasattr(session.config, "workerinput"):
        return result
    mark = os.environ[MARK]
    running.close()
    if left := wait_for_end(mark):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nStill running after the tests:", *left, sep="\n  ")
    return result


def pytest_unconfigure() -> None:
    """When the run broke off before it began."""
    running.close()


def wait_for_end(mark: str) -> list[str]:
    """The command lines of this run's processes that do not end."""
    deadline = time.monotonic() + PATIENCE
    while (left := marked_processes(mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def marked_processes(mark: str) -> list[str]:
    """The command lines of the processes with this mark in their environment, ourselves excepted."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0") and process.name != str(os.getpid()):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found

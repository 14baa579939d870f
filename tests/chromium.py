"""Chromium for the tests marked ``browser``, as a pytest plugin: found on the machine, never downloaded.

Where there is none those tests are skipped and the report says so plainly; with ``CI=true`` that fails the run.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

# The same Chromium without a desktop around it comes first: it takes two thirds of the time.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
# Nothing of Chromium's own business on the network, and no sandbox for root, for whom it has none.
OPTIONS = """
    --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update
    --disable-sync --font-render-hinting=none
"""
REASON = "There is no Chromium on this machine"


def program() -> str | None:
    """Where Chromium is."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what cannot run here."""
    if program():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=REASON))


def skipped(reporter: pytest.TerminalReporter) -> int:
    """How many tests did not run for want of a browser; with pytest-xdist only the controller knows."""
    return sum(REASON in str(report.longrepr) for report in reporter.stats.get("skipped", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what did not run, and how it would."""
    if number := skipped(terminalreporter):
        terminalreporter.section(f"{number} browser tests did NOT run", yellow=True)
        terminalreporter.line(f"{REASON}. On Debian, as root: apt-get install chromium-headless-shell")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What did not run was not tested: CI must not take it for a pass."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and skipped(reporter) and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium (a Playwright ``Browser``), shared by the tests of one process."""
    from django.db import connections  # a plugin is loaded before there are settings
    from playwright.sync_api import sync_playwright

    # Playwright's event loop runs in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    options = OPTIONS.split() + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=options)
        yield browser
        browser.close()
        # Beside Playwright's loop Django has connections of its own, which nobody would close before the database goes.
        connections.close_all()

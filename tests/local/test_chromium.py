"""The browser that browser tests get, and what happens where there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lasrutin.local.folders import CHECKOUT

A_TEST = """
import pytest

@pytest.mark.browser
def test_page(chromium):
    page = chromium.new_page()
    page.set_content("<h1>Hej</h1>")
    assert page.inner_text("h1") == "Hej"
    page.close()
"""


@pytest.mark.browser
def test_chromium_shows_a_page(chromium):
    page = chromium.new_page()
    page.set_content("<h1>Lås</h1>")
    assert page.inner_text("h1") == "Lås"
    page.close()


@pytest.mark.parametrize(("ci", "status", "workers"), [("false", 0, "0"), ("true", 1, "0"), ("true", 1, "2")])
def test_without_chromium_the_report_says_so_and_ci_fails(tmp_path: Path, ci, status, workers):
    (tmp_path / "test_page.py").write_text(A_TEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p tests.chromium -p xdist\nmarkers = browser: x\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", str(tmp_path), "-c", str(tmp_path / "pytest.ini"), "-n", workers],
        cwd=CHECKOUT,
        env=os.environ | {"PATH": str(tmp_path), "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stdout
    assert "browser tests did NOT run" in run.stdout
    assert "1 skipped" in run.stdout

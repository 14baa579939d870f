"""The set-up script: says what the machine lacks, does only what is missing, and finds a Node.js."""

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from lasrutin.local.folders import CHECKOUT

SCRIPT = CHECKOUT / "tools" / "setup.py"


@pytest.fixture
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lasrutin_setup", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_read_the_script_and_say_that_it_is_too_old():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_what_the_machine_lacks_is_said_at_once_and_plainly(setup, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup, "can_import", lambda *_names: False)
    with pytest.raises(SystemExit) as refusal:
        setup.check_machine()
    assert str(refusal.value).splitlines() == [
        "lasrutin cannot be set up yet:",
        "  Python's venv module is missing. On Debian: apt-get install python3-venv",
        "  git is missing. On Debian: apt-get install git",
    ]


@pytest.mark.parametrize("user", [0, 1000])
def test_what_debian_keeps_apart_of_venv_is_installed_where_we_may(setup, monkeypatch, tmp_path, user):
    asked = tmp_path / "asked"
    for program, does in {"apt-get": f'echo "$@" >> {asked}', "git": ""}.items():
        (tmp_path / program).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup.os, "geteuid", lambda: user)
    monkeypatch.setattr(setup, "can_import", lambda *_names: asked.exists())

    if user:
        with pytest.raises(SystemExit, match="Python's venv module is missing"):
            setup.check_machine()
        assert not asked.exists()
        return
    setup.check_machine()
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert asked.read_text().splitlines() == [
        "update -qq", f"install --yes -qq --no-install-recommends {package}",
    ]  # fmt: skip


def test_a_python_that_is_too_old_is_said(setup, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        setup.check_machine()


@pytest.fixture
def empty_checkout(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """A checkout whose set-up commands are noted and not run."""
    commands: list[list[str]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "run", lambda command, env=None: commands.append(command))
    (tmp_path / "requirements").mkdir()
    for name in ("local", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    return commands


def test_packages_are_installed_once_for_each_lock_file(setup, empty_checkout, capsys):
    for _ in range(2):
        setup.install_python_packages("local")
    assert [command[-1] for command in empty_checkout] == ["requirements/local.txt"]
    Path("requirements/local.txt").write_text("local==2\n")
    setup.install_python_packages("local")
    assert [command[-1] for command in empty_checkout] == ["requirements/local.txt"] * 2
    assert "Installing Python packages" in capsys.readouterr().out


def test_the_development_set_is_enough_for_a_run(setup, empty_checkout):
    setup.install_python_packages("dev")
    setup.install_python_packages("local")
    assert [command[-1] for command in empty_checkout] == ["requirements/dev.txt"]


def test_packages_are_checked_by_hash(setup, empty_checkout):
    setup.install_python_packages("local")
    assert {"--require-hashes", "--no-deps"} <= set(empty_checkout[0])


def test_a_command_that_fails_stops_the_set_up_and_shows_why(setup, capsys):
    with pytest.raises(SystemExit, match="ended with status 2"):
        setup.run(["sh", "-c", "echo the reason; exit 2"])
    assert "the reason" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "enough"), [("v18.20.4", False), ("v20.18.9", False), ("v20.19.0", True), ("v24.1.0", True)]
)
def test_an_old_node_is_not_used(setup, monkeypatch, version, enough):
    monkeypatch.setattr(setup.subprocess, "check_output", lambda *_args, **_options: version + "\n")
    assert setup.has_node() is enough


def test_without_node_the_one_from_the_packages_runs_npm(setup, monkeypatch):
    monkeypatch.setattr(setup, "has_node", lambda: False)
    setup.npm("--version")

"""The container files keep up with the code: they cannot be built in every place where the tests run."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.apps import apps

from lasrutin.local.folders import CHECKOUT

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())


def folders_of_our_apps() -> set[str]:
    paths = [Path(config.path) for config in apps.get_app_configs()]
    return {
        path.relative_to(CHECKOUT).parts[0]
        for path in paths
        if path.parent.is_relative_to(CHECKOUT) and ".venv" not in path.parts
    }


def test_every_app_is_in_the_image():
    lines = (CHECKOUT / "Dockerfile").read_text().splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    assert folders_of_our_apps() | {"templates"} <= copied


def test_everything_that_is_copied_reaches_the_builder():
    lines = (CHECKOUT / "Dockerfile").read_text().splitlines()
    copied = [
        path for line in lines if line.startswith("COPY ") and "--from" not in line for path in line.split()[1:-1]
    ]
    let_in = {line[1:] for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert [path for path in copied if path.split("/")[0] not in let_in] == []
    assert [path for path in copied if not (CHECKOUT / path).exists()] == []


def test_the_image_installs_the_lock_files():
    text = (CHECKOUT / "Dockerfile").read_text()
    assert "--require-hashes -r /tmp/base.txt" in text
    assert "npm ci" in text


def test_compose_runs_the_parts_of_the_product():
    assert set(COMPOSE["services"]) == {"web", "worker", "beat", "migrate", "db", "redis"}


def test_all_parts_come_from_one_image_and_wait_for_the_database():
    ours = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
    assert set(ours) == {"web", "worker", "beat", "migrate"}
    assert {name for name, service in ours.items() if "migrate" in service["depends_on"]} == {"web", "worker", "beat"}


def test_the_example_environment_names_every_secret():
    lines = (CHECKOUT / "example.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert {name: settings[name] for name in ("SECRET_KEY", "FIELD_KEY", "POSTGRES_PASSWORD")} == {
        "SECRET_KEY": "",
        "FIELD_KEY": "",
        "POSTGRES_PASSWORD": "",
    }
    assert "DEBUG" not in settings


def compose_client() -> list[str] | None:
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(command[0])
            and subprocess.run([*command, "version"], capture_output=True, check=False).returncode == 0
        ):
            return command
    return None


@pytest.mark.skipif(compose_client() is None, reason="there is no docker compose on this machine")
def test_compose_accepts_its_file(tmp_path):
    for name in ("docker-compose.yml", "Dockerfile"):
        shutil.copy(CHECKOUT / name, tmp_path)
    (tmp_path / ".env").write_text(
        (CHECKOUT / "example.env").read_text().replace("POSTGRES_PASSWORD=", "POSTGRES_PASSWORD=x")
    )
    done = subprocess.run([*compose_client(), "config"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

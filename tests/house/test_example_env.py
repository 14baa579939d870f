"""`example.env` lists every setting, as docs/operations.md says."""

import re

from lasrutin.local.folders import CHECKOUT

# What docker-compose.yml alone reads.
OF_COMPOSE = {"POSTGRES_PASSWORD", "PORT"}


def read() -> set[str]:
    """The names that the settings take from the environment."""
    files = (CHECKOUT / "lasrutin").glob("settings*.py")
    return {name for file in files for name in re.findall(r"""\benv(?:\.\w+)?\(\s*["'](\w+)["']""", file.read_text())}


def listed() -> list[str]:
    """The names in the example, with and without a # before them."""
    return re.findall(r"^(?:# )?([A-Z_]+)=", (CHECKOUT / "example.env").read_text(), re.MULTILINE)


def test_every_setting_stands_in_the_example_once():
    assert sorted(listed()) == sorted(read() | OF_COMPOSE)


def test_what_compose_alone_reads_is_read_there():
    compose = (CHECKOUT / "docker-compose.yml").read_text()
    assert {name for name in OF_COMPOSE if f"${{{name}:" in compose} == OF_COMPOSE

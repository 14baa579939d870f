"""Imports point one way: roles, people <- locks <- orders -> (notifications, phoniro_client)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What each part may know of the others. The house itself puts the parts together: its urls, settings and navigation.
MAY_IMPORT = {
    "lasrutin/people": {"lasrutin"},
    "lasrutin/audit": {"lasrutin"},
    "lasrutin/roles.py": set(),
    "locks": {"lasrutin", "locks"},
    "notifications": {"lasrutin", "locks", "notifications"},
    "phoniro_client": {"lasrutin", "locks", "phoniro_client"},
    "orders": {"lasrutin", "locks", "notifications", "phoniro_client", "orders"},
}
OURS = {"lasrutin", "locks", "notifications", "orders", "phoniro_client", "tests"}


def imported_by(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def python_files(part):
    place = ROOT / part
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_a_part_knows_only_what_it_may(part):
    files = python_files(part)
    wrong = {
        str(file.relative_to(ROOT)): names
        for file in files
        if (names := sorted(set(imported_by(file)) & OURS - MAY_IMPORT[part]))
    }
    assert files
    assert wrong == {}

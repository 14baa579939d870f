"""Lock files and everything else can be used from any network and any folder."""

import pytest

from tests.local import tracked_files


def test_no_tracked_file_names_a_registry_or_a_machine():
    assert tracked_files.findings() == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("see https://" + "pypi" + ".org/simple", "the address of a package registry"),
        ("--index" + "-url https://mirror.example/simple", "an option that names a package registry"),
        ("the file /ro" + "ot/x.txt", "a path of one machine"),
    ],
)
def test_each_pattern_finds_what_it_is_for(text, what):
    assert tracked_files.PATTERNS[what].search(text)


@pytest.mark.parametrize(
    "text", ["example.se/ro" + "ot/", "a/ho" + "me/b", "../wo" + "rk/", "pypi", "--no-emit-index" + "-url"]
)
def test_ordinary_text_passes(text):
    assert [what for what, pattern in tracked_files.PATTERNS.items() if pattern.search(text)] == []

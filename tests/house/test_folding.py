"""Where a mail address goes on upon a new line."""

import pytest

from lasrutin.templatetags.folding import folds


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lås.hem-tjänst@example.se", "lås<wbr>.hem<wbr>-tjänst@<wbr>example<wbr>.se"),
        ("<b>@example.se", "&lt;b&gt;@<wbr>example<wbr>.se"),
        ("Storgatan 1. Porten", "Storgatan 1. Porten"),
        ("skriv till ett@example.se", "skriv till ett@example.se"),
    ],
)
def test_only_an_address_folds_and_only_between_its_parts(text, shown):
    assert folds(text) == shown


def test_what_is_no_text_stays_what_it_is():
    assert folds(7) == 7

"""Where a line may end: in a mail address between its parts, in a telephone number nowhere."""

import pytest
from django.template.loader import render_to_string

from lasrutin.templatetags.folding import folds


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("lås.hem-tjänst@example.se", "lås<wbr>.hem<wbr>-tjänst@<wbr>example<wbr>.se"),
        ("<b>@example.se", "&lt;b&gt;@<wbr>example<wbr>.se"),
        ("Storgatan 1. Porten", "Storgatan 1. Porten"),
        ("skriv till ett@example.se", "skriv till ett@example.se"),
        ("08-465 004 11", '<span class="lr-nowrap">08-465 004 11</span>'),
        ("+46 8 465 004 11", '<span class="lr-nowrap">+46 8 465 004 11</span>'),
        ("Bo <b>, 070-174 06 10", 'Bo &lt;b&gt;, <span class="lr-nowrap">070-174 06 10</span>'),
        ("2026-00042, PE 1065 81, 144 30, 2026-08-12", "2026-00042, PE 1065 81, 144 30, 2026-08-12"),
    ],
)
def test_only_an_address_folds_and_only_between_its_parts_and_a_number_never(text, shown):
    assert folds(text) == shown


def test_what_is_no_text_stays_what_it_is():
    assert folds(7) == 7


@pytest.mark.parametrize("text", ["08-465 004 11", "Bo, 08-465 004 11"])
def test_a_number_holds_together_among_facts_and_in_the_lines_under_them(text):
    page = render_to_string("components/facts.html", {"facts": [("Telefon", text), ("Ägare", "Brf", "", text)]})
    assert page.count('<span class="lr-nowrap">08-465 004 11</span>') == 2

"""Rules that hold for every template, and the components with as little as they may be given."""

import re

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string

TEMPLATES = settings.BASE_DIR / "templates"
COMPONENTS = sorted(path.name for path in (TEMPLATES / "components").glob("*.html") if path.name != "gallery.html")
REFUSED = re.compile(r"\sstyle=|<style|\son[a-z]+=|\shx-on|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
LEAST = {
    "button.html": {"label": "Spara"},
    "changed_meanwhile.html": {"changed": [("Telefon", "–")]},
    "confirmation_panel.html": {"title": "Klart"},
    "copy_value.html": {"label": "Nummer", "value": "1"},
    "empty_state.html": {"title": "Inget här"},
    "error_summary.html": {"form": None},
    "facts.html": {"facts": [("Port", "Entré B")]},
    "filter_panel.html": {"form": ""},
    "interruption.html": {
        "title": "Stopp",
        "action": "/",
        "confirm_label": "Ja",
        "cancel_url": "/",
        "cancel_label": "Nej",
    },
    "messages.html": {"messages": []},
    "notice_list.html": {"notices": [{"title": "Ny", "when": "i dag"}]},
    "now_panel.html": {"now": {"sentence": "Klar."}},
    "page_header.html": {"title": "Ordrar"},
    "pagination.html": {"page": Paginator([1], 25).page(1)},
    "step_form.html": {"step": {"url": "/", "title": "Ta jobbet", "label": "Ta"}, "form": None, "csrf_token": "x"},
    "sticky_bar.html": {"label": "Klart"},
    "table.html": {"columns": [{"label": "Order"}], "rows": [["2026-00042"], [{"text": "2026-00043"}]]},
    "tag.html": {"text": "Pågår"},
    "task_list.html": {"lanes": [{"title": "Lås", "steps": [{"label": "Anmält", "state": "done"}]}]},
    "timeline.html": {"events": [{"when": "i dag", "title": "Anmält"}]},
    "who_gets_what.html": {"sent": [{"to": "Vaktmästeriet", "what": "Adressen"}]},
    "work_row.html": {"row": {"title": "Beställ", "url": "/"}},
}


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_makes_do_with_what_it_must_be_given(name):
    assert render_to_string(f"components/{name}", LEAST[name]) != ""


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_begins_with_its_signature_and_is_in_the_guide(name):
    source = (TEMPLATES / "components" / name).read_text()
    guide = (settings.BASE_DIR / "docs" / "components.md").read_text()

    assert (source.startswith("{% comment %}"), f"`{name}`" in guide) == (True, True)


def test_nothing_in_a_template_needs_what_the_content_security_policy_refuses():
    found = [
        f"{path.relative_to(TEMPLATES)}: {match.group().strip()}"
        for path in TEMPLATES.rglob("*.html")
        for match in REFUSED.finditer(path.read_text())
    ]

    assert found == []


def test_the_page_of_our_own_faults_needs_no_context():
    assert "Något gick sönder hos oss" in render_to_string("500.html")


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "409.html"])
def test_an_error_page_says_what_to_do_now(name):
    assert "Gör så här" in render_to_string(name, {"refused": [], "refused_heading": "Någon hann före"})

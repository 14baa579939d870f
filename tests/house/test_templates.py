"""What the strict content policy and the forms ask of every template."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "mail" not in path.relative_to(TEMPLATES).parts)
INLINE = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an event handler": r"<[a-z][^>]*\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "htmx that evaluates": r"\bhx-on\b|hx-on:|hx-vals\s*=\s*[\"']js:",
    "something from elsewhere": r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"']?(?:https?:)?//",
}
# The log-in itself, and a form that only shows what forms look like.
WITHOUT_TYPED = {"account/login.html", "components/gallery.html"}


def name(path):
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_nothing_inline_and_nothing_from_elsewhere(path):
    text = re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)

    assert [what for what, pattern in INLINE.items() if re.search(pattern, text, re.IGNORECASE)] == []


def posting_forms(path):
    text = re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", "", path.read_text(), flags=re.DOTALL)
    return re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", text, re.DOTALL | re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_form_that_posts_carries_its_secret(path):
    assert [form for form in posting_forms(path) if "{% csrf_token %}" not in form] == []


@pytest.mark.parametrize("path", [path for path in PAGES if name(path) not in WITHOUT_TYPED], ids=name)
def test_every_form_that_somebody_types_into_says_whose_it_is(path):
    typed_into = [
        form for form in posting_forms(path) if re.search(r"{{ *\w*form|as_field_group|<textarea|type=.text", form)
    ]

    assert [form for form in typed_into if "{% typed_fields" not in form] == []

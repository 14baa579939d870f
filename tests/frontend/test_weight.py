"""What a page's styles and scripts weigh over the wire."""

import gzip

import pytest
from django.conf import settings

BUILT = settings.BASE_DIR / "build" / "static"
BUDGETS = {
    ("lasrutin.css",): 16,
    ("lasrutin.js",): 28,
    # The tablet has the signature pad too; the scanner is aside.
    ("lasrutin.js", "signature.js"): 35,
    ("scan.js",): 2,
}


@pytest.mark.parametrize(("names", "most"), BUDGETS.items(), ids=[*map("+".join, BUDGETS)])
def test_a_page_is_light(names, most):
    weight = sum(len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in names)

    assert weight <= most * 1024


def test_styles_and_scripts_ask_nobody_else_for_anything():
    asked = [
        (path.name, scheme)
        for path in BUILT.iterdir()
        for scheme in ("https://", "url(", "@import", "@font-face")
        if path.suffix in {".css", ".js"} and scheme in path.read_text().replace("https://html.spec.whatwg.org", "")
    ]

    assert asked == []

"""Windows of a real browser, one per person."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client as Visitor


@pytest.fixture(autouse=True)
def fresh_content_types():
    """The table is emptied after each of these tests, and Django remembers the old rows."""
    ContentType.objects.clear_cache()


@pytest.fixture
def window(chromium, live_server, town):
    """A window per person, kept open; fails when anything breaks in one. `width` is that of a new one, in pixels."""
    complaints, pages, contexts = [], {}, []

    def opened(who, width=1280):
        if who not in pages:
            visitor = Visitor()
            visitor.force_login(town[who])
            contexts.append(
                chromium.new_context(base_url=live_server.url, locale="sv-SE", viewport={"width": width, "height": 800})
            )
            contexts[-1].add_cookies(
                [{"name": n, "value": cookie.value, "url": live_server.url} for n, cookie in visitor.cookies.items()]
            )
            pages[who] = contexts[-1].new_page()
            pages[who].on("pageerror", lambda error: complaints.append(str(error)))
        return pages[who]

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []

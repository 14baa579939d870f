"""Windows of a real browser, one per person."""

import pytest


@pytest.fixture
def window(windows, live_server, town):
    """A window per person, kept open. `width` is that of a new one, in pixels."""
    pages = {}

    def opened(who, width=1280):
        if who not in pages:
            pages[who] = windows(live_server.url, town[who], width=width, height=800)
        return pages[who]

    return opened

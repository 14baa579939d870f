"""The components in a browser: for everybody, at every width, by keyboard alone, with and without scripts."""

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.windows import findings, fits, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.frontend.urls"),
]


@pytest.fixture(scope="module")
def server():
    """A running web server. The components ask the database for nothing, and are refused if they do."""
    running = LiveServer("localhost:0")
    yield running
    running.stop()


@pytest.fixture
def open_page(windows, server):
    """Open a page in a fresh window."""

    def opened(path, **options):
        page = windows(server.url, **options)
        page.goto(path)
        return page

    return opened


@pytest.mark.parametrize("path", ["/komponenter/", "/steg/"])
@pytest.mark.parametrize("width", [1280, 820, 360, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_page, path, width):
    page = open_page(path, width=width)

    assert findings(page, sheets=True) == []
    assert fits(page)


def test_targets_are_large_enough(open_page):
    page = open_page("/komponenter/", width=360)

    small = page.evaluate("""() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
        .filter(element => !element.closest("p, dd, dt, h2, h3, td, th, li p, .govuk-error-summary, .lr-step"))
        .filter(element => !element.matches(".govuk-visually-hidden, .govuk-skip-link") && element.type !== "hidden")
        .map(element => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
        .filter(([, box]) => box.height > 0 && box.height < 44)
        .map(([html, box]) => `${html} ${box.height}`)""")

    assert small == []


def test_ctrl_k_goes_to_the_search(open_page):
    page = open_page("/steg/")
    page.keyboard.press("Control+k")

    assert page.evaluate("document.activeElement.id") == "sok"


def test_a_value_is_copied_and_the_page_says_so(open_page):
    page = open_page("/komponenter/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopiera Enhetens serienummer").click()
    page.get_by_text("Kopierat.").wait_for()

    assert page.evaluate("navigator.clipboard.readText()") == "LE 1045 12"


def test_errors_come_into_the_page_with_focus_and_title_and_nothing_typed_is_lost(windows, open_page):
    page = open_page("/steg/")
    page.get_by_label("Namn").fill("Entré B")
    page.get_by_role("button", name="Beställ portlås").click()
    page.locator(".govuk-error-summary").wait_for()
    until(page, "() => document.activeElement.matches('.govuk-error-summary')")

    assert page.title() == "Fel: Steg – Låsrutin"
    assert page.get_by_label("Namn").input_value() == "Entré B"
    page.locator(".govuk-error-summary a").first.press("Enter")
    assert page.evaluate("document.activeElement.name") == "provider"
    # The browser itself notes an answer of 422.
    windows.forgive("422")


def test_a_signature_is_drawn_posted_and_cleared(open_page):
    page = open_page("/komponenter/")
    pad = page.locator("[data-signature]").first
    posted = pad.locator("input[type=hidden]")
    canvas = pad.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90, steps=8)
    page.mouse.up()

    assert posted.input_value().startswith("data:image/png;base64,")
    pad.get_by_role("button", name="Rensa").click()
    assert posted.input_value() == ""


def test_without_scripts_everything_is_there_but_what_needs_them(open_page):
    page = open_page("/komponenter/", java_script_enabled=False)

    assert page.locator("[data-copy]").first.is_hidden()
    assert page.locator("canvas").first.is_hidden()
    assert page.locator("[data-signature] input[type=file]").first.is_visible()


def test_paper_has_no_navigation_and_no_buttons(open_page):
    page = open_page("/komponenter/")
    page.emulate_media(media="print")

    assert page.locator("button:visible, .govuk-button:visible, .lr-nav:visible, .lr-footer:visible").count() == 0


def test_when_the_session_has_ended_the_plain_form_carries_what_was_typed_to_the_login(windows, open_page):
    page = open_page("/steg/")
    page.route(
        "**/steg/",
        lambda route: route.fulfill(status=401) if "hx-request" in route.request.headers else route.continue_(),
    )
    page.get_by_label("Namn").fill("Entré B")
    with page.expect_navigation():
        page.get_by_role("button", name="Beställ portlås").click()

    assert page.get_by_label("Namn").input_value() == "Entré B"
    windows.forgive("40", "422")


def test_without_coverage_the_page_says_what_is_saved_and_keeps_what_was_typed(windows, open_page):
    page = open_page("/steg/")
    page.get_by_label("Namn").fill("Entré B")
    page.context.set_offline(True)
    page.get_by_role("button", name="Beställ portlås").click()

    assert "Inget är sparat" in page.get_by_role("alert").filter(has_text="Ingen kontakt").inner_text()
    assert page.get_by_label("Namn").input_value() == "Entré B"
    # The browser and htmx both note that the request failed.
    windows.forgive("ERR_INTERNET_DISCONNECTED", "htmx:")


CAMERA = """
window.BarcodeDetector = class {
  static getSupportedFormats = async () => ["qr_code"];
  detect = async () => [{ rawValue: " LE104512 " }];
};
Object.defineProperty(navigator, "mediaDevices", {
  value: { getUserMedia: async () => document.createElement("canvas").captureStream() },
});
HTMLMediaElement.prototype.play = async () => {};
"""


def test_a_number_is_scanned_where_the_browser_can(open_page):
    page = open_page("/steg/")
    assert page.get_by_role("button", name="Skanna").count() == 0

    page.context.add_init_script(CAMERA)
    page.reload()
    page.get_by_role("button", name="Skanna").click()
    page.get_by_role("button", name="Skanna igen").wait_for()

    assert page.get_by_label("Enhetens nummer").input_value() == "LE104512"

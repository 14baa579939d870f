"""What people do in a browser, whatever the story."""

from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus

from django.utils import timezone

from tests.windows import until


def at(days, hour=10):
    """A working moment to come, as the browser's field takes it."""
    day = timezone.localtime() + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.strftime(f"%Y-%m-%dT{hour:02d}:00")


def button(page, name):
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


@contextmanager
def answered(page):
    """Something is posted inside. Goes on when it was accepted and what comes of it is shown."""
    page.evaluate("window.isAsking = true")
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        yield
    answer = posted.value
    if answer.request.is_navigation_request() or "hx-redirect" in answer.headers:
        until(page, "!window.isAsking && document.readyState === 'complete'")
    else:
        until(page, "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    assert answer.status < HTTPStatus.BAD_REQUEST, page.get_by_role("main").inner_text()


def press(page, name):
    """Press a button that posts; it must be accepted."""
    with answered(page):
        button(page, name).click()


def open_step(page, order, label):
    page.goto(order.get_absolute_url())
    page.get_by_role("main").get_by_role("link", name=label, exact=True).first.click()


def follow(page, start, *labels):
    """From a workplace to where a row of it leads, by the first link that is called so."""
    page.goto(start)
    main = page.get_by_role("main")
    for label in labels:
        main.get_by_role("link", name=label).first.click()


def takes_the_job(page, order):
    """A caretaker takes the only free job from the board and offers a time."""
    page.goto("/jobb/")
    with answered(page):
        page.get_by_role("button", name="Ta jobbet").click()
    follow(page, "/jobb/", order.place_line)
    page.get_by_label("Första tiden").fill(at(3))
    press(page, "Föreslå tider")


def done(page, says):
    page.get_by_role("status").filter(has_text=says).first.wait_for()


def sign(page):
    pad = page.locator("[data-signature] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=8)
    page.mouse.up()


def confirm_in_phoniro(page, order):
    page.goto(order.get_absolute_url())
    everything = page.get_by_role("button", name="Allt klart för den här ordern")
    if everything.count():
        with answered(page):
            everything.click()


def take(page, order, name, **answers):
    """Open the page of a step, fill in by label, and press its button; the browser stays on what comes."""
    page.goto(f"{order.get_absolute_url()}steg/{name}/")
    for label, answer in answers.pop("fill", {}).items():
        page.get_by_label(label, exact=True).fill(answer)
    for label in answers.pop("tap", []):
        page.get_by_label(label, exact=True).click()
    if answers.pop("signed", False):
        sign(page)
    press(page, str(order.step_named(name).label))

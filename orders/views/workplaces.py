"""Where a step is taken and what comes after it: the order page, or for some roles a workplace of their own."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from lasrutin.addresses import own_address
from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.errors import AlreadyTaken, StepNotOpen
from orders.looks import record_looks
from orders.models import Order, Waiting
from orders.models.queryset import waiting_q
from orders.presenting.board import next_free, row_id
from orders.presenting.job import JobPage
from orders.presenting.turns import next_said
from orders.steps import Step

# What the order page is asked with to confirm a step that its reader has taken.
TAKEN = "klart"


@dataclass(frozen=True)
class Workplace:
    """The pages on which a role does its work: all jobs, and one."""

    role: Role
    home: str
    page: str

    def url(self, order: Order) -> str:
        """The job's page."""
        return reverse(self.page, args=[order.public_id])

    def context(self, job: JobPage, step: Step | None) -> dict[str, Any]:
        """What the job page says around the step's form."""
        return {"job": job, "ways": job.ways_on(step), "home": reverse(self.home), "back": self.url(job.order)}

    def goes_on_with(self, order: Order, user: User) -> bool:
        """Whether this person still has something to do with the job."""
        if order.caretaker_id == user.pk and order.state in order.claimed_states:
            return True
        waits = Waiting.objects.filter(waiting_q(user), order=order, role=self.role)
        return any(not order.step_named(wait.step).claims for wait in waits)


CARETAKERS = Workplace(Role.CARETAKER, home="orders:board", page="orders:job")
LOCKSMITHS = Workplace(Role.LOCKSMITH, home="orders:locksmith", page="orders:locksmith_job")
_BY_ROLE = {place.role: place for place in (CARETAKERS, LOCKSMITHS)}


def workplace_of(step: Step) -> Workplace | None:
    """The workplace of the role that takes a step; None where steps are taken on the order page."""
    return _BY_ROLE.get(step.role) if step.role is not None else None


def step_page(
    step: Step, order: Order, user: User, *, part: bool, job: JobPage | None = None
) -> tuple[str, dict[str, Any]]:
    """The template of a step's page and what it needs; for htmx only the part that changes."""
    place = workplace_of(step)
    if place is None:
        return "orders/step.html", {"back": order.get_absolute_url()}
    around = place.context(job or JobPage(order, user, place.role), step)
    return "orders/_job.html" if part else "orders/job.html", around


def render_job(
    request: HttpRequest, place: Workplace, job: JobPage, *, refused: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """A job when there is no form to show on it."""
    record_looks([job.order], by=job.user, page=SeenOn.JOB)
    context = place.context(job, None) | {"order": job.order, "step": None, "form": None, "telling": None}
    context |= {"refused": refused or [], "page_error": bool(refused)}
    template = "orders/_job.html" if getattr(request, "htmx", False) else "orders/job.html"
    return render(request, template, context, status=status)


def page_of(step: Step, order: Order) -> str:
    """The page on which the taker of a step sees the order."""
    place = workplace_of(step)
    return place.url(order) if place is not None else order.get_absolute_url()


def after_step(request: HttpRequest, step: Step, order: Order, user: User) -> HttpResponse:
    """What a person sees when a step is taken: the page that was asked for, on with the job, or the next one.

    The order page itself confirms the step for as long as it is looked at; every other page says it once.
    """
    place, asked = workplace_of(step), _asked_for(request)
    seen = Order.objects.visible_to(user).filter(pk=order.pk).exists()
    if seen and place is None and not asked and not in_row(request, order):
        return redirect(f"{order.get_absolute_url()}?{TAKEN}={step.name}")
    messages.success(request, " ".join(filter(None, [f"{step.done}.", next_said(order, user)])))
    if in_row(request, order):
        context = {"order": order, "row_id": row_id(order), "url": page_of(step, order)}
        return render(request, "orders/_taken_row.html", context)
    if asked:
        url = asked
    elif place is not None:
        url = place.url(order) if seen and place.goes_on_with(order, user) else reverse(place.home)
    else:
        url = reverse("start")
    # A part of a page cannot take in another page: the browser goes there instead.
    other_page = getattr(request, "htmx", False) and (place is not None or asked)
    return HttpResponseClientRedirect(url) if other_page else redirect(url)


def refused_template(request: HttpRequest, order: Order) -> str:
    """What answers a step that was not open: a row of the board, a part of the page, or a page."""
    if in_row(request, order):
        return "orders/_refused_row.html"
    return "orders/_refused.html" if getattr(request, "htmx", False) else "409.html"


def way_on(step: Step, order: Order, error: StepNotOpen, user: User) -> dict[str, Any]:
    """What to do instead: for somebody who lost a claim the next free job."""
    place = workplace_of(step)
    if place is None or not isinstance(error, AlreadyTaken):
        return {}
    job = next_free(user)
    said = {"next_url": place.url(job), "next_label": _("Nästa lediga jobb: %(place)s") % {"place": job.place_line}} if job else {
        "next_url": reverse(place.home), "next_label": _("Till jobben")}  # fmt: skip
    return said | {"row_id": row_id(order)}


def in_row(request: HttpRequest, order: Order) -> bool:
    """Whether the step was taken from the order's row in a list, which answers in its place."""
    return request.headers.get("HX-Target") == row_id(order)


def _asked_for(request: HttpRequest) -> str:
    """The page of ours that the form names to come back to."""
    return own_address(request.POST.get("next", ""))

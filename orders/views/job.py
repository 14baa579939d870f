"""One job: where, when, whom to ring, and the form of what is next. Posted to the step like everywhere else."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lasrutin import typed
from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.forms import form_class
from orders.looks import record_looks
from orders.pdf import job_sheet_pdf
from orders.presenting.job import JobPage
from orders.views.board import acting
from orders.views.detail import render_step, visible_order
from orders.views.workplaces import CARETAKERS, Workplace, render_job


@require_GET
def job(request: HttpRequest, public_id: str) -> HttpResponse:
    """A caretaker's job."""
    return show_job(request, CARETAKERS, acting(request, Role.CARETAKER), public_id)


def show_job(request: HttpRequest, place: Workplace, user: User, public_id: str) -> HttpResponse:
    """A job with the form of its next step, or with what it waits for."""
    order = visible_order(request, public_id)
    page = JobPage(order, user, place.role)
    step = page.next_step if order.paused_until is None else None
    if step is None:
        return render_job(request, place, page)
    kept = typed.recall(request, reverse("orders:step", args=[order.public_id, step.name]))
    return render_step(request, order, step, form_class(step)(kept, order=order, user=user), job=page)


@require_GET
@never_cache
def job_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """The job on paper: room for the numbers, the questions as boxes, a code that leads back to the order."""
    user = acting(request, Role.CARETAKER)
    order = visible_order(request, public_id)
    record_looks([order], by=user, page=SeenOn.JOB_SHEET)
    answer = HttpResponse(job_sheet_pdf(order), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="arbetsblad-{order.number}.pdf"'
    return answer

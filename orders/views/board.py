"""The caretakers' board: take a job, see one's own, see who has what."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import User
from lasrutin.roles import Role
from orders.looks import record_looks
from orders.presenting import board as presenting

PER_PAGE = 25


def acting(request: HttpRequest, *roles: Role) -> User:
    """The person, when they act in one of these roles; otherwise 403."""
    assert isinstance(request.user, User)
    if not request.user.acts_as & set(roles):
        raise PermissionDenied
    return request.user


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What is acute first, whoever has it or not; then mine, what is free, what else can be done, and what colleagues have."""
    user = acting(request, Role.CARETAKER)
    jobs = presenting.free_jobs(user)
    page = Paginator(jobs.filter(order__acute=False), PER_PAGE).get_page(request.GET.get("page"))
    free, tasks, acute = (
        list(page.object_list),
        list(presenting.other_tasks(user)),
        list(jobs.filter(order__acute=True)),
    )
    held = presenting.claimed_jobs(user)
    mine = [job for job in held if job.caretaker_id == user.pk]
    others = [job for job in held if job.caretaker_id != user.pk]
    shown = others if "alla" in request.GET else others[:PER_PAGE]
    record_looks([*(wait.order for wait in [*acute, *free, *tasks]), *mine, *shown], by=user, page=SeenOn.BOARD)
    pressing = [job for job in mine if presenting.is_pressing(job)]
    calm = [job for job in mine if job not in pressing]
    context = {
        "acute": [*map(presenting.job_row, pressing), *map(presenting.free_row, acute)],
        "page": page, "free": [presenting.free_row(wait) for wait in free], "tasks": [presenting.task_row(wait) for wait in tasks],
        "shelves": presenting.shelves(calm), "mine": len(calm), "others": [presenting.job_row(job, who=str(job.caretaker)) for job in shown],
        "others_count": len(others), "everything": "alla" in request.GET,
    }  # fmt: skip
    return render(request, "orders/board.html", context)

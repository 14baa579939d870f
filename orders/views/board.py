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
    """Mine first, then what is free, what else can be done, and what colleagues have."""
    user = acting(request, Role.CARETAKER)
    page = Paginator(presenting.free_jobs(user), PER_PAGE).get_page(request.GET.get("page"))
    free, tasks = list(page.object_list), list(presenting.other_tasks(user))
    held = presenting.claimed_jobs(user)
    mine = [job for job in held if job.caretaker_id == user.pk]
    others = [job for job in held if job.caretaker_id != user.pk]
    shown = others if "alla" in request.GET else others[:PER_PAGE]
    record_looks([*(wait.order for wait in [*free, *tasks]), *mine, *shown], by=user, page=SeenOn.BOARD)
    context = {
        "page": page, "free": [presenting.free_row(wait) for wait in free], "tasks": [presenting.task_row(wait) for wait in tasks],
        "shelves": presenting.shelves(mine), "mine": len(mine), "others": [presenting.job_row(job, who=str(job.caretaker)) for job in shown],
        "others_count": len(others),
    }  # fmt: skip
    return render(request, "orders/board.html", context)

"""What the pages of this app share: who asks, what may be seen, one page of a list, a posted form."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format

from lasrutin import typed
from lasrutin.editing import EditForm
from lasrutin.people.models import User
from lasrutin.roles import Role

PAGE_SIZE = 25
Row = TypeVar("Row", bound=Model)


def person(request: HttpRequest, *roles: Role) -> User:
    """Return who asks. 403 for those who have none of the roles."""
    user = request.user
    assert isinstance(user, User)  # the middleware lets nobody else in
    if roles and not user.acts_as & set(roles):
        raise PermissionDenied
    return user


def one_page(request: HttpRequest, rows: QuerySet[Row]) -> Page[Row]:
    """Return the part of a list that the address asks for; a page that is not there is the nearest that is."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def posted(request: HttpRequest) -> Any:
    """Return what a form is to be bound to: what was posted, or what the same person typed before a log-in."""
    return request.POST if request.method == "POST" else typed.recall(request)


def refuse(form: BaseForm, error: ValidationError) -> None:
    """Put a service's refusal at the fields it names; what has no field here stands above the form."""
    for field, texts in getattr(
        error, "error_dict", {"__all__": error.error_list if hasattr(error, "error_list") else []}
    ).items():
        form.add_error(field if field in form.fields else None, ValidationError(texts))


def form_page(request: HttpRequest, template: str, form: BaseForm, **content: Any) -> HttpResponse:
    """Answer with a page that holds a form: 422 when something in it is wrong, 409 when somebody was first."""
    posts = request.method == "POST"
    changed = form.catch_up() if posts and isinstance(form, EditForm) and form.is_stale else []
    wrong = form.is_bound and bool(form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong and posts else HTTPStatus.OK
    shown = {"form": form, "changed": changed, "page_error": wrong or bool(changed), **content}
    return render(request, template, shown, status=HTTPStatus.CONFLICT if changed else status)


def day(moment: date | datetime | None) -> str:
    """A day as a list writes it: `24 nov`, or `3 jan 2025`."""
    if moment is None:
        return ""
    local = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return date_format(local, "j b" if local.year == timezone.localdate().year else "j b Y")


def span(since: date | datetime, until: date | datetime | None) -> str:
    """From when until when: `24 nov –`, `3 jan 2025 – 24 nov`."""
    return f"{day(since)} – {day(until)}".rstrip()

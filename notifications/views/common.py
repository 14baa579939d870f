"""What the pages share."""

from datetime import datetime
from typing import TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from lasrutin.people.models import User
from lasrutin.roles import Role

ROWS = 25
Row = TypeVar("Row", bound=Model)


def person(request: HttpRequest) -> User:
    """Who is logged in; the middleware has seen to it that somebody is."""
    return cast("User", request.user)


def system_admin(request: HttpRequest) -> User:
    """Who is logged in, and a system administrator."""
    user = person(request)
    if Role.SYSTEM_ADMIN not in user.acts_as:
        raise PermissionDenied
    return user


def page_of(rows: "QuerySet[Row]", request: HttpRequest) -> "Page[Row]":
    """The page that the address asks for; the nearest one when it asks for one that is not there."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def when(moment: datetime | None) -> str:
    """A moment as a list shows it: 23 nov 14.10, with the year when it is another one."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    day = "j b" if local.year == timezone.localdate().year else "j b Y"
    return date_format(local, f"{day} H.i")

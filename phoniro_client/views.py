"""The list of what is to be done in Phoniro Care, and the buttons that say it is done."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lasrutin.addresses import own_address
from lasrutin.people.models import User
from lasrutin.roles import Role
from phoniro_client import services
from phoniro_client.errors import NotSettled, Refused, WrongRole
from phoniro_client.forms import TaskFilter
from phoniro_client.models import Command
from phoniro_client.worklist import page_of_tasks


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Show what is to be done, per order; hindered tasks first."""
    _worker(request)
    return _show(request, request.GET)


@require_POST
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody says: this is done in Phoniro Care."""
    user = _worker(request)
    command = _visible(user, key)

    def act() -> str:
        services.confirm(command, by=user)
        return _("Klart: %(task)s.") % {"task": command}

    return _act(request, act, command.order_number)


@require_POST
def confirm_all(request: HttpRequest, order_number: str) -> HttpResponse:
    """Somebody says: all that I was to do for this order is done in Phoniro Care."""
    user = _worker(request)

    def act() -> str:
        done = len(services.confirm_all(order_number, by=user))
        words = ngettext(
            "%(done)s uppgift är klar för order %(number)s.", "%(done)s uppgifter är klara för order %(number)s.", done
        )
        return words % {"done": done, "number": order_number}

    return _act(request, act, order_number)


@require_POST
def retry(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a hindered task wait for its turn again."""
    user = _worker(request)
    command = _visible(user, key)

    def act() -> str:
        services.retry(command, by=user)
        return _("Nytt försök: %(task)s.") % {"task": command}

    return _act(request, act, command.order_number)


def _worker(request: HttpRequest) -> User:
    """Who asks, when it is somebody with tasks in Phoniro Care."""
    user = cast("User", request.user)
    if not user.acts_as & {Role.SYSTEM_ADMIN, Role.FEE_OFFICER}:
        raise PermissionDenied
    return user


def _visible(user: User, key: UUID) -> Command:
    return get_object_or_404(Command.objects.visible_to(user), key=key)


def _act(request: HttpRequest, act: Callable[[], str], order_number: str) -> HttpResponse:
    """Do it and go back to where it was pressed; when it cannot be done, say why and show the order as it is now."""
    back = _next(request)
    on_list = urlsplit(back).path == reverse("phoniro_client:tasks")
    shown = QueryDict(urlsplit(back).query) if on_list else QueryDict(f"order={order_number}")
    try:
        message = act()
    except WrongRole as error:
        raise PermissionDenied from error
    except (NotSettled, Refused) as error:
        words = error.words if isinstance(error, Refused) else str(error)
        return _show(request, shown, order_number, refused=words, back="" if on_list else back)
    messages.success(request, message)
    return _show(request, shown, order_number) if _is_htmx(request) and on_list else redirect(back)


def _show(
    request: HttpRequest, shown: QueryDict, acted_on: str = "", *, refused: str = "", back: str = ""
) -> HttpResponse:
    form = TaskFilter(shown)
    chosen = form.cleaned_data if form.is_valid() else {}
    state, order = chosen.get("state", ""), chosen.get("order", "")
    user = cast("User", request.user)
    page, groups = page_of_tasks(user, state=state, order_number=order, page=shown.get("page", 1))
    address = reverse("phoniro_client:tasks")
    context = {
        "form": form,
        "page": page,
        "groups": groups,
        "active": bool(state or order),
        "refused": refused,
        "back": back,
        "page_error": bool(refused),
        "next": f"{address}?{shown.urlencode()}" if shown else address,
        "focus": acted_on if any(group.order_number == acted_on for group in groups) else "",
        "is_htmx": _is_htmx(request),
    }
    template = "phoniro_client/_list.html" if _is_htmx(request) else "phoniro_client/tasks.html"
    return render(request, template, context, status=409 if refused else 200)


def _next(request: HttpRequest) -> str:
    """Where the button stood, when that is a page of ours."""
    return own_address(request.POST.get("next", "")) or reverse("phoniro_client:tasks")


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"

"""Pages that belong to no app: health, accessibility, everything a role can reach, and what went wrong."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lasrutin import context, typed
from lasrutin.people.models import Mailbox
from lasrutin.roles import Role


@login_not_required
@never_cache
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Answer whether the product can do its work: whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database", status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement that the law asks for."""
    contact = Mailbox.objects.filter(role=Role.SYSTEM_ADMIN, organisation=None).first()
    return render(request, "pages/accessibility.html", {"contact": contact})


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Every page that this person can reach."""
    return render(request, "pages/more.html", {"places": context.all_places(request)})


@login_not_required
def bad_request(request: HttpRequest, *_exception: Exception, **_named: Exception) -> HttpResponse:
    """The request makes no sense."""
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, *_exception: Exception, **_named: Exception) -> HttpResponse:
    """The wrong role for what was asked."""
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, *_exception: Exception, **_named: Exception) -> HttpResponse:
    """There is no such thing, or not for this person: nobody can tell which."""
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Our fault. Rendered without a request, so that it asks the database for nothing."""
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose secret is missing or old: give back what was typed if it is plain whose it is."""
    if _is_ours(reason) and request.path != resolve_url(settings.LOGIN_URL):
        if not request.user.is_authenticated:
            return typed.send_to_login(request)
        if typed.rescue(request):
            return typed.send_to_form(request)
    if request.user.is_authenticated and request.path == resolve_url(settings.LOGIN_URL):
        # The log-in page stood open in a second tab.
        return redirect("start")
    template = "pages/no_cookies.html" if reason == REASON_NO_CSRF_COOKIE else "403_csrf.html"
    return render(request, template, status=HTTPStatus.FORBIDDEN)


def _is_ours(reason: str) -> bool:
    """Whether the form can have come from one of our own pages: a foreign one fails on its origin."""
    return not reason.startswith(("Origin checking failed", "Referer checking failed"))

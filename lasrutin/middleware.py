"""Requests that cannot be right or that cross another, forms that come after the log-in has ended, private pages."""

from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render
from psycopg2.errors import DeadlockDetected

from lasrutin import typed, views

Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]
Args = tuple[object, ...]
Kwargs = dict[str, object]


class NullByteMiddleware:
    """Refuse null bytes, which no database can hold, with a page that says what to do and keeps the rest."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look through the address and the cookies."""
        if any("\0" in text for text in [request.path_info, *request.COOKIES.values(), *_texts(request.GET)]):
            return render(request, "pages/null_byte.html", {"form_page": ""}, status=HTTPStatus.BAD_REQUEST)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: View, _args: Args, _kwargs: Kwargs) -> HttpResponse | None:
        """Look through the form, when it is known who sends it."""
        try:
            if not any("\0" in text for text in _texts(request.POST)):
                return None
        except RequestDataTooBig:
            return render(request, "pages/too_large.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except UnreadablePostError:
            return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
        kept = typed.form_page(request) if typed.rescue(request) else ""
        return render(request, "pages/null_byte.html", {"form_page": kept}, status=HTTPStatus.BAD_REQUEST)


class KeepTypedMiddleware:
    """Keep what was typed when a form comes after the log-in has ended; tell htmx where to go."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on: what there is to do waits until the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, _args: Args, _kwargs: Kwargs) -> HttpResponse | None:
        """Send to the log-in what would be lost there; the rest is for `LoginRequiredMiddleware`."""
        if not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated:
            typed.forget_if_old(request)
            return None
        if request.method == "POST" or getattr(request, "htmx", None):
            return typed.send_to_login(request)
        return None


class PrivatePagesMiddleware:
    """Leave nothing in the browser for the next person: tablets and office computers are shared."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say so with every answer that somebody was logged in for."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class OwnNotFoundMiddleware:
    """Show the product's own 404 page on a local run too, where Django would show a page for developers."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace the answer to an address that leads nowhere."""
        response = self.get_response(request)
        if settings.DEBUG and response.status_code == HTTPStatus.NOT_FOUND and request.resolver_match is None:
            return views.not_found(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that found nothing."""
        return views.not_found(request, exception) if isinstance(exception, Http404) else None


class CrossedMiddleware:
    """Carry out once more what crossed somebody else's change: of two that wait for each other PostgreSQL ends one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on: what there is to do comes when it has failed."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Nothing of the posting was kept, and the other's change is through."""
        if not isinstance(exception.__cause__, DeadlockDetected) or request.resolver_match is None:
            return None
        for _name, files in request.FILES.lists():
            for file in files:
                file.seek(0)
        match = request.resolver_match
        view: View = match.func
        return view(request, *match.args, **match.kwargs)


def _texts(form: QueryDict) -> Iterator[str]:
    for name, values in form.lists():
        yield name
        yield from values

"""What this app does around every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from orders.conditions import nothing_changes


class ReadingMiddleware:
    """A page that is only read changes no order: what many of its steps ask of one is asked once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Remember the answers while a page is made."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with nothing_changes():
            return self.get_response(request)

"""The mail that the local catcher took. Exists on a local run only, where no mail leaves the machine."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import caught
from notifications.views.common import ROWS, when


@login_not_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what was caught, the newest first."""
    folder = _folder()
    page = Paginator(caught.names(folder), ROWS).get_page(request.GET.get("page"))
    mails = [mail for name in page if (mail := caught.read(folder, name))]
    columns = [{"label": _("Ämne")}, {"label": _("Till")}, {"label": _("När")}]
    rows = [
        [
            {"text": mail.subject, "url": reverse("notifications:inbox_mail", args=[mail.name])},
            mail.receivers,
            when(mail.at),
        ]
        for mail in mails
    ]
    return render(request, "notifications/inbox.html", {"page": page, "columns": columns, "rows": rows})


@login_not_required
@require_safe
def inbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one caught mail: what people read, and its source."""
    mail = caught.read(_folder(), name)
    if mail is None:
        raise Http404
    return render(request, "notifications/inbox_mail.html", {"mail": mail, "when": when(mail.at)})


def _folder() -> Path:
    if not (settings.DEBUG and settings.CATCHER_DIR):
        raise Http404
    return Path(settings.CATCHER_DIR)

"""Pages that show clients, for those who may know them. Names stand in no address; each look is written down."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look, record_protected_looks
from lasrutin.editing import held
from lasrutin.identifiers import IdentityNumber
from lasrutin.people.models import User
from lasrutin.roles import CASE_OFFICERS, KNOWS_CLIENT, Role
from locks.forms.clients import ClientFilter
from locks.models import Client
from locks.models.clients import ClientQuerySet
from locks.pages import one_page, person
from locks.panels import panels_of
from locks.presenting.clients import MUNICIPAL, ClientPage, client_columns, client_row, columns, listed
from locks.searching import Search
from locks.services.clients import clients_without_lock

SEARCH = Search("locks.client_search", ("given_name", "family_name", "address__street", "address__street_number"))


def visible_client(request: HttpRequest, client_id: str, *, page: SeenOn, to_edit: bool = False) -> Client:
    """Return a client this person may see, and write the look down. 403 for who never may, 404 for any other.

    to_edit: nobody else changes the client before the form that was posted is answered; in a transaction.
    """
    user = person(request, *KNOWS_CLIENT)
    clients = Client.objects.visible_to(user).select_related("address__entrance__house__owner")
    client = get_object_or_404(held(request, clients) if to_edit else clients, public_id=client_id)
    record_look(client, by=user, page=page)
    return client


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def clients(request: HttpRequest) -> HttpResponse:
    """The clients this person may know of. A search is posted, so that no name stands in an address."""
    user = person(request, *KNOWS_CLIENT)
    if request.method == "POST":
        return _search(request, user)
    words = SEARCH.words(request)
    form = ClientFilter(request.GET, user=user)
    found = form.narrow(SEARCH.narrow(Client.objects.visible_to(user), words))
    return _list(request, user, found, "locks/clients.html", form=form, words=words)


@never_cache
@require_safe
def without_lock(request: HttpRequest) -> HttpResponse:
    """Clients with services and no lock (0.1)."""
    user = person(request, *CASE_OFFICERS, Role.SYSTEM_ADMIN)
    return _list(request, user, clients_without_lock().visible_to(user), "locks/clients_without_lock.html")


@never_cache
@require_safe
def client(request: HttpRequest, client_id: str) -> HttpResponse:
    """One client."""
    found = visible_client(request, client_id, page=SeenOn.CLIENT)
    return _page(request, found)


@never_cache
@require_POST
def identity(request: HttpRequest, client_id: str) -> HttpResponse:
    """The client's page with the personal identity number on it: asked for, and written down as that."""
    person(request, *CASE_OFFICERS, Role.SYSTEM_ADMIN)
    found = visible_client(request, client_id, page=SeenOn.IDENTITY_NUMBER)
    if not found.identity_number:
        raise Http404
    return _page(request, found, identity_shown=True)


def _search(request: HttpRequest, user: User) -> HttpResponse:
    """Keep the words for the list. An identity number leads to its client, and is kept nowhere."""
    try:
        number = IdentityNumber.parse(request.POST.get("q", ""))
    except ValidationError:
        SEARCH.take(request)
        return redirect("locks:clients")
    found = Client.objects.visible_to(user).with_identity(number).first()
    if found is not None and user.acts_as & MUNICIPAL:
        return redirect("locks:client", found.public_id)
    messages.info(request, _("Ingen brukare som du får se har det personnumret."))
    return redirect("locks:clients")


def _list(request: HttpRequest, user: User, found: ClientQuerySet, template: str, **content: Any) -> HttpResponse:
    page = one_page(request, listed(found, user))
    shown = list(page.object_list)
    record_protected_looks(shown, by=user, page=SeenOn.CLIENTS)
    count = page.paginator.count
    context = {
        "page": page,
        "columns": client_columns(),
        "rows": [client_row(one) for one in shown],
        "counted": ngettext("%(count)s brukare", "%(count)s brukare", count) % {"count": count},
        "may_edit": bool(user.acts_as & {Role.ASSESSOR, Role.SYSTEM_ADMIN}),
        "municipal": bool(user.acts_as & {*CASE_OFFICERS, Role.SYSTEM_ADMIN}),
        "clear_url": reverse("locks:clients"),
    }
    return render(request, template, context | content)


def _page(request: HttpRequest, found: Client, *, identity_shown: bool = False) -> HttpResponse:
    user = person(request)
    shown = ClientPage(found, user, identity_shown=identity_shown)
    content = {
        "client": found,
        "shown": shown,
        "panels": panels_of(request, found),
        "service_columns": columns(_("Insats"), _("Utförare"), _("Tid")),
        "receipt_columns": columns(_("Utförare"), _("Nycklar"), _("Kvitterad"), _("Läge")),
        "link_columns": columns(_("Enhet"), _("Tid"), _("Läge")),
    }
    return render(request, "locks/client.html", content)

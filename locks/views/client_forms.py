"""Pages that change clients: new, corrected, services, and who may read a protected one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from guardian.shortcuts import get_users_with_perms

from lasrutin.audit.pages import SeenOn
from lasrutin.editing import held
from lasrutin.once import once
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.forms.clients import ADDRESS, EditClientForm, EndServiceForm, ReaderForm, ServiceForm
from locks.forms.new_client import NewClientForm
from locks.models import CareService, Client
from locks.pages import form_page, person, posted, refuse, span
from locks.services.clients import (
    end_service,
    file_client,
    find_or_create_address,
    grant_services,
    name_reader,
    namesake_at,
    remove_reader,
    update_client,
)
from locks.views.clients import visible_client

_EDITORS = (Role.ASSESSOR, Role.SYSTEM_ADMIN)
# The order that a client without one is put in for.
_NEW_LOCK = "new-lock"
_either = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_either
@once
def client_new(request: HttpRequest) -> HttpResponse:
    """Put a new client into the register, with the services that are granted; from an order's form straight back to it."""
    user = person(request, *_EDITORS)
    filing = request.GET.get("anmal") == _NEW_LOCK and Role.ASSESSOR in user.acts_as
    form = NewClientForm(posted(request), user=user)
    if request.method == "POST" and form.is_valid():
        made = _try(form, lambda: _file(form, user))
        if made is not None:
            messages.success(request, _("Brukaren är inlagd i registret."))
            if made.is_protected:
                said = _(
                    "Bara du ser brukaren nu. När du anmäler låset väljer du en avgiftshandläggare, som namnger fler."
                )
                messages.warning(request, said)
            if filing:
                return redirect("orders:begin_for_client", _NEW_LOCK, made.public_id)
            return redirect("locks:client", made.public_id)
    where = {"filing": _NEW_LOCK if filing else "", "client": None, "namesake": form.namesake}
    return form_page(request, "locks/client_form.html", form, **where)


@never_cache
@_either
@once
@transaction.atomic
def client_edit(request: HttpRequest, client_id: str) -> HttpResponse:
    """Correct what the register says about a client."""
    user = person(request, *_EDITORS)
    client = visible_client(request, client_id, page=SeenOn.EDIT_CLIENT, to_edit=True)
    form = EditClientForm(posted(request), initial=_facts_of(client))
    if request.method == "POST" and form.is_valid():
        saved = _try(
            form,
            lambda: update_client(client, by=user, address=find_or_create_address(**form.place), **form.facts),
        )
        if saved is not None:
            messages.success(request, _("Uppgifterna är sparade."))
            return redirect("locks:client", client.public_id)
    return form_page(request, "locks/client_form.html", form, client=client, namesake=None)


@never_cache
@_either
@once
def services(request: HttpRequest, client_id: str) -> HttpResponse:
    """A client's services: grant one, or let one end."""
    user = person(request, *_EDITORS)
    client = visible_client(request, client_id, page=SeenOn.SERVICES)
    form = ServiceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        granted = _try(form, lambda: _grant(form, client, user))
        if granted is not None:
            messages.success(request, _("Insatsen är beviljad."))
            return redirect("locks:services", client.public_id)
    running = client.services.not_ended().select_related("provider")
    rows = [(service, span(service.starts, service.ends)) for service in running]
    return form_page(request, "locks/services.html", form, client=client, rows=rows)


@never_cache
@_either
@once
@transaction.atomic
def service_end(request: HttpRequest, client_id: str, service_id: str) -> HttpResponse:
    """Let a service end, or set another last day."""
    user = person(request, *_EDITORS)
    client = visible_client(request, client_id, page=SeenOn.SERVICES)
    service = get_object_or_404(held(request, client.services.all()), public_id=service_id)
    form = EndServiceForm(posted(request), initial={"ends": service.ends or timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        ended = _try(form, lambda: end_service(service, ends=form.cleaned_data["ends"], by=user))
        if ended is not None:
            messages.success(request, _("Insatsens sista dag är sparad."))
            return redirect("locks:services", client.public_id)
    return form_page(request, "locks/service_end.html", form, client=client, service=service)


@never_cache
@_either
def readers(request: HttpRequest, client_id: str) -> HttpResponse:
    """Who may read a protected client: the fee officer names them (0.6)."""
    user = person(request, Role.FEE_OFFICER)
    client = visible_client(request, client_id, page=SeenOn.READERS)
    if not client.is_protected:
        raise Http404
    if request.method == "POST" and "remove" in request.POST:
        reader = get_object_or_404(User, public_id=request.POST["remove"])
        remove_reader(client, reader, by=user)
        messages.success(request, _("%(name)s ser inte längre brukaren.") % {"name": reader})
        return redirect("start" if reader == user else "locks:readers", *([] if reader == user else [client.public_id]))
    form = ReaderForm(request.POST if request.method == "POST" else None, client=client)
    if request.method == "POST" and form.is_valid():
        name_reader(client, form.cleaned_data["reader"], by=user)
        messages.success(request, _("%(name)s ser nu brukaren.") % {"name": form.cleaned_data["reader"]})
        return redirect("locks:readers", client.public_id)
    named: Any = get_users_with_perms(client, only_with_perms_in=["read_protected_client"])
    return form_page(request, "locks/readers.html", form, client=client, readers=named)


def _try(form: Any, command: Any) -> Any:
    """Run a command as one transaction. Its refusal goes to the form, and the answer is None."""
    try:
        with transaction.atomic():
            return command()
    except ValidationError as error:
        refuse(form, error)
        return None


def _file(form: NewClientForm, user: User) -> Client:
    address = find_or_create_address(**form.place)
    name = {field: form.cleaned_data[field] for field in ("given_name", "family_name")}
    form.refuse_namesake(namesake_at(address, by=user, **name))
    client = file_client(by=user, address=address, **form.facts)
    grant_services(client, form.grants, by=user)
    return client


def _grant(form: ServiceForm, client: Client, user: User) -> list[CareService]:
    try:
        return grant_services(client, [form.grant], by=user)
    except ValidationError as error:
        raise ValidationError({"kind": error.messages}) from error


def _facts_of(client: Client) -> dict[str, Any]:
    facts = {
        name: getattr(client, name) for name in ("given_name", "family_name", "phone", "hands_out_key", "protection")
    }
    return facts | {name: getattr(client.address, name) for name in ADDRESS}

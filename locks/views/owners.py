"""Pages about houses, their owners, and the consent that doors wait for (1.9a)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lasrutin.audit.services import record_action
from lasrutin.editing import held
from lasrutin.once import once
from lasrutin.people.models import User
from lasrutin.roles import CASE_OFFICERS, Role
from locks.files import send_file
from locks.forms.owners import BLANKET, AnswerForm, EditOwnerForm, OwnerFilter, OwnerForm
from locks.models import Approval, Entrance, PropertyOwner
from locks.pages import form_page, one_page, person, posted, refuse
from locks.panels import owner_panels_of
from locks.presenting.clients import columns
from locks.presenting.owners import (
    approval_rows,
    entrance_rows,
    listed_owners,
    owner_facts,
    owner_row,
    waiting_doors,
    waiting_row,
)
from locks.searching import Search
from locks.services import consent

# An owner can be a person, so this search stands in no address either.
SEARCH = Search("locks.owner_search", ("name", "properties__designation", "properties__entrances__street"))
_READERS = (*CASE_OFFICERS, Role.SYSTEM_ADMIN)
_WRITERS = (Role.FEE_OFFICER, Role.SYSTEM_ADMIN)
_either = require_http_methods(["GET", "HEAD", "POST"])


@_either
def owners(request: HttpRequest) -> HttpResponse:
    """The doors that wait for consent, oldest first; then all owners."""
    user = person(request, *_READERS)
    if request.method == "POST":
        SEARCH.take(request)
        return redirect("locks:owners")
    words = SEARCH.words(request)
    form = OwnerFilter(request.GET)
    found = SEARCH.narrow(PropertyOwner.objects.all(), words).distinct()
    if form.kind_chosen:
        found = found.filter(kind=form.kind_chosen)
    page = one_page(request, listed_owners(PropertyOwner.objects.filter(pk__in=found.order_by().values("pk"))))
    may_write = bool(user.acts_as & set(_WRITERS))
    waiting = [waiting_row(approval, may_answer=may_write) for approval in waiting_doors(user)]
    count = page.paginator.count
    content = {
        "form": form,
        "words": words,
        "page": page,
        "waiting": waiting,
        "waiting_columns": columns(
            _("Entré"), _("Ägare"), _("Frågad"), _("Svar senast"), _("Påmind"), _("Hem bakom porten")
        ),
        "rows": [owner_row(owner) for owner in page.object_list],
        "columns": columns(_("Ägare"), _("Slag"), _("Kontakt"), _("Entréer"), _("Godkännande")),
        "counted": ngettext("%(count)s fastighetsägare", "%(count)s fastighetsägare", count) % {"count": count},
        "may_write": may_write,
        "clear_url": reverse("locks:owners"),
    }
    return render(request, "locks/owners.html", content)


@require_safe
def owner(request: HttpRequest, owner_id: str) -> HttpResponse:
    """One owner: contact, entrances, questions and answers."""
    user = person(request, *_READERS)
    found = get_object_or_404(PropertyOwner, public_id=owner_id)
    may_write = bool(user.acts_as & set(_WRITERS))
    content = {
        "owner": found,
        "panels": owner_panels_of(request, found),
        "facts": owner_facts(found),
        "entrances": entrance_rows(found, user, may_answer=may_write),
        "entrance_columns": columns(_("Entré"), _("Portenhet"), _("Godkännande"), _("Svar")),
        "approvals": approval_rows(found, user),
        "approval_columns": columns(_("Gäller"), _("Svar"), _("Dag och vem"), _("Antecknat av"), _("Dokument")),
        "may_write": may_write,
    }
    return render(request, "locks/owner.html", content)


@_either
@once
@transaction.atomic
def owner_edit(request: HttpRequest, owner_id: str | None = None) -> HttpResponse:
    """Change how an owner is reached, or put a new one into the register."""
    user = person(request, *_WRITERS)
    found = get_object_or_404(held(request, PropertyOwner.objects.all()), public_id=owner_id) if owner_id else None
    form = (EditOwnerForm if found else OwnerForm)(posted(request), instance=found)
    if request.method == "POST" and form.is_valid() and (saved := _saved(form)) is not None:
        record_action(_("ändrade en fastighetsägare"), by=user, subject=saved.public_id)
        messages.success(request, _("Fastighetsägaren är sparad."))
        return redirect("locks:owner", saved.public_id)
    return form_page(request, "locks/owner_form.html", form, owner=found)


@_either
@once
def owner_answer(request: HttpRequest, owner_id: str) -> HttpResponse:
    """Write down an owner's yes or no, to one entrance or to all of them."""
    user = person(request, *_WRITERS)
    found = get_object_or_404(PropertyOwner, public_id=owner_id)
    files = request.FILES if request.method == "POST" else None
    form = AnswerForm(posted(request), files, owner=found, user=user, chosen=request.GET.get("entre", "")[:12])
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _record(form, found, user)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Svaret är antecknat."))
            return redirect("locks:owner", found.public_id)
    return form_page(request, "locks/owner_answer.html", form, owner=found)


@require_POST
def owner_ask(request: HttpRequest, owner_id: str) -> HttpResponse:
    """Write down that the owner has been asked about an entrance, or about all of them."""
    user = person(request, *_WRITERS)
    found = get_object_or_404(PropertyOwner, public_id=owner_id)
    about = request.POST.get("entre", "")
    entrance = None if about == BLANKET else get_object_or_404(Entrance, public_id=about, house__owner=found)
    with transaction.atomic():
        consent.ask(found, entrance, by=user)
    messages.success(request, _("Frågan är antecknad i dag."))
    return redirect("locks:owner", found.public_id)


@require_safe
def approval_document(request: HttpRequest, approval_id: str) -> FileResponse:
    """The paper of an approval."""
    user = person(request, *_READERS)
    approval = get_object_or_404(Approval.objects.visible_to(user).exclude(document=""), public_id=approval_id)
    return send_file(approval.document)


def _saved(form: OwnerForm) -> PropertyOwner | None:
    """The owner; none where somebody put in the same one a moment before, which the form says then."""
    try:
        with transaction.atomic():
            owner: PropertyOwner = form.save()
    except IntegrityError:
        try:
            form.instance.validate_constraints()
        except ValidationError as refusal:
            refuse(form, refusal)
            return None
        raise
    return owner


def _record(form: AnswerForm, owner: PropertyOwner, user: User) -> None:
    blanket = form.cleaned_data["about"] == BLANKET
    given = {"owner": owner, "entrance": form.entrance, "by": user, **form.answered}
    if form.cleaned_data["answer"] == Approval.State.APPROVED:
        consent.approve(blanket=blanket, **given)
    else:
        consent.refuse(reason=form.cleaned_data["reason"], **given)

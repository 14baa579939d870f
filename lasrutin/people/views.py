"""The contact page (9.1), and the way in and out."""

import re
from http import HTTPStatus
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.views import LoginView, PasswordChangeView
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lasrutin import typed
from lasrutin.audit.services import record_action
from lasrutin.editing import held
from lasrutin.once import once
from lasrutin.people.backends import LoginBackend
from lasrutin.people.contacts import MUNICIPAL, ROLES_OF, Contact, contacts_for
from lasrutin.people.forms import MailboxForm
from lasrutin.people.models import Mailbox, Municipality, Organisation, User
from lasrutin.roles import Role

Cell = dict[str, Any]


class LogIn(LoginView):
    """Log in with a name and a password, and with an account that may."""

    def get_form(self, form_class: type[LoginForm] | None = None) -> LoginForm:
        """Without placeholders: they only repeat the labels."""
        return _without_placeholders(super().get_form(form_class))

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """Refuse here whom the backend refuses: allauth would go on with them, the password being right."""
        may_enter = LoginBackend().user_can_authenticate(form.user)
        if not may_enter:
            form.add_error(None, _("Det går inte att logga in med det här kontot. Be systemförvaltaren om hjälp."))
        answer: HttpResponse = super().form_valid(form) if may_enter else self.form_invalid(form)
        return answer


class PasswordChange(PasswordChangeView):
    """Choose a new password, and go on to what waits."""

    def get_form(self, form_class: type[ChangePasswordForm] | None = None) -> ChangePasswordForm:
        """Say in our own words what is asked of a password."""
        form = _without_placeholders(super().get_form(form_class))
        form.fields["password1"].help_text = _(
            "Minst tolv tecken. Några ord efter varandra är lätta att minnas och svåra att gissa."
        )
        return form

    def get_default_success_url(self) -> str:
        """Lead to the start page."""
        return reverse("start")


@login_not_required
@require_safe
def panel_login(request: HttpRequest) -> HttpResponse:
    """Where the administration panel sends those it does not let in: to the log-in, or nowhere."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", reverse("admin:index")))


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Who is reached where: the same rows that address every mail."""
    user = _user(request)
    editor = Role.SYSTEM_ADMIN in user.roles
    found = [each for each in contacts_for(user) if editor or each.email or each.phone]
    content = {
        "groups": [group for group in _groups(found, editor=editor) if group["rows"]],
        "columns": [{"label": label} for label in (_("Vem"), _("Namn"), _("Telefon"), _("Mejl"))],
        "editor": editor,
    }
    return render(request, "people/contacts.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
@once
@transaction.atomic
def edit_contact(request: HttpRequest, role: str, public_id: str | None = None) -> HttpResponse:
    """Change where a role is reached, or say it for the first time."""
    user = _user(request)
    if Role.SYSTEM_ADMIN not in user.roles:
        raise PermissionDenied
    mailbox = _mailbox(request, role, public_id)
    data = request.POST if request.method == "POST" else typed.recall(request)
    form = MailboxForm(data, instance=mailbox)
    if request.method == "POST" and form.is_valid():
        _save(form, by=user)
        messages.success(request, _("Kontakten är sparad. Mejl går till %(email)s.") % {"email": form.instance.email})
        return redirect("contacts")
    changed = form.catch_up() if request.method == "POST" and form.is_stale else []
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    content = {
        "form": form,
        "changed": changed,
        "role": capfirst(str(Role(role).label)),
        "organisation": mailbox.organisation.name if mailbox.organisation else "",
        "page_error": form.is_bound and bool(form.errors or changed),
    }
    return render(request, "people/contact.html", content, status=HTTPStatus.CONFLICT if changed else status)


def _mailbox(request: HttpRequest, role: str, public_id: str | None) -> Mailbox:
    """The mailbox there is, or a new one for a role that this organisation can have."""
    organisation = get_object_or_404(Organisation, public_id=public_id) if public_id else None
    # A contact that is not there yet has no row to hold: the municipality's is held for all of them.
    held(request, Municipality.objects.filter(pk=Municipality.ours().pk)).first()
    mailboxes = held(request, Mailbox.objects.select_related("organisation"))
    kept = mailboxes.filter(role=role, organisation=organisation).first()
    if kept is not None:
        return kept
    if role not in (ROLES_OF[organisation.kind] if organisation else MUNICIPAL):
        raise Http404
    if organisation is None:
        return Mailbox(role=role)
    return Mailbox(
        role=role, organisation=organisation, name=organisation.contact_name or organisation.name,
        phone=organisation.phone, email=organisation.email,
    )  # fmt: skip


def _save(form: MailboxForm, *, by: User) -> None:
    """Save, and write down who turned the mail in another direction."""
    mailbox = form.save()
    changed = (str(form.fields[name].label).lower() for name in form.changed_data)
    what = _("ändrade en kontakt: %(fields)s") % {"fields": ", ".join(changed)}
    subject = mailbox.organisation.public_id if mailbox.organisation else mailbox.role[:12]
    record_action(what, by=by, subject=subject)


def _without_placeholders(form: forms.Form) -> Any:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _groups(found: list[Contact], *, editor: bool) -> list[dict[str, Any]]:
    kinds = Organisation.Kind
    groups: list[tuple[str, set[str]]] = [
        (_("Kommunen"), {"", kinds.CARETAKERS}),
        (_("Utförare"), {kinds.IN_HOUSE, kinds.EXTERNAL}),
        (_("Låssmeder"), {kinds.LOCKSMITH}),
    ]
    return [
        {"title": title, "rows": [_row(each, editor=editor) for each in found if each.kind in wanted]}
        for title, wanted in groups
    ]


def _row(contact: Contact, *, editor: bool) -> list[Cell | str]:
    note = capfirst(str(contact.role.label)) if contact.organisation else ""
    who = {"text": contact.heading, "note": note} | ({"url": _edit_url(contact)} if editor else {})
    if not contact.email:
        mail = {"tag": _("Saknas"), "tone": "warn", "note": _("Inga mejl kan skickas hit.")}
    else:
        mail = {"text": contact.email, "url": f"mailto:{contact.email}"}
    dialled = re.sub(r"[ -]", "", contact.phone)
    return [who, contact.name or "–", {"text": contact.phone, "url": f"tel:{dialled}"} if dialled else "–", mail]


def _edit_url(contact: Contact) -> str:
    if contact.organisation is None:
        return reverse("edit_contact", args=[contact.role.value])
    return reverse("edit_contact", args=[contact.role.value, contact.organisation.public_id])

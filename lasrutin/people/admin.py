"""The panel's pages about people and organisations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, get_objects_for_user, remove_perm

from lasrutin.admin import ByRole, EditableRows
from lasrutin.audit.services import record_action
from lasrutin.panel import EditPage, KeepsTyped
from lasrutin.people.models import Mailbox, Municipality, Organisation, Provider, ProviderUnit, User
from lasrutin.roles import Role

STAFF = "people.act_for_organisation"
# The roles that act for an organisation, and the kinds of it.
_ACTS_FOR = {
    Role.PROVIDER: {Organisation.Kind.EXTERNAL, Organisation.Kind.IN_HOUSE},
    Role.COORDINATOR: {Organisation.Kind.IN_HOUSE},
    Role.LOCKSMITH: {Organisation.Kind.LOCKSMITH},
}


class Checks(forms.CheckboxSelectMultiple):
    """Boxes to tick, as the panel draws them."""

    template_name = "admin/checks.html"


class ReachForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes no argument at run time
    """Roles say what a person does, organisations for whom."""

    roles = forms.MultipleChoiceField(
        label=_("Roller"), required=False, widget=Checks,
        choices=[(role.value, capfirst(str(role.label))) for role in Role],
    )  # fmt: skip
    organisations = forms.ModelMultipleChoiceField(
        label=_("Organisationer"), required=False, widget=Checks,
        queryset=Organisation.objects.all(),
        help_text=_("Utförare, samordnare och låssmeder ser bara det som gäller deras organisationer."),
    )  # fmt: skip
    # The panel sets it to the person who works in it.
    editor: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["roles"].initial = [role.value for role in self.instance.roles]
            self.fields["organisations"].initial = organisations_of(self.instance)

    def clean(self) -> dict[str, Any] | None:
        """Refuse a role without the organisation it acts for, and locking oneself out."""
        given = super().clean() or self.cleaned_data
        roles = {Role(role) for role in given.get("roles", ())}
        kinds = {organisation.kind for organisation in given.get("organisations", ())}
        for role in sorted(roles & set(_ACTS_FOR)):
            if not kinds & _ACTS_FOR[role]:
                lacking = _("Rollen %(role)s behöver en organisation av rätt slag.") % {"role": role.label}
                self.add_error("organisations", ValidationError(lacking, code="organisation"))
        staying = Role.SYSTEM_ADMIN in roles and given.get("is_active", True)
        if self.instance.pk and self.instance.pk == self.editor.pk and not staying:
            own = _("Du kan inte ta bort din egen roll som systemförvaltare. Be en annan systemförvaltare.")
            self.add_error("roles", ValidationError(own, code="own_role"))
        return given


class ChangeUserForm(ReachForm, UserChangeForm):  # type: ignore[type-arg]
    """A person there is; the password has a page of its own."""


class NewUserForm(ReachForm, AdminUserCreationForm):  # type: ignore[type-arg]
    """A new person, with a first password."""


def organisations_of(user: User) -> Any:
    """The organisations a person is staff of."""
    return get_objects_for_user(user, STAFF, klass=Organisation, accept_global_perms=False, with_superuser=False)


def set_reach(user: User, *, roles: list[str], organisations: list[Organisation], by: User) -> None:
    """Give a person exactly these roles and organisations, and write it down."""
    user.groups.set(Group.objects.filter(name__in=roles))
    had = set(organisations_of(user))
    for organisation in had - set(organisations):
        remove_perm(STAFF, user, organisation)
    for organisation in set(organisations) - had:
        assign_perm(STAFF, user, organisation)
    user.forget_reach()
    record_action(str(_("ändrade roller och organisationer")), by=by, subject=user.public_id)


class RoleFilter(admin.RelatedOnlyFieldListFilter):
    """People by what they do, in the words of the routine."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("roll")

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """The roles that somebody has, by their labels."""
        labels: dict[Any, Any] = dict(Role.choices)
        return [(pk, labels.get(name, name)) for pk, name in super().field_choices(field, request, model_admin)]


@admin.register(User)
class PersonAdmin(KeepsTyped, ByRole, UserAdmin):  # type: ignore[type-arg]  # it takes no argument at run time
    """People, what they do and for whom. Nobody is deleted: a person who has left is not active."""

    form = ChangeUserForm
    add_form = NewUserForm
    list_display = ("username", "full_name", "role_names", "is_active", "last_login")
    list_filter = ("is_active", ("groups", RoleFilter))
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined")
    _person: Any = (
        (_("Person"), {"fields": ("first_name", "last_name", "email", "phone")}),
        (_("Behörighet"), {"fields": ("roles", "organisations")}),
    )
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        *_person,
        (_("Inloggning"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "usable_password", "password1", "password2")}), *_person)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch the roles with the people."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]  # as UserAdmin's own
        """Tell the form who works in it."""
        made: Any = super().get_form(request, obj, **kwargs)
        made.editor = request.user
        return made

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Set roles and organisations with the person."""
        super().save_related(request, form, formsets, change)
        given = form.cleaned_data
        if "roles" in given:
            organisations = list(given["organisations"])
            set_reach(form.instance, roles=given["roles"], organisations=organisations, by=request.user)  # type: ignore[arg-type]  # the panel lets nobody else in

    @admin.display(description=_("namn"), ordering="last_name")
    def full_name(self, user: User) -> str:
        """The name, if it is known."""
        return user.get_full_name()

    @admin.display(description=_("roller"))
    def role_names(self, user: User) -> str:
        """The roles in words."""
        held = {group.name for group in user.groups.all()}
        return ", ".join(str(role.label) for role in Role if role.value in held)


class ProviderUnitInline(EditableRows):
    """A provider's units in Phoniro Care."""

    model = ProviderUnit
    readonly_fields = ("in_phoniro_since",)


class MailboxInline(EditableRows):
    """Where an organisation's roles are reached."""

    model = Mailbox


@admin.register(Organisation)
class OrganisationAdmin(EditPage):
    """Every organisation with staff in the product."""

    list_display = ("name", "kind", "contact_name", "phone", "email", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    inlines = (MailboxInline,)


@admin.register(Provider)
class ProviderAdmin(EditPage):
    """Those who give care, with their units."""

    list_display = ("name", "kind", "contact_name", "phone", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    inlines = (ProviderUnitInline,)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A provider is in-house or external."""
        if db_field.name == "kind":
            kinds = (Organisation.Kind.EXTERNAL, Organisation.Kind.IN_HOUSE)
            kwargs["choices"] = [(kind.value, kind.label) for kind in kinds]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


@admin.register(ProviderUnit)
class ProviderUnitAdmin(EditPage):
    """Units as Phoniro Care knows them."""

    list_display = ("name", "provider", "in_phoniro_since")
    list_filter = ("provider",)
    list_select_related = ("provider",)
    search_fields = ("name",)
    readonly_fields = ("in_phoniro_since",)


@admin.register(Mailbox)
class MailboxAdmin(EditPage):
    """The contact page (9.1), which addresses every mail."""

    list_display = ("role", "organisation", "name", "email", "phone")
    list_filter = ("role",)
    list_select_related = ("organisation",)

    def has_delete_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing points to a mailbox."""
        return self.has_change_permission(request)


@admin.register(Municipality)
class MunicipalityAdmin(EditPage):
    """What the municipality decides for all: one row."""

    def has_add_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Once."""
        return super().has_add_permission(request) and not Municipality.objects.exists()


admin.site.unregister(Group)

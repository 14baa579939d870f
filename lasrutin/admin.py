"""The system administrator's panel: Django's admin, opened by the role and by nothing else."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, StackedInline, TabularInline
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lasrutin.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from lasrutin.people.models import User

# The panel by the work it is for; a model that stands in no group comes last, under its own app.
_GROUPS = (
    (_("Enheter och kopplingar"), ("locks.Unit", "locks.ClientLink", "locks.Installation", "phoniro_client.Command")),
    (_("Brukare"), ("locks.Client",)),
    (
        _("Användare och organisationer"),
        ("people.User", "people.Organisation", "people.Provider", "people.ProviderUnit", "people.Mailbox"),
    ),
    (_("Fastigheter"), ("locks.PropertyOwner", "locks.Property", "locks.Entrance", "locks.Address")),
    (_("Kommunens beslut"), ("people.Municipality", "orders.Rate", "orders.DueRule", "locks.Article")),
    (_("Loggar"), ("audit.Look", "audit.Action")),
)


def is_system_admin(user: "User | AnonymousUser") -> bool:
    """Whether this person may work in the panel. `is_staff` and `is_superuser` say nothing here."""
    return user.is_active and Role.SYSTEM_ADMIN in getattr(user, "roles", frozenset())


class LasrutinAdminSite(AdminSite):
    """The panel, in Swedish, grouped by what the system administrator does."""

    site_header = _("Systemförvaltning")
    site_title = _("Låsrutin")
    index_title = _("Register och behörigheter")
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Only the system administrator comes in."""
        return is_system_admin(request.user)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Group the models by work instead of by app."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {model["model"]._meta.label: model for app in apps for model in app["models"]}
        grouped = [
            _group(str(title), [models.pop(label) for label in labels if label in models]) for title, labels in _GROUPS
        ]
        rest = [
            app | {"models": [model for model in app["models"] if model["model"]._meta.label in models]} for app in apps
        ]
        return [group for group in [*grouped, *rest] if group["models"]]


def _group(title: str, models: list[Any]) -> dict[str, Any]:
    label = slugify(title)
    return {
        "name": title,
        "app_label": label,
        "app_url": f"{reverse('admin:index')}#{label}",
        "has_module_perms": True,
        "models": models,
    }


class ByRole:
    """For a ModelAdmin or an inline: the system administrator reads, adds and changes; what has a history stays."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown in the panel."""
        return is_system_admin(request.user)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Read."""
        return is_system_admin(request.user)

    def has_add_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Added."""
        return is_system_admin(request.user)

    def has_change_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Changed."""
        return is_system_admin(request.user)

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Not deleted: others point to it, also back in time. There is a tick or a date for what is over."""
        return False


class ReadOnly(ByRole):
    """For what the product writes itself: read only."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """The product adds it."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """What happened is not rewritten."""
        return False


class ReadOnlyRows(ReadOnly, TabularInline):  # type: ignore[type-arg]  # it takes no argument at run time
    """What the product writes itself, as a plain table under what it belongs to."""

    template = "admin/read_only_rows.html"
    extra = 0


class EditableRows(ByRole, StackedInline):  # type: ignore[type-arg]  # the same
    """What is changed together with what it belongs to: each field under its label, which a table's fields have not."""

    extra = 0


class LasrutinAdminConfig(AdminConfig):
    """Use our site wherever Django says `admin.site`."""

    default_site = "lasrutin.admin.LasrutinAdminSite"

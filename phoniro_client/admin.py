"""The system administrator's panel: every command with its history. Changes are made on the list of tasks."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lasrutin.admin import is_system_admin
from phoniro_client.models import Command


@admin.register(Command)
class CommandAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's own takes no parameter at run time
    """Read only: what was asked for, by which order, how it went. No name of a client."""

    list_display = ["order_number", "verb", "state", "role", "effective_on", "created_at", "done_at", "tasks"]
    list_filter = ["state", "verb", "role"]
    search_fields = ["order_number"]
    search_help_text = _("Sök på ordernummer")
    date_hierarchy = "created_at"
    ordering = ["-pk"]
    list_select_related = ["confirmed_by"]
    fields = [
        *("order_number", "step", "verb", "payload", "role", "state", "effective_on", "tries", "next_try_at"),
        *("last_error", "created_at", "done_at", "confirmed_by", "tasks"),
    ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Command]":
        """Protected clients for named readers only, here too."""
        return super().get_queryset(request) & Command.objects.visible_to(request.user)  # type: ignore[arg-type]  # the panel lets nobody else in

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown in the panel."""
        return is_system_admin(request.user)

    def has_view_permission(self, request: HttpRequest, _command: Command | None = None) -> bool:
        """Read by the system administrator."""
        return is_system_admin(request.user)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Commands come from the steps of orders."""
        return False

    def has_change_permission(self, _request: HttpRequest, _command: Command | None = None) -> bool:
        """What was done is not rewritten."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _command: Command | None = None) -> bool:
        """What was done is not forgotten."""
        return False

    @admin.display(description=_("uppgifter"))
    def tasks(self, command: Command) -> SafeString:
        """The way to the order's tasks, where they are confirmed and tried again."""
        address = f"{reverse('phoniro_client:tasks')}?state=all&order={command.order_number}"
        return format_html('<a href="{}">{}</a>', address, _("Visa"))

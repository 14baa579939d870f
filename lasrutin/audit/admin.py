"""The panel's pages about who looked at what, and who changed what. Searched by ids: no name is in them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from lasrutin.admin import ReadOnly
from lasrutin.audit.models import Action, Look


@admin.register(Look)
class LookAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # it takes no argument at run time
    """Looks at clients' data."""

    list_display = ("at", "by", "page", "client_ref", "protected", "order_number")
    list_filter = ("protected", "page")
    list_select_related = ("by",)
    date_hierarchy = "at"
    search_fields = ("client_ref", "order_number", "by__username")
    search_help_text = _("Sök på brukarens id, ordernummer eller användarnamn")


@admin.register(Action)
class ActionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Changes of the register."""

    list_display = ("at", "by", "what", "client_ref", "subject", "order_number")
    list_select_related = ("by",)
    date_hierarchy = "at"
    search_fields = ("client_ref", "subject", "order_number", "by__username")
    search_help_text = _("Sök på id, ordernummer eller användarnamn")

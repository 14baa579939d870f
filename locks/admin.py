"""The panel's pages about the world. Names stand in no address: clients are found through the product's own search."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lasrutin.admin import EditableRows, ReadOnly, ReadOnlyRows
from lasrutin.dates import DateTimeField
from lasrutin.forms import DateTimeLocalInput
from lasrutin.identifiers import tidy_serial
from lasrutin.order_labels import order_label, with_hidden_orders
from lasrutin.panel import EditPage
from locks.admin_looks import RecordsLooks, protected_at, protected_behind
from locks.models import (
    Address,
    Article,
    CareService,
    Client,
    ClientLink,
    Entrance,
    Installation,
    Property,
    PropertyOwner,
    StockMovement,
    Unit,
)
from locks.models.clients import hidden_addresses, hidden_entrances
from locks.presenting.store import orders_of


class NamesOrders:
    """By which orders a unit came to a place and went; a protected one is named to its readers only."""

    @admin.display(description=_("order"))
    def order(self, installation: Any) -> str:
        """By which order it came there."""
        return orders_of(installation)[0]

    @admin.display(description=_("nedtagen i order"))
    def ended_by(self, installation: Any) -> str:
        """By which order it went."""
        return orders_of(installation)[1]


class InstallationInline(NamesOrders, ReadOnlyRows):
    """Where a unit has been. A protected address is left out."""

    model = Installation
    fields = readonly_fields = ("address", "entrance", "since", "until", "order", "ended_by")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what this person may not know."""
        shown = _without_hidden(super().get_queryset(request), request).select_related("address", "entrance")
        return _with_orders_marked(shown, request)


class MovementInline(ReadOnlyRows):
    """A unit's ways in and out of the store."""

    model = StockMovement
    fields = readonly_fields = ("at", "quantity", "reason", "counterpart", "order", "by")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what may be said of the orders."""
        return _with_hidden_orders(super().get_queryset(request), request)

    @admin.display(description=_("order"))
    def order(self, movement: Any) -> str:
        """By which order it moved."""
        return order_label(movement.order_number, hidden=movement.order_hidden)


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A unit's number may be written as it is read aloud."""

    serial = forms.CharField(label=_("nummer"), max_length=12)

    def clean_serial(self) -> str:
        """Keep the number in its one form."""
        return tidy_serial(self.cleaned_data["serial"])


@admin.register(Unit)
class UnitAdmin(EditPage):
    """Lock units and door units. New ones come by a delivery, so that the store's sums stay right."""

    form = UnitForm
    list_display = ("number", "kind", "article", "status", "holder", "page")
    list_filter = ("status", "kind", "article")
    list_select_related = ("article", "holder")
    search_fields = ("serial",)
    search_help_text = _("Sök på nummer utan mellanslag, till exempel LE104512")
    fields = ("serial", "kind", "article", "status", "holder", "page")
    readonly_fields = ("kind", "status", "holder", "page")
    inlines = (InstallationInline, MovementInline)

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Registered on the page of deliveries."""
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A unit's model is one that has numbers."""
        if db_field.name == "article":
            kwargs["queryset"] = Article.objects.filter(kind__in=Unit.Kind.values)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("sida"))
    def page(self, unit: Unit) -> SafeString:
        """The way to the unit's page."""
        return format_html('<a href="{}">{}</a>', reverse("locks:unit", args=[unit.public_id]), _("Öppna"))


@admin.register(Installation)
class InstallationAdmin(RecordsLooks, NamesOrders, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """What sits where, and what sat there."""

    list_display = ("unit", "address", "entrance", "since", "until", "order")
    list_filter = ("kind", ("until", admin.EmptyFieldListFilter))
    list_select_related = ("unit", "address", "entrance")
    date_hierarchy = "since"
    fields = ("unit", "kind", "address", "entrance", "since", "until", "order", "ended_by")
    search_fields = ("unit__serial", "address__street", "entrance__street")

    def told_by(self, rows: list[Any]) -> list[Client]:
        """Who is protected and lives where a unit sits or sat."""
        return [*protected_at(row.address for row in rows), *protected_behind(row.entrance for row in rows)]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what this person may not know."""
        return _with_orders_marked(_without_hidden(super().get_queryset(request), request), request)


class ServiceInline(ReadOnlyRows):
    """A client's services."""

    model = CareService
    fields = ("kind", "provider", "provider_unit", "starts", "ends")


class LinkInline(ReadOnlyRows):
    """What Phoniro Care links a client to."""

    model = ClientLink
    fields = ("unit", "provider_unit", "since", "until")


@admin.register(Client)
class ClientAdmin(RecordsLooks, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Clients whom this person may see, with services and links. Changed on the client's own page."""

    list_display = ("full_name", "address", "protection", "hands_out_key", "in_phoniro_since", "page")
    list_filter = ("protection", "hands_out_key", ("in_phoniro_since", admin.EmptyFieldListFilter))
    list_select_related = ("address",)
    fields = ("full_name", "address", "protection", "hands_out_key", "in_phoniro_since", "page")
    inlines = (ServiceInline, LinkInline)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Protected clients for named readers only, here too."""
        return super().get_queryset(request) & Client.objects.visible_to(request.user)  # type: ignore[arg-type]  # the panel lets nobody else in

    @admin.display(description=_("namn"), ordering="family_name")
    def full_name(self, client: Client) -> str:
        """The name: this person may know it."""
        return client.full_name

    @admin.display(description=_("sida"))
    def page(self, client: Client) -> SafeString:
        """The way to the client's page, where things are changed."""
        return format_html('<a href="{}">{}</a>', reverse("locks:client", args=[client.public_id]), _("Öppna"))


@admin.register(ClientLink)
class ClientLinkAdmin(RecordsLooks, EditPage):
    """What Phoniro Care links to whom, as confirmed. Corrected here when the register and Phoniro Care differ."""

    list_display = ("who", "unit", "provider_unit", "since", "until")
    list_filter = (("until", admin.EmptyFieldListFilter), "provider_unit")
    list_select_related = ("client", "unit", "provider_unit")
    search_fields = ("unit__serial", "client__public_id")
    search_help_text = _("Sök på enhetens nummer eller brukarens id")
    raw_id_fields = ("client", "unit")
    fields = ("client", "unit", "provider_unit", "since", "until")
    # One field under its label; Django's own are two, and neither has one.
    formfield_overrides = {models.DateTimeField: {"form_class": DateTimeField, "widget": DateTimeLocalInput}}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Links of clients whom this person may see."""
        visible = Client.objects.visible_to(request.user)  # type: ignore[arg-type]  # the panel lets nobody else in
        return super().get_queryset(request).filter(client__in=visible.values("pk"))

    def told_by(self, rows: list[Any]) -> list[Client]:
        """The clients who are linked."""
        return [link.client for link in rows]

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A link keeps its ends: another link is another row."""
        return ("client", "unit", "provider_unit") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A new link is made for a client whom this person may see."""
        if db_field.name == "client":
            kwargs["queryset"] = Client.objects.visible_to(request.user)  # type: ignore[arg-type]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("brukare"), ordering="client__family_name")
    def who(self, link: ClientLink) -> str:
        """The client's name: this person may know it."""
        return link.client.full_name


@admin.register(Article)
class ArticleAdmin(EditPage):
    """What the store keeps."""

    list_display = ("number", "name", "kind", "level", "reorder_point")
    list_filter = ("kind",)
    search_fields = ("number", "name")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count what lies in the store."""
        articles: Any = super().get_queryset(request)
        return articles.with_level()

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The kind stays: units and movements hang on it."""
        return ("kind",) if obj else ()

    @admin.display(description=_("i förrådet"), ordering="level")
    def level(self, article: Any) -> int:
        """How many lie in the store."""
        count: int = article.level
        return count


@admin.register(PropertyOwner)
class PropertyOwnerAdmin(EditPage):
    """Who decides over a house."""

    list_display = ("name", "kind", "contact_name", "phone", "document_required")
    list_filter = ("kind", "document_required")


class EntranceInline(EditableRows):
    """A house's entrances."""

    model = Entrance


@admin.register(Property)
class PropertyAdmin(EditPage):
    """Houses."""

    list_display = ("designation", "owner")
    list_select_related = ("owner",)
    search_fields = ("designation",)
    inlines = (EntranceInline,)


@admin.register(Entrance)
class EntranceAdmin(RecordsLooks, EditPage):
    """Shared doors to the street."""

    list_display = ("street_line", "label", "variant", "house", "postcode", "town")
    list_filter = ("variant",)
    list_select_related = ("house",)
    search_fields = ("street", "house__designation")

    def told_by(self, rows: list[Any]) -> list[Client]:
        """Who is protected and lives behind them."""
        return protected_behind(rows)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out behind which only protected people live."""
        hidden = hidden_entrances(request.user)  # type: ignore[arg-type]  # the panel lets nobody else in
        return super().get_queryset(request).exclude(pk__in=hidden.values("pk"))


@admin.register(Address)
class AddressAdmin(RecordsLooks, EditPage):
    """Clients' doors. A new one comes with a client."""

    list_display = ("door_line", "postcode", "town", "has_entrance", "entrance")
    list_filter = ("has_entrance", "town")
    list_select_related = ("entrance",)
    search_fields = ("street", "postcode")

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Comes with a client."""
        return False

    def told_by(self, rows: list[Any]) -> list[Client]:
        """Who is protected and lives there."""
        return protected_at(rows)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out where a protected person lives."""
        hidden = hidden_addresses(request.user)  # type: ignore[arg-type]  # the panel lets nobody else in
        return super().get_queryset(request).exclude(pk__in=hidden.values("pk"))


def _without_hidden(installations: Any, request: HttpRequest) -> Any:
    return installations.without_hidden(request.user)


def _with_hidden_orders(rows: Any, request: HttpRequest) -> Any:
    return with_hidden_orders(rows, request.user)  # type: ignore[arg-type]  # the panel lets nobody else in


def _with_orders_marked(installations: Any, request: HttpRequest) -> Any:
    """Both orders of an installation: that by which it came there, and that by which it went."""
    user: Any = request.user
    return with_hidden_orders(with_hidden_orders(installations, user), user, field="ended_by_order", mark="end_hidden")

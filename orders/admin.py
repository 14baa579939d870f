"""The system administrator's panel: rates and due days are decided here; the invoice basis is read."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lasrutin.admin import ReadOnly, ReadOnlyRows
from lasrutin.audit.pages import SeenOn
from lasrutin.order_labels import order_label, with_hidden_orders
from lasrutin.panel import EditPage
from lasrutin.people.models import User
from orders.billing import price_waiting_lines
from orders.looks import record_looks
from orders.models import DueRule, InvoiceLine, Order, OrderEvent, Rate


@admin.register(Rate)
class RateAdmin(EditPage):
    """What the caretakers' work costs, from which day (0.4)."""

    list_display = ["kind", "amount", "valid_from"]
    list_filter = ["kind"]

    def save_model(self, request: HttpRequest, obj: Rate, form: Any, change: Any) -> None:
        """Work that was done before its rate was decided gets its amount now."""
        super().save_model(request, obj, form, change)
        priced = price_waiting_lines()
        if priced:
            said = ngettext("%(count)s rad fick sitt belopp.", "%(count)s rader fick sina belopp.", priced)
            messages.info(request, said % {"count": priced})


class DueRuleForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own takes no parameter at run time
    """A step of a routine, chosen from those that somebody is awaited for."""

    which = forms.ChoiceField(label=_("steg"))

    class Meta:
        model = DueRule
        fields = ["days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (
                str(routine.title),
                [(f"{slug}/{step.name}", f"{step.label} ({step.within})") for step in routine.steps() if step.awaited],
            )
            for slug, routine in Order.registry.items()
        ]
        if self.instance.pk:
            self.initial["which"] = f"{self.instance.routine}/{self.instance.step}"

    def clean(self) -> dict[str, Any]:
        """One rule a step."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        routine, _slash, step = values.get("which", "").partition("/")
        self.instance.routine, self.instance.step = routine, step
        if DueRule.objects.filter(routine=routine, step=step).exclude(pk=self.instance.pk).exists():
            self.add_error("which", _("Steget har redan en tidsgräns. Ändra den i stället."))
        return values


@admin.register(DueRule)
class DueRuleAdmin(EditPage):
    """Within how many working days a step is due, where the municipality has decided otherwise than the routine."""

    form = DueRuleForm
    fields = ["which", "days"]
    list_display = ["said", "days"]

    def has_delete_permission(self, request: HttpRequest, obj: DueRule | None = None) -> bool:
        """Without its rule a step is due as the routine says."""
        return self.has_change_permission(request, obj)

    @admin.display(description=_("steg"))
    def said(self, rule: DueRule) -> str:
        """The routine and the step in Swedish; their names in the code when a step has gone."""
        routine = Order.registry.get(rule.routine)
        step = next((step for step in routine.steps() if step.name == rule.step), None) if routine else None
        return f"{routine.title}: {step.label}" if routine and step else str(rule)


@admin.register(InvoiceLine)
class InvoiceLineAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # the same
    """What is to be invoiced: written by the product, read here."""

    list_display = ["which_order", "kind", "amount", "done_on"]
    list_display_links = None
    list_filter = ["kind", "done_on"]
    list_select_related = ["order"]
    fields = ["which_order", "kind", "amount", "done_on"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what may be said of the orders."""
        assert isinstance(request.user, User)
        return with_hidden_orders(super().get_queryset(request), request.user, field="order__number")

    @admin.display(description=_("order"), ordering="order")
    def which_order(self, line: Any) -> str:
        """Its number, unless the order is protected and this person is not named for it (0.6)."""
        return order_label(line.order.number, hidden=line.order_hidden)


class EventInline(ReadOnlyRows):
    """What has happened to an order: who took which step, when. What was reported is read on the order's own page."""

    model = OrderEvent
    fields = readonly_fields = ("at", "step", "by", "role", "before", "after")


@admin.register(Order)
class OrderAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # the same
    """Orders, to read. They move by steps on their own pages and by nothing else."""

    list_display = ["number", "what", "where_it_stands", "provider", "opened_at", "closed_at"]
    list_filter = ["routine", ("closed_at", admin.EmptyFieldListFilter), "opened_at"]
    list_select_related = ["provider"]
    search_fields = ["number"]
    search_help_text = _("Sök på ordernummer")
    ordering = ["-opened_at", "-pk"]
    fields = [
        *(
            "number",
            "what",
            "where_it_stands",
            "state_since",
            "provider",
            "caretaker",
            "locksmith",
            "unit",
            "door_order",
        ),
        *("visit_at", "paused_until", "opened_by", "opened_at", "closed_at", "page"),
    ]
    inlines = [EventInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Protected orders for named readers only, here too."""
        assert isinstance(request.user, User)
        return Order.objects.visible_to(request.user)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Order | None:
        """The order. A look at a protected one is written down."""
        order: Order | None = super().get_object(request, object_id, from_field)
        if order is not None:
            assert isinstance(request.user, User)
            record_looks([order], by=request.user, page=SeenOn.PANEL)
        return order

    @admin.display(description=_("ärende"), ordering="routine")
    def what(self, order: Order) -> str:
        """The routine in Swedish."""
        return str(order.title)

    @admin.display(description=_("läge"), ordering="state")
    def where_it_stands(self, order: Order) -> str:
        """The state in Swedish."""
        return order.state_label

    @admin.display(description=_("sida"))
    def page(self, order: Order) -> SafeString:
        """The way to the order's own page."""
        return format_html('<a href="{}">{}</a>', order.get_absolute_url(), _("Öppna ordern"))

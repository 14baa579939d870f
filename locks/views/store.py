"""Pages of the caretakers' store: what there is, what came, what went (0.3, 7.3b, 8.1c)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_protected_looks
from lasrutin.once import once
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.forms.store import CountForm, DeliveryForm, HandOutForm, UnitFilter
from locks.models import Client, Unit
from locks.pages import form_page, one_page, person, posted, refuse
from locks.panels import unit_panels_of
from locks.presenting.clients import columns
from locks.presenting.store import (
    UnitPage,
    article_list,
    article_row,
    listed_units,
    low_articles,
    movement_row,
    movements,
    unit_row,
)
from locks.services.stock import count_articles, hand_out_articles, register_articles
from locks.services.units import receive, register_delivery, retire

_KEEPERS = (Role.CARETAKER, Role.SYSTEM_ADMIN)
_RECENT = 10
_either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def store(request: HttpRequest) -> HttpResponse:
    """What lies in the store, and what moved last."""
    user = person(request, *_KEEPERS)
    articles = article_list()
    low = low_articles(articles)
    content = {
        "rows": [article_row(article) for article in articles],
        "columns": [
            {"label": _("Artikel")}, {"label": _("Slag")}, {"label": _("I förrådet"), "numeric": True},
            {"label": _("Beställ när färre än"), "numeric": True}, {"label": _("Läge")},
        ],
        "low": ngettext("%(count)s artikel behöver beställas.", "%(count)s artiklar behöver beställas.", low) % {"count": low}
        if low
        else "",
        "movements": [movement_row(movement) for movement in movements(user)[:_RECENT]],
        "movement_columns": _movement_columns(),
    }  # fmt: skip
    return render(request, "locks/store.html", content)


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """All units and where they are."""
    user = person(request, *_KEEPERS)
    form = UnitFilter(request.GET)
    page = one_page(request, listed_units(form.narrow(Unit.objects.visible_to(user)), user))
    count = page.paginator.count
    _record_homes(page.object_list, user)
    content = {
        "form": form,
        "page": page,
        "rows": [unit_row(unit) for unit in page.object_list],
        "columns": columns(_("Nummer"), _("Slag"), _("Läge"), _("Var")),
        "counted": ngettext("%(count)s enhet", "%(count)s enheter", count) % {"count": count},
        "clear_url": reverse("locks:units"),
    }
    return render(request, "locks/units.html", content)


@require_safe
def movement_list(request: HttpRequest) -> HttpResponse:
    """Every movement, newest first."""
    user = person(request, *_KEEPERS)
    page = one_page(request, movements(user))
    rows = [movement_row(movement) for movement in page.object_list]
    return render(request, "locks/movements.html", {"page": page, "rows": rows, "columns": _movement_columns()})


@_either
@once
def delivery(request: HttpRequest) -> HttpResponse:
    """Register what came from the supplier."""
    user = person(request, *_KEEPERS)
    form = DeliveryForm(posted(request))
    return _counter(request, form, "locks/delivery.html", lambda: _register(form, user))


@_either
@once
def hand_out(request: HttpRequest) -> HttpResponse:
    """Hand batteries and accessories over the counter."""
    user = person(request, *_KEEPERS)
    form = HandOutForm(posted(request))

    def command() -> str:
        given = form.cleaned_data
        hand_out_articles(given["article"], given["count"], to=given["to"], by=user)
        return _("%(count)s %(article)s är utlämnade till %(to)s.") % given

    return _counter(request, form, "locks/hand_out.html", command)


@_either
@once
def count(request: HttpRequest) -> HttpResponse:
    """Correct a level to what was counted."""
    user = person(request, *_KEEPERS)
    form = CountForm(posted(request))

    def command() -> str:
        given = form.cleaned_data
        changed = count_articles(given["article"], given["counted"], by=user)
        return _("Saldot är rättat.") if changed else _("Saldot stämde redan.")

    return _counter(request, form, "locks/count.html", command)


@require_safe
def unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """One unit: what it is, where it is, where it has been."""
    user = person(request, *(role for role in Role if role != Role.MANAGER))
    units = Unit.objects.visible_to(user).select_related("article", "holder")
    found = get_object_or_404(units, public_id=unit_id)
    shown = UnitPage(found, user)
    _record_homes([found], user)
    content = {
        "unit": found,
        "shown": shown,
        "panels": unit_panels_of(request, found),
        "movement_columns": _movement_columns(),
        "crumb_label": _("Enheter") if shown.keeps_store else "",
        "crumb_url": reverse("locks:units") if shown.keeps_store else "",
    }
    return render(request, "locks/unit.html", content)


@require_POST
def unit_receive(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Take a unit back over the counter."""
    return _on_unit(request, unit_id, receive, _KEEPERS, _("%(number)s ligger i förrådet igen."))


@require_POST
def unit_retire(request: HttpRequest, unit_id: str) -> HttpResponse:
    """Scrap a unit."""
    return _on_unit(request, unit_id, retire, (Role.SYSTEM_ADMIN,), _("%(number)s är kasserad."))


def _record_homes(units: Iterable[Unit], user: User) -> None:
    """Where a unit sits or sat may tell where somebody protected lives: who sees that is written down (0.6)."""
    living = Client.objects.filter(pk__in=user.named_client_ids).exclude(protection=Client.Protection.NONE)
    here = [unit.pk for unit in units]
    home = Q(address__installations__unit__in=here)
    there = living.filter(home | Q(address__entrance__installations__unit__in=here)).distinct()
    record_protected_looks(there, by=user, page=SeenOn.UNITS)


def _on_unit(
    request: HttpRequest, unit_id: str, command: Callable[..., Unit], roles: tuple[Role, ...], said: str
) -> HttpResponse:
    user = person(request, *roles)
    found = get_object_or_404(Unit.objects.visible_to(user), public_id=unit_id)
    try:
        with transaction.atomic():
            command(found, by=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said % {"number": found.number})
    return redirect("locks:unit", found.public_id)


def _counter(request: HttpRequest, form: Form, template: str, command: Callable[[], str]) -> HttpResponse:
    """A form at the counter: carry it out and go back to the store, or say what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                said = command()
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, said)
            return redirect("locks:store")
    return form_page(request, template, form)


def _register(form: DeliveryForm, user: User) -> str:
    article = form.cleaned_data["article"]
    if form.has_numbers:
        came = len(register_delivery(article, form.numbers, by=user))
    else:
        came = form.cleaned_data["count"]
        register_articles(article, came, by=user)
    return _("%(count)s %(article)s är inlagda i förrådet.") % {"count": came, "article": article}


def _movement_columns() -> list[dict[str, Any]]:
    heads = columns(_("När"), _("Vad"), _("Antal"), _("Skäl"), _("Ordernummer"), _("Av"))
    heads[2]["numeric"] = True
    return heads

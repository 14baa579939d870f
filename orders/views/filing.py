"""Begin an order: find whom it is about, fill in the form, see who gets what, send."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import ModelChoiceField
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lasrutin import typed
from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look, record_protected_looks
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.files import send_file
from locks.models import Client
from orders.errors import Resent, WrongRole
from orders.faulty import payees
from orders.forms import StepForm, form_class
from orders.looks import record_look_at, record_looks
from orders.models import Order, Outlay
from orders.presenting.beginning import ABOUT_CLIENT, SEARCH, candidates, side_panel, unusual, way_out
from orders.presenting.faulty import still_acute, what_now
from orders.presenting.telling import who_gets_what
from orders.presenting.turns import next_said
from orders.services import open_order, refuse_duplicate
from orders.views.detail import visible_order

ABOUT_NOTHING = frozenset({"lost-key", "lost-phone"})


@dataclass
class Beginning:
    """An order that is about to be filed: its routine, whom it is about, and what is known of it already."""

    routine: type[Order]
    user: User
    client: Client | None = None
    about: Order | None = None
    asking: list[Client] = field(default_factory=list, init=False)
    order: Order = field(init=False)

    def __post_init__(self) -> None:
        self.order = self.routine(routine=self.routine.slug, client=self.client)
        if self.client is not None:
            self.order.address, self.order.protected = self.client.address, self.client.is_protected
        if self.about is not None:
            self.asking = list(payees(self.about, self.user).select_related("address"))
            self.order.about, self.order.client = self.about, self.asking[0] if len(self.asking) == 1 else None
        if self.routine.opening().role not in self.user.acts_as:
            raise PermissionDenied

    @property
    def subject(self) -> dict[str, Any]:
        """What goes to the opening step beside the form's answers."""
        about = {"client": self.client} if self.client is not None else {"fault": self.about} if self.about else {}
        return about if self.routine.slug not in ("change-of-provider", "service-ends") else {}

    def refuse_hopeless(self) -> None:
        """Raise what speaks against it before anything is filled in."""
        self.routine.may_begin(self.order)
        refuse_duplicate(self.order)
        if self.about is not None:
            self.routine.prepare(self.routine(routine=self.routine.slug), **self.subject)

    def try_out(self, form: StepForm) -> None:
        """Raise what speaks against it now that it is filled in."""
        draft = self.routine(routine=self.routine.slug)
        self.routine.prepare(draft, **self.subject, **form.reported)
        self.order.provider, self.order.former_provider = draft.provider, draft.former_provider
        self.order.effective_on, self.order.undo = draft.effective_on, draft.undo
        self.order.unit, self.order.service = draft.unit, draft.service


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _routine(slug: str, known: frozenset[str]) -> type[Order]:
    if slug not in known:
        raise Http404
    return Order.registry[slug]


@never_cache
@require_http_methods(["GET", "POST"])
def choose_client(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom it is about: the likely ones first; others by name. A search is posted: names stay out of addresses."""
    routine = _routine(slug, ABOUT_CLIENT)
    user = Beginning(routine, _user(request)).user
    if request.method == "POST":
        SEARCH.take(request)
        return redirect("orders:choose_client", slug)
    words = SEARCH.words(request)
    found = candidates(routine, user, words, request.GET.get("page"))
    record_protected_looks(found.page.object_list, by=user, page=SeenOn.CHOOSE_CLIENT)
    context = {"routine": routine, "opening": routine.opening(), "found": found, "words": words}
    return render(request, "orders/choose_client.html", context)


@require_http_methods(["GET", "POST"])
def begin_for_client(request: HttpRequest, slug: str, client_id: str) -> HttpResponse:
    """The form about one client, the check page, the order."""
    user = _user(request)
    client = get_object_or_404(Client.objects.visible_to(user).select_related("address__entrance"), public_id=client_id)
    beginning = Beginning(_routine(slug, ABOUT_CLIENT), user, client=client)
    record_look(client, by=user, page=SeenOn.BEGIN_ORDER)
    return _begin(request, beginning)


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of an order that is about no client beforehand."""
    return _begin(request, Beginning(_routine(slug, ABOUT_NOTHING), _user(request)))


@require_http_methods(["GET", "POST"])
def begin_outlay(request: HttpRequest, public_id: str) -> HttpResponse:
    """An outlay because of a fault (2.1e)."""
    fault, user = visible_order(request, public_id), _user(request)
    beginning = Beginning(Order.registry["outlay"], user, about=fault)
    if fault.routine != "fault" or not beginning.asking:
        raise Http404
    if beginning.order.client is not None:
        record_look(beginning.order.client, by=user, page=SeenOn.BEGIN_OUTLAY)
    else:
        record_protected_looks(beginning.asking, by=user, page=SeenOn.BEGIN_OUTLAY)
    return _begin(request, beginning)


def _begin(request: HttpRequest, beginning: Beginning) -> HttpResponse:
    """Nothing that a form finds or makes on its way, a door that the register lacks, is kept before the order is filed."""
    if request.method == "GET":
        return _answer(request, beginning)
    with transaction.atomic():
        answer = _answer(request, beginning)
        transaction.set_rollback(answer.status_code != HTTPStatus.FOUND)
    return answer


def _answer(request: HttpRequest, beginning: Beginning) -> HttpResponse:
    try:
        beginning.refuse_hopeless()
    except ValidationError as error:
        return _render(request, beginning, None, error=error, status=409)
    form = _form(request, beginning)
    if request.method == "GET" or not form.is_valid():
        return _render(request, beginning, form, status=422 if form.errors else 200)
    try:
        return _file(request, beginning, form)
    except ValidationError as error:
        if way_out(error, beginning.order) is not None:
            return _render(request, beginning, None, error=error, status=409)
        form.refuse(error)
        return _render(request, beginning, form, status=422)
    except Resent as error:
        form.add_error(None, str(error))
        return _render(request, beginning, form, status=409)


def _file(request: HttpRequest, beginning: Beginning, form: StepForm) -> HttpResponse:
    """Stop before what is unusual, then show the check page; file the order when it has been seen."""
    beginning.try_out(form)
    if "change" in request.POST:
        return _render(request, beginning, form)
    stop = unusual(beginning.order, form.reported)
    if stop is not None and "sure" not in request.POST:
        typed_in = [(name, value) for name, values in request.POST.lists() for value in values if name in form.fields]
        return render(request, "orders/unusual.html", {"stop": stop, "hidden": [*typed_in, ("sure", "1")]})
    if "send" not in request.POST and not form.is_multipart():
        return _render(request, beginning, form, checking=True)
    key = request.POST.get("key", "")[:64] or None
    try:
        filed = open_order(beginning.routine.slug, by=beginning.user, key=key, **beginning.subject, **form.reported)
    except WrongRole as error:
        raise PermissionDenied from error
    return redirect("orders:filed", filed.public_id)


def _form(request: HttpRequest, beginning: Beginning) -> StepForm:
    recalled = typed.recall(request)
    data: Any = request.POST if request.method == "POST" else recalled
    files: Any = request.FILES if request.method == "POST" else None
    return form_class(beginning.routine.opening())(data or None, files, order=beginning.order, user=beginning.user)


def _render(
    request: HttpRequest, beginning: Beginning, form: StepForm | None, *, checking: bool = False,
    error: ValidationError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    order, opening = beginning.order, beginning.routine.opening()
    sends_now = form is not None and form.is_multipart()
    context = {
        "routine": beginning.routine, "opening": opening, "client": beginning.client or order.client, "form": form,
        "checking": checking, "sends_now": sends_now, "refused": error.messages if error else [],
        "way_out": way_out(error, order) if error else None, "page_error": bool(error or (form and form.errors)),
        "panel": side_panel(order), "telling": who_gets_what(opening, order) if checking or sends_now else None,
        "key": (status != HTTPStatus.CONFLICT and request.POST.get("key")) or uuid4().hex, "sure": checking and "sure" in request.POST, "answers": answers(form) if checking and form is not None else [],
        "back": beginning.routine.beginning_url() if beginning.client else reverse("start"),
    }  # fmt: skip
    return render(request, "orders/begin.html", context, status=status)


def answers(form: StepForm) -> list[tuple[str, str]]:
    """What was filled in, to look through before sending."""
    lines = []
    for bound in form.visible_fields():
        said = _said(bound.field, form.cleaned_data.get(bound.name))
        if said:
            lines.append((str(bound.label), said))
    return lines


def _said(asked: Any, value: Any) -> str:
    if value in (None, "", [], False):
        return ""
    if value is True:
        return _("Ja")
    if isinstance(value, list):
        return "\n".join(_said(asked, item) for item in value)
    if hasattr(value, "strftime"):
        return date_format(value, "SHORT_DATETIME_FORMAT" if hasattr(value, "hour") else "DATE_FORMAT")
    if isinstance(value, str):
        choices = dict(getattr(asked, "choices", []))
        return capfirst(str(choices[value])) if value in choices else value
    return capfirst(asked.label_from_instance(value) if isinstance(asked, ModelChoiceField) else str(value))


@require_GET
def filed(request: HttpRequest, public_id: str) -> HttpResponse:
    """It is filed: the reference, who acts next and by when. Survives a bookmark."""
    order = visible_order(request, public_id)
    record_looks([order], by=_user(request), page=SeenOn.FILED)
    now = what_now() if still_acute(order) and Role.PROVIDER in _user(request).acts_as else None
    said = now.later if now is not None and now.later else next_said(order, _user(request))
    context = {"order": order, "title": _filed_title(order, _user(request)), "next": said, "now": now}
    return render(request, "orders/filed.html", context)


def _filed_title(order: Order, user: User) -> str:
    """What has been done; a fault that was reported already got one more report."""
    if order.routine == "fault":
        reports = list(order.reports.order_by("-at", "-pk")[:2])
        if len(reports) > 1 and reports[0].by_id == user.pk:
            return _("Din anmälan är tillagd")
    return str(order.opening_done)


@never_cache
@require_GET
def outlay_receipt(request: HttpRequest, public_id: str) -> FileResponse:
    """The receipt of an outlay, for those who may see the order."""
    order = visible_order(request, public_id)
    outlay = get_object_or_404(Outlay, order=order)
    record_look_at(order, order.client, by=_user(request), page=SeenOn.OUTLAY_RECEIPT)
    return send_file(outlay.receipt)

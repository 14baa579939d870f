"""What somebody typed into a form, kept over an expired log-in and given back to nobody else.

A form says whom it was shown to and where it stands (`{% typed_fields %}`). When it is posted after the session has
ended, its text is sealed into the new, anonymous session; the page of the form asks for it once with `recall`.
"""

import json
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from lasrutin.addresses import own_address
from lasrutin.people.models import User
from lasrutin.sealing import box

KEPT_FOR = 30 * 60
LONGEST = 100_000
FOR, AT = "typed_for", "typed_at"
_SESSION_KEY = "typed"
_SALT = "lasrutin.typed"
# A form that stood open longer than this is not believed.
_OLDEST_FORM = 7 * 24 * 3600
_NEVER_KEPT = frozenset({"csrfmiddlewaretoken", FOR, AT})


@dataclass(frozen=True, slots=True)
class Draft:
    """One form as it was posted: where to, what it said, and whether something could not be kept."""

    to: str
    fields: str
    lost: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Draft":
        """Take what a form posted, without its secrets, its files and what no database can hold."""
        kept, lost = QueryDict(mutable=True), bool(request.FILES)
        for name, values in request.POST.lists():
            if name in _NEVER_KEPT or "password" in name.lower():
                continue
            # A drawn signature travels as a data URL: it is a file in a text field.
            if any(value.startswith("data:") for value in values):
                lost = True
                continue
            kept.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
        return cls(to=request.path, fields=kept.urlencode(), lost=lost)

    def seal(self) -> str:
        """Return it as text that only the application can read."""
        return box("typed").encrypt(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def unseal(cls, sealed: str) -> "Draft | None":
        """Read it back, unless it is too old or its key is gone."""
        try:
            return cls(**json.loads(box("typed").decrypt(sealed, ttl=KEPT_FOR)))
        except InvalidToken:
            return None


def signed_owner(user: User) -> str:
    """Return what a form carries to tell whom it was shown to."""
    return signing.dumps(user.public_id, salt=_SALT)


def form_page(request: HttpRequest) -> str:
    """Return the address of the page that shows the form of this request, its query included."""
    if request.method == "POST" and (given := own_address(request.POST.get(AT, ""))):
        return given
    htmx = getattr(request, "htmx", None)
    if htmx and (shown := own_address(htmx.current_url_abs_path or "")):
        return shown
    if request.method == "POST":
        return _referer(request) or "/"
    return request.get_full_path()


def recall(request: HttpRequest, path: str | None = None) -> QueryDict | None:
    """Return, once, what this person typed into the form that posts to `path` (the page itself by default).

    Give it to the form as its data: `Form(recall(request))`. The person is told that it is back, and what is missing.
    """
    kept = request.session.get(_SESSION_KEY)
    if kept is None or request.method != "GET" or not request.user.is_authenticated:
        return None
    draft = Draft.unseal(kept["sealed"]) if kept["by"] == request.user.public_id else None
    if draft is None:
        del request.session[_SESSION_KEY]
        return None
    if draft.to != (path or request.path):
        return None
    del request.session[_SESSION_KEY]
    messages.info(request, _("Det du skrev finns kvar, men är inte skickat. Kontrollera och skicka igen."))
    if draft.lost:
        messages.warning(request, _("Filer och underskrifter följde inte med. Lägg till dem igen."))
    return QueryDict(draft.fields)


def rescue(request: HttpRequest) -> bool:
    """Keep the form of this POST in the session. False when nobody can be trusted to get it back."""
    owner = _owner(request)
    draft = Draft.of(request)
    if owner is None or len(draft.fields) > LONGEST:
        return False
    if request.user.is_authenticated and request.user.public_id != owner:
        return False
    request.session[_SESSION_KEY] = {"by": owner, "until": time.time() + KEPT_FOR, "sealed": draft.seal()}
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)
    return True


def send_to_login(request: HttpRequest) -> HttpResponse:
    """Answer a request that came after the log-in had ended, with what it carried kept if that is possible."""
    if request.method == "POST" and rescue(request):
        messages.info(request, _("Du har loggats ut. Logga in igen inom 30 minuter, så finns det du skrev kvar."))
    elif request.method == "POST":
        messages.warning(request, _("Du har loggats ut, och det du skickade kom inte fram. Logga in och gör om det."))
    return _lead_to(request, redirect_to_login(form_page(request)).url)


def send_to_form(request: HttpRequest) -> HttpResponse:
    """Answer a form that could not be taken as it was, and is kept: show it again."""
    return _lead_to(request, form_page(request))


def forget_if_old(request: HttpRequest) -> None:
    """Take a draft that nobody asked for in time out of the session."""
    kept = request.session.get(_SESSION_KEY)
    if kept is not None and kept["until"] < time.time():
        del request.session[_SESSION_KEY]


@receiver(user_logged_in, dispatch_uid="typed.forget_the_others")
def forget_the_others(request: HttpRequest | None, user: User, **_kwargs: object) -> None:
    """When another person logs in, what was typed is gone."""
    kept = request.session.get(_SESSION_KEY) if request is not None and hasattr(request, "session") else None
    if request is None or kept is None:
        return
    request.session.set_expiry(None)
    if kept["by"] != user.public_id:
        del request.session[_SESSION_KEY]


def _lead_to(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect the page; htmx would otherwise put the other page into a corner of this one."""
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", None) else HttpResponseRedirect(address)


def _owner(request: HttpRequest) -> str | None:
    try:
        return str(signing.loads(request.POST.get(FOR, ""), salt=_SALT, max_age=_OLDEST_FORM))
    except signing.BadSignature:
        return None


def _referer(request: HttpRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return ""
    return own_address(parts.path + (f"?{parts.query}" if parts.query else ""))

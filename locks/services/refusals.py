"""How services say no: to a field, in Swedish."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def refused(field: str, text: "str | _StrPromise", code: str = "refused") -> ValidationError:
    """Return the error that stands at a field."""
    return ValidationError({field: ValidationError(text, code=code)})


def refused_whole(text: "str | _StrPromise", code: str = "refused") -> ValidationError:
    """Return the error that stands above the form, because no one field is to blame."""
    return refused(NON_FIELD_ERRORS, text, code)


def not_in_the_future(field: str, moment: date) -> None:
    """Refuse to record what has not happened yet."""
    now: date = timezone.now() if isinstance(moment, datetime) else timezone.localdate()
    if moment > now:
        raise refused(field, _("Det har inte hänt än. Ange i dag eller tidigare."), "future")

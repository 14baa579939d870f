"""Forms outside the engine that may be sent twice: a double click, a page that is loaded anew, a tablet that tries again.

The page carries a key (`{% once_field %}`), new each time that it is shown; a view with `@once` carries out the same
posting once. The second leads to where the first did.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lasrutin.models import Posting

KEY = "key"
_SALT = "lasrutin.once"
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Let a view carry out a posting once, in one transaction with the note that it did.

    An answer that leads nowhere else has carried out nothing: the form can be sent again.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST" or not request.POST.get(KEY) or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            posting, new = Posting.objects.get_or_create(by=request.user, key=_key(request))
            if not new:
                messages.info(request, _("Formuläret var redan skickat. Inget är gjort en gång till."))
                return redirect(posting.led_to)
            given = view(request, *args, **kwargs)
            if isinstance(given, HttpResponseRedirect):
                posting.led_to = given.url
                posting.save(update_fields=["led_to"])
            else:
                posting.delete()
            return given

    return answer


def _key(request: HttpRequest) -> str:
    """With what was filled in: who goes back to the page and writes something else has sent something else."""
    said = [(name, values) for name, values in sorted(request.POST.lists()) if name != "csrfmiddlewaretoken"]
    said.extend((name, [str(file.size) for file in files]) for name, files in sorted(request.FILES.lists()))
    return salted_hmac(_SALT, f"{request.path} {said}", algorithm="sha256").hexdigest()

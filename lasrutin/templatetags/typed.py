"""`{% typed_fields %}`: what a form carries so that an expired log-in does not lose what was typed into it."""

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lasrutin import typed

register = template.Library()


@register.simple_tag(takes_context=True)
def typed_fields(context: Context, at: str = "") -> SafeString:
    """Hidden fields for a `<form method="post">`: whom it is shown to, and the page (`at`) where it stands."""
    # Also inside `{% include … only %}`: the context object keeps its request when its variables are left out.
    request: HttpRequest | None = getattr(context, "request", None) or context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return SafeString("")
    return format_html(
        '<input type="hidden" name="{}" value="{}"><input type="hidden" name="{}" value="{}">',
        typed.FOR,
        typed.signed_owner(request.user),
        typed.AT,
        at or typed.form_page(request),
    )

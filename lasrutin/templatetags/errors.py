"""`{{ field|told:error }}`: an error as the link above the form says it."""

from django import template
from django.forms.boundfield import BoundField

from lasrutin.forms import says_what_it_is_about

register = template.Library()


@register.filter
def told(field: BoundField, error: str) -> str:
    """The message itself; one that fits every field names the one that it is about."""
    return error if says_what_it_is_about(error) else f"{error.rstrip('.')}: {field.label}"

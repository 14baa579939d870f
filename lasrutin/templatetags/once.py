"""`{% once_field %}`: the key by which a form that is sent twice is carried out once."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lasrutin.once import KEY

register = template.Library()


@register.simple_tag
def once_field() -> SafeString:
    """A hidden field for a `<form method="post">` whose view has `@once`."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY, uuid4().hex)

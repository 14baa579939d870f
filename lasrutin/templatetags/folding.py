"""`{{ email|folds }}`: a mail address that breaks where it has its parts, not in the middle of a word."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

register = template.Library()

_ADDRESS = re.compile(r"^\S+@\S+$")


@register.filter
def folds(text: object) -> object:
    """The same text; a mail address may go on upon a new line after its @ and before a dot or hyphen."""
    if not _ADDRESS.match(str(text)):
        return text
    return mark_safe(re.sub(r"(?<=@)|(?=[.-])", "<wbr>", escape(str(text))))  # noqa: S308 - escaped

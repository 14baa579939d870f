"""`{{ text|folds }}`: where a line may end: between the parts of a mail address, never within a telephone number."""

import re

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import mark_safe

register = template.Library()

_ADDRESS = re.compile(r"^\S+@\S+$")
_PHONE = re.compile(r"(?<![\w-])(?:\+\d{1,3}[ -]?\d{1,3}|0\d{1,3})[ -]\d[\d ]{3,}\d(?![\w-])")


@register.filter
def folds(text: object) -> object:
    """The same text; a mail address may go on upon a new line after its @ and before a dot or hyphen, a number may not."""
    if _ADDRESS.match(str(text)):
        return mark_safe(re.sub(r"(?<=@)|(?=[.-])", "<wbr>", escape(str(text))))  # noqa: S308 - escaped
    if not _PHONE.search(str(text)):
        return text
    return mark_safe(_PHONE.sub(r'<span class="lr-nowrap">\g<0></span>', conditional_escape(str(text))))  # noqa: S308 - escaped

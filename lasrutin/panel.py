"""The pages of the panel on which something is added or changed: as the product's other forms, they lose nothing typed."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin
from django.db import models
from django.http import HttpRequest, HttpResponse

from lasrutin import typed
from lasrutin.admin import ByRole
from lasrutin.dates import DateField

_KEPT = "lasrutin.typed"


class KeepsTyped:
    """For a ModelAdmin: what was typed before the log-in ended, or with a null byte in it, stands in its form again.

    `templates/admin/change_form.html` has the other half. A password is never kept.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for it once; its form and its rows are then made of the same."""
        request.META[_KEPT] = typed.recall(request)
        answer: HttpResponse = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]  # a mixin
        return answer

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A form of what was typed, where there is any."""
        made: Any = super().get_form(request, *args, **kwargs)  # type: ignore[misc]  # the same
        kept = request.META.get(_KEPT)
        if kept is None:
            return made

        def begin(form: Any, **given: Any) -> None:
            made.__init__(form, data=kept, **given)

        return type(made)(made.__name__, (made,), {"__init__": begin})

    def get_formset_kwargs(self, request: HttpRequest, *args: Any) -> dict[str, Any]:
        """The rows under it likewise."""
        given: dict[str, Any] = super().get_formset_kwargs(request, *args)  # type: ignore[misc]  # the same
        kept = request.META.get(_KEPT)
        return given if kept is None else given | {"data": kept}


class EditPage(KeepsTyped, ByRole, ModelAdmin):  # type: ignore[type-arg]  # it takes no argument at run time
    """A model that the system administrator adds to and changes."""

    formfield_overrides: ClassVar[Any] = {models.DateField: {"form_class": DateField}}

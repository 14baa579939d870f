"""What a step asks for. A step names its form; the form knows the order and who fills it in."""

from django.utils.module_loading import import_string

from orders.forms.base import StepForm
from orders.steps import Step


def form_class(step: Step) -> type[StepForm]:
    """The form of a step; an empty one where the step asks for nothing."""
    return import_string(step.form) if step.form else StepForm


__all__ = ["StepForm", "form_class"]

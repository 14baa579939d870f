"""What a reminder by mail asks for: the step's own words, and neutral ones where a mail may not say them (0.6)."""

from django.utils.functional import Promise

from notifications.context import STEP_TASKS, MailTask, StepTask
from notifications.patterns import CARE_WORD
from notifications.spelling import plain
from orders.models import Order, Waiting
from orders.steps import Step

# Steps about keys: a mail never speaks of them.
_NEUTRAL = {
    "receipt_key": MailTask.SIGN,
    "replace_key": MailTask.SIGN,
    "receive_keys": MailTask.SIGN,
    "return_keys": MailTask.CONFIRM_RETURN,
    "enter_return": MailTask.CONFIRM_RETURN,
    "return_former_keys": MailTask.CONFIRM_RETURN,
    "return_new_keys": MailTask.CONFIRM_RETURN,
}


def task_of(wait: Waiting) -> MailTask | StepTask:
    """What a wait asks for, in the words that a mail may use."""
    return task_of_step(wait.order.step_named(wait.step))


def task_of_step(step: Step) -> MailTask | StepTask:
    """The words of the step's definition, which are ours and say nothing of anybody."""
    if isinstance(step.todo, Promise) and CARE_WORD.search(plain(str(step.todo))) is None:
        return StepTask(step.todo)
    return _NEUTRAL.get(step.name, MailTask.CONTINUE)


def declare_tasks() -> None:
    """Let the guard know our own words: a client may be called like one of them."""
    STEP_TASKS[:] = [
        StepTask(step.todo)
        for routine in Order.registry.values()
        for step in routine.steps()
        if isinstance(step.todo, Promise)
    ]

"""A reminder by mail says what is asked, for every step of every routine that anybody is waited for."""

import pytest

from notifications.context import MailTask
from notifications.guard import PersonalData, refuse_personal_data
from notifications.rendering import render_mail
from orders.asking import task_of_step
from orders.models import Order
from orders.models.routine import NEW
from tests.notifications.mails import full_context

pytestmark = pytest.mark.django_db
AWAITED = [
    pytest.param(step, id=f"{slug}-{step.name}")
    for slug, routine in Order.registry.items()
    for step in routine.steps()
    if step.awaited and step.sources != (NEW,)
]
NEUTRAL = {
    "receipt_key": MailTask.SIGN,
    "replace_key": MailTask.SIGN,
    "receive_keys": MailTask.SIGN,
    "return_keys": MailTask.CONFIRM_RETURN,
    "enter_return": MailTask.CONFIRM_RETURN,
    "return_former_keys": MailTask.CONFIRM_RETURN,
    "return_new_keys": MailTask.CONFIRM_RETURN,
}


@pytest.mark.parametrize("step", AWAITED)
def test_the_reminder_of_an_awaited_step_names_its_task(step):
    asked = str(NEUTRAL[step.name].label if step.name in NEUTRAL else step.todo)
    context = full_context(task=task_of_step(step))
    mail = render_mail("reminder", context)

    assert f"Ordern väntar på att du ska {asked}." in " ".join(mail.text.split())
    refuse_personal_data(mail.parts, allowed=context, people=[], protected=False)


def test_the_words_of_a_step_are_nobodys_name():
    step = next(step for step in Order.registry["fault"].steps() if step.name == "mend")
    context = full_context(task=task_of_step(step))
    person = PersonalData(given_name="Karin", family_name="Felet")

    refuse_personal_data(render_mail("reminder", context).parts, allowed=context, people=[person], protected=False)

"""What a mail may carry (0.6): typed, and without a field for anything about the person who receives care."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MailTask(models.TextChoices):
    """What is asked, in fixed words: "Ordern väntar på att du ska …". For steps whose own words no mail may carry."""

    CONTINUE = "continue", _("ta nästa steg")
    SIGN = "sign", _("skriva under i Låsrutin")
    CONFIRM_RETURN = "confirm_return", _("bekräfta återlämningen i Låsrutin")


@dataclass(frozen=True, slots=True)
class StepTask:
    """What a step of a routine asks, in the words of its definition.

    Those stand in our code and are marked for translation: nothing that a person has typed can take that form.
    """

    label: Promise

    def __post_init__(self) -> None:
        """Refuse what the type checker could not see: typed text."""
        if not isinstance(self.label, Promise):
            raise TypeError("The words of a step are marked for translation where they are written.")


# What the routines ask, declared when the product starts: words of ours, so they are nobody's name.
STEP_TASKS: list[StepTask] = []


@dataclass(frozen=True, kw_only=True, slots=True)
class MailRow:
    """One order in a list of orders."""

    order_number: str
    address: str = ""
    provider_name: str = ""
    link: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailContext:
    """Everything a mail template can say. A new field here is a decision about personal data.

    `address` is street and number only. `new_address` and `new_owner_*` belong to a move, whose other end they are.
    """

    link: str
    order_number: str = ""
    task: MailTask | StepTask = MailTask.CONTINUE
    address: str = ""
    new_address: str = ""
    provider_name: str = ""
    provider_contact: str = ""
    provider_phone: str = ""
    provider_email: str = ""
    owner_name: str = ""
    owner_contact: str = ""
    owner_phone: str = ""
    owner_email: str = ""
    new_owner_name: str = ""
    new_owner_contact: str = ""
    new_owner_phone: str = ""
    new_owner_email: str = ""
    unit_numbers: tuple[str, ...] = ()
    visit_at: datetime | None = None
    times: tuple[datetime, ...] = ()
    deadline: date | None = None
    # The day on which the locksmith fetches a unit at the store: a day, and of nobody.
    pickup_on: date | None = None
    invoice_address: str = ""
    invoice_reference: str = ""
    rows: tuple[MailRow, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what the type checker could not see: free text as a task, or a link that leads nowhere."""
        if not isinstance(self.task, MailTask | StepTask):
            raise TypeError("A mail's task is a MailTask or a StepTask, never free text.")
        if not self.link.startswith(f"{settings.PUBLIC_URL}/"):
            raise ValueError("A mail's link begins with PUBLIC_URL. Use notifications.context.absolute(path).")

    def without_address(self) -> "MailContext":
        """For a municipality that keeps addresses out of its mail."""
        rows = tuple(replace(row, address="") for row in self.rows)
        return replace(self, address="", new_address="", rows=rows)

    def link_only(self) -> "MailContext":
        """For a client with protected identity: what is asked, when, and the link. Nothing that leads to a door."""
        return MailContext(
            link=self.link,
            order_number=self.order_number,
            task=self.task,
            visit_at=self.visit_at,
            times=self.times,
            deadline=self.deadline,
            pickup_on=self.pickup_on,
        )

    def values(self) -> dict[str, object]:
        """The fields by name, for a template."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def absolute(path: str) -> str:
    """The address of a page as a mail spells it."""
    return f"{settings.PUBLIC_URL}{path}"

"""What is to be done by hand in Phoniro Care, as pages show it: per order, hindered ones first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from lasrutin.audit.models import Look
from lasrutin.audit.pages import SeenOn
from lasrutin.people.models import User
from lasrutin.roles import Role
from locks.models import Client
from phoniro_client.adapters import phoniro
from phoniro_client.due_days import due_day, said
from phoniro_client.headings import about, heading
from phoniro_client.models import Command
from phoniro_client.models.command import due
from phoniro_client.values import Values, values_for

ORDERS_PER_PAGE = 10
TONES = {
    Command.State.WAITING: "none",
    Command.State.RUNNING: "",
    Command.State.DONE: "ok",
    Command.State.PARKED: "err",
    Command.State.CANCELLED: "none",
}


@dataclass(slots=True)
class Task:
    """One command as a task: what to type, what comes first, what can be pressed."""

    command: Command
    values: Values
    after: str = ""
    can_confirm: bool = False
    # Mine, and nothing but tasks of mine in the same order comes before it: one press confirms them all.
    in_turn: bool = False
    # Whose it is, when it is not the reader's own.
    owner: str = ""

    @property
    def title(self) -> str:
        """What to do."""
        return str(self.command.get_verb_display())

    @property
    def status(self) -> str:
        """The state in the words of the other pages."""
        waiting = _("Att göra") if self.can_confirm else _("Sedan") if self.in_turn else _("Väntar")
        words = {
            Command.State.WAITING: waiting,
            Command.State.RUNNING: _("Pågår"),
            Command.State.DONE: _("Klar"),
            Command.State.PARKED: _("Hindrad"),
            Command.State.CANCELLED: _("Avbruten"),
        }
        return words[Command.State(self.command.state)]

    @property
    def tone(self) -> str:
        """The tag's tone."""
        return "warn" if self.status == _("Att göra") else TONES[Command.State(self.command.state)]

    @property
    def hindered(self) -> bool:
        """Whether a person has to look at it."""
        return self.command.state == Command.State.PARKED

    @property
    def blocked(self) -> bool:
        """Whether it only waits for something else: shown in one line, without anybody's data."""
        idle = not (self.can_confirm or self.hindered or self.in_turn)
        return self.command.state == Command.State.WAITING and self.command.is_due and idle

    @property
    def later(self) -> bool:
        """Whether it is the reader's own, but after another one of the same order."""
        return self.in_turn and not self.can_confirm and self.command.state == Command.State.WAITING

    @property
    def done_line(self) -> str:
        """When it was done, and who said so."""
        if self.command.done_at is None:
            return ""
        when = timezone.localtime(self.command.done_at).strftime("%Y-%m-%d %H.%M")
        return f"{when}, {self.command.confirmed_by}" if self.command.confirmed_by else when


@dataclass(slots=True)
class OrderTasks:
    """The tasks of one order that a person sees."""

    order_number: str
    tasks: list[Task]
    # When they are due, in words, and the tone of the tag.
    due: tuple[str, str] = ("", "")
    # What the order is about, as far as the reader may know.
    heading: str = ""

    @property
    def in_view(self) -> list[Task]:
        """The tasks that are shown whole."""
        return [task for task in self.tasks if not task.blocked]

    @property
    def done(self) -> list[Task]:
        """Those that are done."""
        return [task for task in self.tasks if task.command.state == Command.State.DONE]

    @property
    def left(self) -> list[Task]:
        """Those shown whole that are not."""
        return [task for task in self.in_view if task.command.state != Command.State.DONE]

    @property
    def at_hand(self) -> list[Task]:
        """Those of them that can be done first."""
        return [task for task in self.in_view if not task.later]

    @property
    def later(self) -> list[Task]:
        """Those that the reader does after them."""
        return [task for task in self.in_view if task.later]

    @property
    def blocked(self) -> list[Task]:
        """The tasks that wait for something else."""
        return [task for task in self.tasks if task.blocked]

    @property
    def clients(self) -> list[str]:
        """The clients it is about, where their data are shown."""
        return list(dict.fromkeys(client.full_name for client in shown_clients([self])))

    @property
    def is_mine(self) -> bool:
        """Whether something here is the reader's own to do."""
        return any(task.in_turn for task in self.tasks)

    @property
    def can_confirm_all(self) -> bool:
        """Whether there is more than one to confirm at once."""
        return sum(task.in_turn for task in self.tasks) > 1


def page_of_tasks(user: User, *, state: str, order_number: str, page: str | int) -> tuple[Page[str], list[OrderTasks]]:
    """One page of order numbers, and the orders' tasks. Records which clients' data it shows."""
    rows = _filtered(Command.objects.visible_to(user), state, order_number)
    hindered = Case(When(state=Command.State.PARKED, then=Value(1)), default=Value(0), output_field=IntegerField())
    numbers = (
        rows.order_by().values("order_number").annotate(hindered=Max(hindered), first=Min("pk"))
        .order_by("-hindered", "first").values_list("order_number", flat=True)
    )  # fmt: skip
    found = Paginator(numbers, ORDERS_PER_PAGE).get_page(page)
    in_view = list(found.object_list)
    shown = rows.filter(order_number__in=in_view).annotate(due_on=due_day(), about=about(user))
    groups = _grouped(shown, in_view, user, page_name=SeenOn.PHONIRO)
    for group in groups:
        known = next((vars(task.command) for task in group.tasks), {})
        group.due, group.heading = said(known.get("due_on")), heading(known.get("about"))
    return found, groups


def tasks_for_order(order_number: str, user: User) -> OrderTasks:
    """Everything one order asks of Phoniro Care, for the order's page. Records which clients' data it shows.

    Show it with `phoniro_client/_tasks.html`; there is nothing to show when `tasks` is empty.
    """
    rows = Command.objects.visible_to(user).of_order(order_number).exclude(state=Command.State.CANCELLED)
    return _grouped(rows, [order_number], user, page_name=SeenOn.ORDER_PHONIRO)[0]


def shown_clients(groups: Sequence[OrderTasks]) -> list[Client]:
    """The clients whose data stand on the page."""
    tasks = (task for group in groups for task in group.tasks if task.values)
    return list({task.command.client_id: task.command.client for task in tasks if task.command.client}.values())


def _filtered(rows: "QuerySet[Command]", state: str, order_number: str) -> "QuerySet[Command]":
    today = timezone.localdate()
    wanted = {
        "": Q(due(today), state__in=Command.OPEN),
        "parked": Q(state=Command.State.PARKED),
        "later": Q(state=Command.State.WAITING, effective_on__gt=today),
        "done": Q(state=Command.State.DONE),
        "all": Q(),
    }[state]
    return rows.filter(wanted, order_number=order_number) if order_number else rows.filter(wanted)


def _grouped(rows: "QuerySet[Command]", numbers: Sequence[str], user: User, *, page_name: SeenOn) -> list[OrderTasks]:
    tasks = _tasks(rows, user)
    groups = [OrderTasks(number, [task for task in tasks if task.command.order_number == number]) for number in numbers]
    _record(groups, user, page_name)
    return groups


def _tasks(rows: "QuerySet[Command]", user: User) -> list[Task]:
    """Rows as tasks. Values only where there is something to do: nobody's data stand there for nothing."""
    first = _with_blockers(rows)
    titles = _titles(first)
    in_turn = _in_turn(first, user)
    tasks = []
    for command, blockers in first.items():
        before = min(blockers, default=0)
        ready = not before and _by_hand(command)
        owner = "" if command.role in user.acts_as or not command.is_open else Role(command.role).place
        tasks.append(
            Task(command, [], titles.get(before, ""), can_confirm=ready, in_turn=command.pk in in_turn, owner=owner)
        )
    values = values_for(task.command for task in tasks if task.can_confirm or task.in_turn or task.hindered)
    for task in tasks:
        task.values = values.get(task.command.pk, [])
    return sorted(tasks, key=lambda task: (not task.hindered, task.command.pk))


def _with_blockers(rows: "QuerySet[Command]") -> dict[Command, list[int]]:
    """Commands in order, each with the open ones that come before it."""
    needed = Command.depends_on.through.objects.filter(from_command=OuterRef("pk"), to_command__state__in=Command.OPEN)
    earlier = Command.objects.filter(
        due(timezone.localdate()), client=OuterRef("client"), pk__lt=OuterRef("pk"), state__in=Command.OPEN
    )
    found = (
        rows.select_related("client__address", "confirmed_by")
        .annotate(needed=ArraySubquery(needed.values("to_command")), earlier=ArraySubquery(earlier.values("pk")))
        .order_by("pk")
    )
    return {row: [*vars(row)["needed"], *vars(row)["earlier"]] if row.is_open else [] for row in found}


def _in_turn(first: dict[Command, list[int]], user: User) -> set[int]:
    """The commands that this person can do one after the other, within their order."""
    order_of: dict[int, str] = {}
    for command, before in first.items():
        mine = command.role in user.acts_as and _by_hand(command)
        if mine and all(order_of.get(pk) == command.order_number for pk in before):
            order_of[command.pk] = command.order_number
    return set(order_of)


def _by_hand(command: Command) -> bool:
    """Whether a person may do it now, once nothing comes before it."""
    by_hand = command.state == Command.State.WAITING and phoniro().by_hand
    return (by_hand or command.state == Command.State.PARKED) and command.is_due


def _titles(first: dict[Command, list[int]]) -> dict[int, str]:
    """What the commands that come first are called; those outside the page are fetched at once."""
    known = {command.pk: command for command in first}
    missing = {min(before) for before in first.values() if before} - known.keys()
    if missing:
        known |= Command.objects.in_bulk(missing)
    return {pk: f"{command} – {Role(command.role).place}" for pk, command in known.items()}


def _record(groups: Sequence[OrderTasks], user: User, page_name: SeenOn) -> None:
    """Write down every look at a client's data, in one statement for any number of them."""
    looks = {(client.public_id, group.order_number): client for group in groups for client in shown_clients([group])}
    Look.objects.bulk_create(
        Look(by=user, client_ref=ref, protected=client.is_protected, page=page_name, order_number=number)
        for (ref, number), client in looks.items()
    )

"""Is there a hole? For every task of the routine: what in the product answers it, and for whom nothing does."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lasrutin.roles import Role
from notifications.catalogue import MAILS
from orders.answers import DECLARED, SENT_OTHERWISE, Answer, Declared, found, has_code, has_template
from orders.conditions import Condition
from orders.document import ROWS, Row
from orders.effects import Effect, do, mail, secure
from orders.means import CHANGES_PHONIRO, MAILED, TOLD_SECURELY
from orders.models import Order
from orders.steps import Step

# The chapters in which no hole is allowed. The command and a test fail on one.
DONE = (0, 1, 2, 3, 4, 5, 6, 9)
STEP, CONDITION, MAIL, SECURE, PHONIRO = "Steg", "Villkor", "Mejl", "Säkert meddelande", "Phoniro Care"
_MAIL_PARTS = (".subject.txt", ".txt", ".html")

Registry = Mapping[str, type[Order]]


@dataclass(frozen=True)
class Covered:
    """A task with its answers."""

    row: Row
    answers: list[Answer] = field(default_factory=list)

    @property
    def missing(self) -> list[Role]:
        """The responsible roles that have nothing to do it with."""
        able = frozenset[Role]().union(*(answer.roles for answer in self.answers))
        return [role for role in Role if role in self.row.roles and role not in able]

    @property
    def is_hole(self) -> bool:
        """Whether something that the task asks for is not there."""
        return bool(self.lack)

    @property
    def lack(self) -> str:
        """What is missing, in words; empty when nothing is."""
        if not self.answers:
            return _("Inget svarar på uppgiften.")
        return " ".join(
            text % {"roles": ", ".join(str(role.label) for role in roles)}
            for text, roles in (
                (_("Inget för %(roles)s."), self.missing),
                (_("Inget mejl till %(roles)s."), self._untold(MAIL, MAILED)),
                (_("Inget säkert meddelande till %(roles)s."), self._untold(SECURE, TOLD_SECURELY)),
                (_("Inget ändras i Phoniro Care."), [Role.SYSTEM_ADMIN] if self._lacks_phoniro() else []),
            )
            if roles
        )

    def _untold(self, kind: str, asked: Mapping[str, frozenset[Role]]) -> list[Role]:
        """Whom the routine wants told in this way, and whom nothing tells so."""
        told = frozenset[Role]().union(*(answer.told for answer in self.answers if answer.kind == kind))
        return [role for role in Role if role in asked.get(self.row.id, ()) and role not in told]

    def _lacks_phoniro(self) -> bool:
        return self.row.id in CHANGES_PHONIRO and not any(answer.kind == PHONIRO for answer in self.answers)

    @property
    def who(self) -> str:
        """Who is responsible, as a column says it."""
        return ", ".join(capfirst(str(role.label)) for role in Role if role in self.row.roles)


def coverage(
    registry: Registry | None = None, *, declared: Mapping[str, Iterable[Declared]] = DECLARED
) -> dict[str, Covered]:
    """Every task of the routine with what answers it, by its id, in the document's order."""
    routines = Order.registry if registry is None else registry
    table = {id_: Covered(row) for id_, row in ROWS.items()}
    for row, answer in _all_answers(routines):
        if row in table and answer not in table[row].answers:
            table[row].answers.append(answer)
    for row, also in declared.items():
        table[row].answers.extend(found(also))
    for covered in table.values():
        covered.answers.sort(key=lambda answer: answer.kind != STEP)
    return table


def holes(table: Mapping[str, Covered], chapters: Iterable[int] = DONE) -> list[Covered]:
    """The tasks of these chapters that are not answered."""
    wanted = set(chapters)
    return [covered for covered in table.values() if covered.row.chapter in wanted and covered.is_hole]


def _all_answers(routines: Registry) -> Iterator[tuple[str, Answer]]:
    for routine in routines.values():
        for step in routine.steps():
            yield from _of_step(routine, step)
    for name, sender in SENT_OTHERWISE.items():
        if _is_written(name) and has_code(sender):
            yield MAILS[name].row, _mail_answer(frozenset({MAILS[name].to}))


def _of_step(routine: type[Order], step: Step) -> Iterator[tuple[str, Answer]]:
    url = reverse("orders:routine_of", args=[routine.slug])
    roles = frozenset({step.role}) if step.role is not None else frozenset[Role]()
    for row in step.rows:
        yield row, Answer(STEP, f"{routine.title}: {step.label}", url, roles)
        for effect in step.effects:
            yield from _of_effect(row, effect)
    for condition in _conditions(step):
        if condition.row and str(condition.unmet):
            yield condition.row, Answer(CONDITION, str(condition.unmet))


def _of_effect(row: str, effect: Effect) -> Iterator[tuple[str, Answer]]:
    """What an effect answers: a step has several tasks, and each of them asks for its own mail or message."""
    if isinstance(effect, mail) and _is_written(effect.template):
        if told := MAILED.get(row, frozenset()) & {effect.to, *effect.cc}:
            yield row, _mail_answer(told)
        elif MAILS[effect.template].row == row:
            yield row, _mail_answer(frozenset({effect.to}))
    elif isinstance(effect, secure) and (told := TOLD_SECURELY.get(row, frozenset()) & set(effect.to)):
        yield row, Answer(SECURE, _to(told), told=told)
    elif isinstance(effect, do) and row in CHANGES_PHONIRO and effect.says and not effect.opens and effect.to is None:
        yield row, Answer(PHONIRO, capfirst(str(effect.says)))


def _conditions(step: Step) -> list[Condition]:
    return [*step.when, *filter(None, [step.applies, step.awaited_when])]


def _is_written(name: str) -> bool:
    """Whether all parts of a mail exist."""
    return name in MAILS and all(has_template(f"notifications/mail/{name}{part}") for part in _MAIL_PARTS)


def _mail_answer(told: frozenset[Role]) -> Answer:
    return Answer(MAIL, _to(told), told=told)


def _to(told: frozenset[Role]) -> str:
    return _("till %(roles)s") % {"roles": ", ".join(role.place for role in Role if role in told)}

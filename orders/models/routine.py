"""What every routine says of itself, and the steps that its class defines."""

from dataclasses import replace
from functools import cache
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from lasrutin.roles import Role
from orders.steps import Step

NEW = "new"


class Routine:
    """The definition of a routine: a mixin of the order, since each routine is a proxy of it."""

    slug: ClassVar[str] = ""
    title: ClassVar[StrOrPromise] = ""
    finals: ClassVar[frozenset[str]] = frozenset()
    # The states of the ordinary path, in order, for the picture on the order page.
    track: ClassVar[tuple[str, ...]] = ()
    # States beside the main path that the track shows where an order comes to them.
    detours: ClassVar[frozenset[str]] = frozenset()
    # States in which somebody has to decide whether it can go on at all.
    hindered: ClassVar[frozenset[str]] = frozenset()
    # States in which only the caretaker who has claimed the job may go on.
    claimed_states: ClassVar[frozenset[str]] = frozenset()
    # From which states on a role without reach over the whole municipality is told of the order.
    shown_from: ClassVar[dict[Role, frozenset[str]]] = {}
    shown_to_providers: ClassVar[bool] = True
    # Whether a client may have only one open order of the kind.
    one_at_a_time: ClassVar[bool] = True
    # The states in which it waits for others only, so that the client's next order of the kind may begin beside it.
    gives_way_in: ClassVar[frozenset[str]] = frozenset()
    # Open orders of the same client that it cannot begin beside: routine -> in which states; none named: in all.
    excluded_by: ClassVar[dict[str, frozenset[str]]] = {}
    # The states in which an acute order of this kind is seen to at once, as long as no visit is agreed on.
    at_once: ClassVar[frozenset[str]] = frozenset()
    # Whether it brings a lock to a client, for whose care it is.
    needs_care: ClassVar[bool] = False
    # Whether it takes a lock away, once all care has ended.
    after_care: ClassVar[bool] = False
    # The steps whose answers say what is to be done, and so stand beside whom the order waits for.
    told_on_top: ClassVar[frozenset[str]] = frozenset()
    # What `effective_on` is on an order of this kind.
    effective_label: ClassVar[StrOrPromise] = _("Gäller från")
    # The page on which a person begins it, and that page's arguments; empty where no person does from nothing.
    begins_at: ClassVar[tuple[str, ...]] = ()
    # The task ids of steps that several routines share, where they differ from those of chapter 1.
    rows: ClassVar[dict[str, tuple[str, ...]]] = {}
    State: ClassVar[type[models.TextChoices]]

    @classmethod
    @cache
    def steps(cls) -> tuple[Step, ...]:
        """The routine's steps in the order they stand in its file."""
        found: dict[str, Step] = {}
        for base in reversed(cls.__mro__):
            for method in vars(base).values():
                definition = getattr(method, "step", None)
                if isinstance(definition, Step):
                    found[definition.name] = replace(definition, rows=cls.rows.get(definition.name, definition.rows))
        return tuple(found.values())

    @classmethod
    def step_named(cls, name: str) -> Step:
        """The step of this name. Raises KeyError when the routine has none."""
        return next((step for step in cls.steps() if step.name == name), None) or _no_step(cls, name)

    @classmethod
    def openings(cls) -> list[Step]:
        """The steps that file an order of this kind: one, or one per path."""
        return [step for step in cls.steps() if NEW in step.sources]

    @classmethod
    def opening(cls) -> Step:
        """The first step that files an order of this kind."""
        return cls.openings()[0]

    @classmethod
    def beginning_url(cls) -> str:
        """Where a person begins an order of this kind; empty where no person does from nothing."""
        return reverse(cls.begins_at[0], args=cls.begins_at[1:]) if cls.begins_at else ""

    @classmethod
    def states_shown_to(cls, role: Role) -> frozenset[str]:
        """The states in which a role that works with parts of the routine is told of the order."""
        return cls.shown_from.get(role, frozenset())


def _no_step(cls: type[Routine], name: str) -> Step:
    raise KeyError(f"{cls.slug} has no step {name}")

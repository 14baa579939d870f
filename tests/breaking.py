"""Rules of the database, each with a way to break it."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction


class Breaks(dict[str, Callable[[], object]]):
    """By the name of the rule what breaks it."""

    def __call__(self, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
        """Keep the function that it stands on."""

        def keep(function: Callable[[], object]) -> Callable[[], object]:
            self[name] = function
            return function

        return keep

    def refused(self, name: str) -> str:
        """Break a rule, which must be refused; the name of the rule that the database gives for it."""
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            self[name]()
        named: str = refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr]  # psycopg2's own error
        return named


def rules_of(*labels: str) -> set[str]:
    """The rules that the models of some apps declare."""
    ours = [model for label in labels for model in apps.get_app_config(label).get_models() if not model._meta.proxy]
    return {rule.name for model in ours for rule in model._meta.constraints}

"""What can go wrong when a step is taken. The type says what the page answers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


class OrderError(Exception):
    """A step that was refused; nothing has changed."""


class WrongRole(OrderError):
    """The person does not act in the role that this step belongs to, or not for this organisation (403)."""


class StepNotOpen(OrderError):
    """The order does not stand where this step begins, or something is missing (409)."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class AlreadyTaken(StepNotOpen):
    """Somebody else was faster (409)."""

    def __init__(self, winner: str, when: str) -> None:
        super().__init__([_("%(who)s hann före och tog jobbet %(when)s.") % {"who": winner, "when": when}])


class Resent(StepNotOpen):
    """A posting with the key of an earlier one, and something else in it: a page that the browser kept (409)."""

    def __init__(self) -> None:
        super().__init__(
            [
                _(
                    "Formuläret har redan skickats en gång, och då stod det något annat. Inget nytt är sparat. Läs igenom och skicka igen."
                )
            ]
        )


class StaleOrder(StepNotOpen):
    """The order has moved on since the page was fetched (409)."""

    def __init__(self) -> None:
        super().__init__(
            [_("Ordern har ändrats sedan du öppnade sidan. Inget är sparat än. Läs igenom och försök igen.")]
        )

"""Record looks at client data, and what is done to the register."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from lasrutin.audit.models import Action, Look
from lasrutin.audit.pages import SeenOn

if TYPE_CHECKING:
    from lasrutin.people.models import User


class Viewed(Protocol):
    """What can be looked at: a client."""

    public_id: str

    @property
    def is_protected(self) -> bool:
        """Whether the client's data are protected."""


def record_look(client: Viewed, *, by: "User", page: SeenOn, order_number: str = "") -> None:
    """Write down that a person looked at a client's data on a page."""
    Look.objects.create(
        by=by, client_ref=client.public_id, protected=client.is_protected, page=page, order_number=order_number
    )


def record_protected_looks(clients: Iterable[Viewed], *, by: "User", page: SeenOn) -> None:
    """Write down which protected clients stood on a list that a person opened (0.6)."""
    record_looks_in_orders(((client, "") for client in clients), by=by, page=page)


def record_looks_in_orders(clients: Iterable[tuple[Viewed, str]], *, by: "User", page: SeenOn) -> None:
    """The same, each with the number of the order that stood there."""
    Look.objects.bulk_create(
        Look(by=by, client_ref=client.public_id, protected=True, page=page, order_number=number)
        for client, number in clients
        if client.is_protected
    )


def record_action(
    what: str, *, by: "User", subject: str = "", client: Viewed | None = None, order_number: str = ""
) -> None:
    """Write down that a person changed something. `what` is a Swedish phrase without personal data."""
    Action.objects.create(
        by=by, what=what, subject=subject, client_ref=client.public_id if client else "", order_number=order_number
    )

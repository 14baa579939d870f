"""What an order can tell of itself: what has happened, and where it is."""

from typing import TYPE_CHECKING, Any

from orders.conditions import asked_once

if TYPE_CHECKING:
    from orders.models.events import OrderEvent


class Particulars:
    """The history and the place of an order."""

    address: Any
    new_address: Any
    entrance: Any
    old_entrance: Any
    protected: bool
    events: Any

    def history(self) -> "list[OrderEvent]":
        """Every event with who caused it, oldest first; asked once while nothing changes."""
        events: list[OrderEvent] = asked_once(_history, self)
        return events

    def has_taken(self, name: str) -> bool:
        """Whether a step has ever been taken on this order."""
        return any(event.step == name for event in self.history())

    def taken_since_state(self, *names: str, anew: str = "") -> bool:
        """Whether one of these steps has been taken since the order came into its present state, or with coming there.

        anew: a step after which they are to be taken once more.
        """
        history = self.history()
        came = max((event.pk for event in history if event.before != event.after or event.step == anew), default=None)
        return came is not None and any(event.step in names and event.pk >= came for event in history)

    @property
    def place_line(self) -> str:
        """Where the work is, with the apartment: for screens, never for mail."""
        if self.address is not None:
            return str(self.address.door_line)
        return str(self.entrance or self.old_entrance or "")

    @property
    def mail_place(self) -> str:
        """Where the work is as a mail may say it: street and number, nothing at all for a protected client."""
        place = self.address or self.old_entrance or self.entrance
        return str(place.street_line) if place is not None and not self.protected else ""

    @property
    def mail_new_place(self) -> str:
        """The other end of a move, as a mail may say it."""
        place = self.new_address or (self.entrance if self.old_entrance and self.address is None else None)
        return str(place.street_line) if place is not None and not self.protected else ""


def _history(order: Any) -> "list[OrderEvent]":
    return list(order.events.select_related("by"))

"""The step by which a provider has a key against a signature (0.2), made for a routine."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from lasrutin.people.models import Provider
from lasrutin.roles import Role
from locks.models import KeyItem
from locks.services.keys import sign_receipt
from orders.conditions import Condition, condition
from orders.lockwork import providers_to_sign
from orders.steps import Whom, step

if TYPE_CHECKING:
    from django.core.files.base import File

    from lasrutin.people.models import User
    from orders.models import Order


@condition(unmet=_("Alla utförare har kvitterat sin nyckel."), row="1.2b")
def receipt_missing(order: "Order") -> bool:
    """Whether a provider of this client has still to sign for a key."""
    return bool(providers_to_sign(order))


@condition(unmet=_("En utförare har inte kvitterat sin nyckel."), row="0.2")
def receipts_signed(order: "Order") -> bool:
    """Whether every provider has signed for its key."""
    return not providers_to_sign(order)


def signing_for_key(
    sources: Sequence[str], *, row: str, label: StrOrPromise, todo: StrOrPromise, done: StrOrPromise,
    applies: Condition = receipt_missing, whom: Whom | None = providers_to_sign, while_resting: bool = False,
) -> Callable[..., None]:  # fmt: skip
    """Every provider that needs a key has its own, and its own receipt; without `whom` the order's provider alone."""

    @step(
        row=row, role=Role.PROVIDER, source=sources, applies=applies, whom=whom, within=5,
        while_resting=while_resting, lane=_("Nycklar"), form="orders.forms.keys.SignReceipt", label=label, todo=todo, done=done,
    )  # fmt: skip
    def receipt_key(
        self: "Order", *, by: "User", provider: Provider, items: dict[KeyItem.Kind, int], given_on: date,
        signature: "File[bytes]", marking: str = "",
    ) -> None:  # fmt: skip
        """Never stops the work at the door."""
        assert self.client is not None
        sign_receipt(
            client=self.client, provider=provider, items=items, markings={KeyItem.Kind.DOOR: marking},
            given_on=given_on, by=by, signature=signature, order_number=self.number, address=self.new_address,
        )  # fmt: skip

    return receipt_key

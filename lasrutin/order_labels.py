"""What an order is called to a reader: its number, or no more than that it is protected (0.6).

Apps below `orders` keep order numbers. Whether a reader may know one is asked there.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from lasrutin.people.models import User

# Given a reader, returns the orders that they may not know of, or those that they can open.
OrdersOf = Callable[["User"], "QuerySet[Any]"]
_sources: list[OrdersOf] = []
_visible: list[OrdersOf] = []


def register_orders(*, hidden: OrdersOf, visible: OrdersOf) -> None:
    """Ask there which orders a reader may not know of, and which they can open. Called once, when an app starts."""
    _sources[:] = [hidden]
    _visible[:] = [visible]


def with_hidden_orders(rows: Any, user: "User", *, field: str = "order_number", mark: str = "order_hidden") -> Any:
    """Each row with a mark: whether its reader may not know the order whose number it keeps."""
    hidden = [source(user).filter(number=OuterRef(field)) for source in _sources]
    return rows.annotate(**{mark: Exists(hidden[0]) if hidden else Value(False)})  # the value itself


def with_visible_orders(rows: Any, user: "User", *, field: str = "order_number") -> Any:
    """Each row with a mark, `order_visible`: whether its reader can open the order whose number it keeps."""
    visible = [source(user).filter(number=OuterRef(field)) for source in _visible]
    return rows.annotate(order_visible=Exists(visible[0]) if visible else Value(True))  # the value itself


def without_hidden_orders(rows: Any, user: "User") -> Any:
    """Leave out what an order asks for that its reader may not know of."""
    return rows.filter(*(~Exists(source(user).filter(number=OuterRef("order_number"))) for source in _sources))


def order_label(number: str, *, hidden: bool) -> str:
    """The number, or what stands in its place."""
    return _("Skyddad order") if hidden else number

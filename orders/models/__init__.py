"""The work: orders, what they wait for, what has happened to them, and what it costs."""

from orders.models.billing import InvoiceLine, Rate
from orders.models.due import DueRule
from orders.models.events import AllowedStep, OrderEvent, OrderNumber, Waiting
from orders.models.faults import FaultReport, Finding, Outlay
from orders.models.order import Order

# The routines are proxies of Order: they are models too, and read this module.
from orders import routines  # isort: skip

__all__ = [
    "AllowedStep",
    "DueRule",
    "FaultReport",
    "Finding",
    "InvoiceLine",
    "Order",
    "OrderEvent",
    "OrderNumber",
    "Outlay",
    "Rate",
    "Waiting",
    "routines",
]

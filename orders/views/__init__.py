"""Pages of the work: fetch what you may see, ask the service, answer."""

from orders.views.start import start

__all__ = ["start"]

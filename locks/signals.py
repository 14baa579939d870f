"""What the world tells whoever listens; `locks` knows nobody above it."""

from django.dispatch import Signal

# An owner has said yes or no: `approval`, `by`. Sent inside the transaction that records it.
approval_decided = Signal()

# An owner has been asked: `approval`, `by`. Sent inside the transaction that records it.
owner_asked = Signal()

# A client's facts, services or named readers have changed: `client`. Sent inside the transaction that changes them.
client_changed = Signal()

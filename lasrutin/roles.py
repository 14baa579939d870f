"""The roles: the "Ansvarig" column of the routine. Role -> permission -> group."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who does a task. A person can have several."""

    ASSESSOR = "assessor", _("biståndshandläggare")
    FEE_OFFICER = "fee_officer", _("avgiftshandläggare")
    PROVIDER = "provider", _("utförare")
    COORDINATOR = "coordinator", _("samordnare")
    CARETAKER = "caretaker", _("vaktmästare")
    LOCKSMITH = "locksmith", _("låssmed")
    SYSTEM_ADMIN = "system_admin", _("systemförvaltare")
    MANAGER = "manager", _("ledning")

    @property
    def permission(self) -> str:
        """Codename of the permission that lets a person act in this role."""
        return f"act_as_{self.value}"

    @property
    def place(self) -> str:
        """The role in the definite form, as a sentence names it: "Vi väntar på vaktmästeriet"."""
        return str(_PLACES[self])


_PLACES = {
    Role.ASSESSOR: _("biståndshandläggaren"),
    Role.FEE_OFFICER: _("avgiftshandläggaren"),
    Role.PROVIDER: _("utföraren"),
    Role.COORDINATOR: _("samordnaren"),
    Role.CARETAKER: _("vaktmästeriet"),
    Role.LOCKSMITH: _("låssmeden"),
    Role.SYSTEM_ADMIN: _("systemförvaltaren"),
    Role.MANAGER: _("ledningen"),
}

CASE_OFFICERS = (Role.ASSESSOR, Role.FEE_OFFICER)
# The roles that may know who the client is; caretaker, locksmith and manager never do.
KNOWS_CLIENT = frozenset({Role.ASSESSOR, Role.FEE_OFFICER, Role.PROVIDER, Role.COORDINATOR, Role.SYSTEM_ADMIN})
# A coordinator is staff of an in-house provider and does what a provider does.
ACTS_AS: dict[Role, frozenset[Role]] = {
    role: frozenset({role, Role.PROVIDER}) if role == Role.COORDINATOR else frozenset({role}) for role in Role
}

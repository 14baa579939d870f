"""Looks at clients in the administration are written down as everywhere else (0.6)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_look, record_protected_looks
from locks.models import Address, Client, Entrance
from locks.models.clients import protected_entrances

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as Base
else:
    Base = object


class RecordsLooks(Base):  # type: ignore[type-arg]  # ModelAdmin, to the type checker alone
    """An administration of rows that tell of clients: the rows themselves, unless `told_by` says otherwise."""

    def told_by(self, rows: list[Any]) -> Iterable[Client]:
        """Whom these rows tell of."""
        return rows

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list, and each protected client on it."""
        answer = super().changelist_view(request, extra_context)
        shown = getattr(answer, "context_data", {}).get("cl")
        told = self.told_by(list(shown.result_list)) if shown else []
        record_protected_looks(told, by=request.user, page=SeenOn.PANEL)  # type: ignore[arg-type]  # the panel lets nobody else in
        return answer

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """One row, and whom it tells of."""
        row = self.get_object(request, object_id)
        for client in self.told_by([row]) if row is not None else []:
            record_look(client, by=request.user, page=SeenOn.PANEL)  # type: ignore[arg-type]  # as above
        return super().change_view(request, object_id, form_url, extra_context)


def protected_at(addresses: Iterable[Address | None]) -> list[Client]:
    """The protected clients who live behind these doors: a door of theirs tells where they are."""
    homes = {address.pk for address in addresses if address is not None}
    return list(Client.objects.filter(address__in=homes).exclude(protection=Client.Protection.NONE)) if homes else []


def protected_behind(entrances: Iterable[Entrance | None]) -> list[Client]:
    """The protected clients behind these entrances, where an entrance tells of them: nobody else lives there."""
    telling = protected_entrances().filter(pk__in={entrance.pk for entrance in entrances if entrance is not None})
    behind = Client.objects.filter(address__entrance__in=telling)
    return list(behind.exclude(protection=Client.Protection.NONE))

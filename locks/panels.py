"""A place on the pages of a client, of a unit and of a property owner for apps above this one: they register what they have to say."""

from collections.abc import Callable

from django.http import HttpRequest

from locks.models import Client, PropertyOwner, Unit

# Given the request and a client, a unit or an owner that the reader may see, returns a piece of HTML, or an empty text.
Panel = Callable[[HttpRequest, Client], str]
UnitPanel = Callable[[HttpRequest, Unit], str]
OwnerPanel = Callable[[HttpRequest, PropertyOwner], str]
_panels: list[Panel] = []
_unit_panels: list[UnitPanel] = []
_owner_panels: list[OwnerPanel] = []


def register_panel(panel: Panel) -> Panel:
    """Show a piece of HTML on every client's page. Called once, when an app starts."""
    if panel not in _panels:
        _panels.append(panel)
    return panel


def panels_of(request: HttpRequest, client: Client) -> list[str]:
    """Return what the other apps have to say about a client to this reader."""
    return [text for panel in _panels if (text := panel(request, client))]


def register_unit_panel(panel: UnitPanel) -> UnitPanel:
    """Show a piece of HTML on every unit's page. Called once, when an app starts."""
    if panel not in _unit_panels:
        _unit_panels.append(panel)
    return panel


def unit_panels_of(request: HttpRequest, unit: Unit) -> list[str]:
    """Return what the other apps have to say about a unit to this reader."""
    return [text for panel in _unit_panels if (text := panel(request, unit))]


def register_owner_panel(panel: OwnerPanel) -> OwnerPanel:
    """Show a piece of HTML on every property owner's page. Called once, when an app starts."""
    if panel not in _owner_panels:
        _owner_panels.append(panel)
    return panel


def owner_panels_of(request: HttpRequest, owner: PropertyOwner) -> list[str]:
    """Return what the other apps have to say about a property owner to this reader."""
    return [text for panel in _owner_panels if (text := panel(request, owner))]

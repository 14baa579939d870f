"""The questions about what stands at the street (1.6c, 4.5b): which entrance, its door unit, whose house."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lasrutin.forms import TileRadioSelect, UnitNumberInput
from lasrutin.identifiers import validate_serial
from locks.models import Address, Entrance, PropertyOwner
from locks.services.entrances import door_unit_at, entrances_near
from orders.doors import NO_ENTRANCE, WITH_UNIT, WITHOUT_UNIT, check_door_unit, entrances_at, known_entrance
from orders.forms.base import ReadByAll
from orders.presenting.discretion import owner_told
from orders.routines.visits import BOOKED

OTHER = "other"
MOST_OWNERS = 3
_DOOR = (WITHOUT_UNIT, WITH_UNIT)


def _owners_of(doors: list[Entrance]) -> list[PropertyOwner]:
    return list({door.owner.pk: door.owner for door in doors if door.owner is not None}.values())


def _owners_near(place: Address | None) -> list[PropertyOwner]:
    """Owners of other entrances in the street: the likely ones where the register does not know the house. No person."""
    near = _owners_of(list(entrances_near(place)) if place is not None else [])
    return [owner for owner in near if owner.kind != PropertyOwner.Kind.PRIVATE][:MOST_OWNERS]


def _named(door: Entrance) -> str:
    """What tells one entrance from another to somebody who stands there."""
    mounted = door_unit_at(door)
    return f"{door.label}, {_('portenhet')} {mounted.unit.number}" if mounted is not None else door.label


class EntranceQuestions(ReadByAll):
    """The three questions of every mounting (1.6c): entrance, door unit, whose house.

    Where the register has entrances at the street number already, also which of them it is.
    """

    entrance = forms.ChoiceField(
        label=_("Finns det en port?"), widget=TileRadioSelect,
        choices=[(NO_ENTRANCE, _("Nej")), (WITHOUT_UNIT, _("Ja, utan portenhet")), (WITH_UNIT, _("Ja, med portenhet"))],
    )  # fmt: skip
    which = forms.ChoiceField(label=_("Vilken port?"), widget=TileRadioSelect, required=False)
    new_entrance = forms.CharField(
        label=_("Vad kallas porten?"), help_text=_("Till exempel Entré gård."), max_length=40, required=False
    )
    door_unit = forms.CharField(
        label=_("Portenhetens nummer"), help_text=_("Om det redan sitter en portenhet."), required=False,
        widget=UnitNumberInput, validators=[validate_serial], max_length=12,
    )  # fmt: skip
    owner = forms.ChoiceField(label=_("Vilken förening eller ägare?"), widget=TileRadioSelect, required=False)
    new_owner = forms.CharField(
        label=_("Namn på förening eller ägare"), help_text=_("Om den inte står ovan."), max_length=120, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.order.new_address or self.order.address
        self.known = known_entrance(place) if place is not None else None
        self._doors = {door.public_id: door for door in (entrances_at(place) if place is not None else [])}
        self._offer_doors()
        self._offer_owners(place)
        self._ask_in_turn()

    def _offer_doors(self) -> None:
        """The entrances that the register has here, or another one; nothing to choose where it has none."""
        if not self._doors:
            del self.fields["which"], self.fields["new_entrance"]
            return
        known = [(public_id, _named(door)) for public_id, door in self._doors.items()]
        self.fields["which"].choices = [*known, (OTHER, _("En annan port"))]  # type: ignore[attr-defined]  # a ChoiceField
        if self.known is not None and not self.is_bound:
            self.initial.setdefault("which", self.known.public_id)

    def _offer_owners(self, place: Address | None) -> None:
        here = _owners_of([self.known] if self.known is not None else list(self._doors.values()))
        self._owners = {owner.public_id: owner for owner in here or _owners_near(place)}
        choices = [(public_id, owner_told(owner, self.user).name) for public_id, owner in self._owners.items()]
        self.fields["owner"].choices = [*choices, (OTHER, _("Annan"))]  # type: ignore[attr-defined]  # a ChoiceField
        if not choices:
            del self.fields["owner"]
            self.fields["new_owner"].help_text = ""
        elif len(here) == 1 and not self.is_bound and (self.known or not self._doors_without_owner()):
            self.initial.setdefault("owner", choices[0][0])

    def _ask_in_turn(self) -> None:
        """Each question after the answer that opens it, where the browser can; otherwise all at once."""
        door = f"entrance:{','.join(_DOOR)}"
        owned = f"{door} which:{','.join(self._doors_without_owner())},{OTHER}" if len(self._doors) > 1 else door
        turns = {
            "which": door, "new_entrance": f"{door} which:{OTHER}", "door_unit": f"entrance:{WITH_UNIT}", "owner": owned,
            "new_owner": f"{owned} owner:{OTHER}" if "owner" in self.fields else owned,
        }  # fmt: skip
        for name, when in turns.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-shown-when"] = when

    def _doors_without_owner(self) -> list[str]:
        return [public_id for public_id, door in self._doors.items() if door.owner is None]

    def _door(self, values: dict[str, Any]) -> Entrance | None:
        """The entrance that was chosen, or the one that it must be; none where it is another one, or not said."""
        chosen = values.get("which", "")
        return self._doors.get(chosen) if chosen else self.known

    def clean(self) -> dict[str, Any]:
        """Every question that the first answer opens must be answered."""
        values = super().clean() or self.cleaned_data
        answer = values.get("entrance")
        if answer in _DOOR:
            self._clean_door(values)
        if answer == WITH_UNIT and not values.get("door_unit") and "door_unit" not in self.errors:
            self.add_error("door_unit", ValidationError(_("Skriv portenhetens nummer. Det står på enheten.")))
        elif answer in _DOOR and self.order.state == BOOKED and "door_unit" not in self.errors:
            self._compare_with_register(values, answer)
        return values

    def _compare_with_register(self, values: dict[str, Any], answer: str) -> None:
        """The door unit is looked up whatever else is wrong, once it is known which entrance it is."""
        door = self._door(values)
        if door is not None:
            try:
                check_door_unit(door, answer, values.get("door_unit", ""))
            except ValidationError as error:
                self.refuse(error)

    def _clean_door(self, values: dict[str, Any]) -> None:
        door = self._door(values)
        if self._doors and door is None and "which" not in self.errors:
            if values.get("which") != OTHER:
                self.add_error("which", ValidationError(_("Vilken port är det?")))
                return
            if not values.get("new_entrance", "").strip():
                self.add_error("new_entrance", ValidationError(_("Skriv vad porten kallas.")))
        owned = door is not None and door.owner is not None
        chosen = self._owners.get(values.get("owner", ""))
        if not owned and chosen is None and not values.get("new_owner", "").strip():
            self.add_error("new_owner", ValidationError(_("Vilken förening eller ägare har huset?")))

    @property
    def reported(self) -> dict[str, Any]:
        """The entrance and the owner as rows of the register, or as new names."""
        values = dict(self.cleaned_data)
        door, other = self._door(values), values.pop("which", "") == OTHER
        values["which"] = door if values["entrance"] in _DOOR else None
        values["new_entrance"] = values.get("new_entrance", "").strip() if other else ""
        owner: PropertyOwner | None = self._owners.get(values.pop("owner", ""))
        values["owner"] = owner
        values["new_owner"] = "" if owner else values.get("new_owner", "").strip()
        return values

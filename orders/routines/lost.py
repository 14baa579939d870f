"""What the document leaves out (decision 0005): a lost key, and a lost phone."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Provider, ProviderUnit, User
from lasrutin.roles import Role
from locks.models import KeyItem, KeyReceipt, Unit
from locks.services.clients import household_lock
from locks.services.keys import find_keys, lose_keys, replace_keys
from notifications.services import notify
from orders.conditions import condition
from orders.effects import do, mail, notice
from orders.lockwork import providers_to_sign
from orders.models.order import Order
from orders.models.routine import NEW
from orders.people import staff
from orders.phoniro import block_phone, commands_done
from orders.routines.common import linking, naming
from orders.routines.keys import signing_for_key
from orders.routines.useless_keys import (
    DECIDED,
    UselessKeySteps,
    all_replaced,
    keys_to_replace,
    know_of_it,
    others_to_replace,
    to_replace,
    who_must_replace,
)
from orders.steps import step

if TYPE_CHECKING:
    from django.core.files.base import File

    from orders.models import OrderEvent

REPORTED, CLOSED, BLOCKING = "reported", "closed", "blocking"


MEASURES = ("cylinder", "both", "none")
# The measures after which no key to the door fits any more.
_NEW_CYLINDER = frozenset({"cylinder", "both"})


@condition(unmet=_("En nyckel är redan kvitterad, eller behövs inte."))
def new_key_needed(order: Order) -> bool:
    """Whether the provider has still to sign for a key in place of the lost one."""
    return order.provider in providers_to_sign(order)


@condition(unmet=_("Kvittera den nya nyckeln först."), row="0.2")
def new_key_signed(order: Order) -> bool:
    """Whether no new key is awaited."""
    return not new_key_needed(order)


@condition(unmet=_("Fastighetsägaren ska inte meddelas, eller är redan meddelad."))
def owner_to_tell(order: Order) -> bool:
    """Whether it was decided that the property owner learns of the lost key, and nobody has told them yet."""
    return bool(order.undo.get("tell_owner")) and not order.has_taken("tell_owner")


@condition(unmet=_("Fastighetsägaren är inte meddelad än."))
def owner_told(order: Order) -> bool:
    """Whether no word to the property owner is awaited."""
    return not owner_to_tell(order)


@condition(unmet=_("Cylindern är redan bytt: nyckeln passar inte längre."))
def still_fits(order: Order) -> bool:
    """Whether a key that turns up is of use: nobody has signed for a key to a new cylinder."""
    return "replace" not in order.undo or not (order.has_taken("receipt_key") or order.has_taken("replace_key"))


def unit_on_door(order: Order) -> Unit | None:
    """The lock unit on the door whose cylinder is changed."""
    here = household_lock(order.address) if order.address is not None and "replace" in order.undo else None
    return here.unit if here is not None else None


def tell_caretakers(order: Order, _event: "OrderEvent") -> None:
    """A unit sits on the cylinder that is changed. They learn of the unit, never of the key or the client."""
    unit = unit_on_door(order)
    if unit is not None:
        text = _("Cylindern byts där %(unit)s sitter. Kontrollera att enheten passar.") % {"unit": unit.number}
        notify(staff(order, Role.CARETAKER, None), text=text, url=reverse("locks:unit", args=[unit.public_id]))


class LostKey(UselessKeySteps, Order):
    """A provider has lost a client's key: which doors, what now."""

    slug = "lost-key"
    title = _("Förlorad nyckel")
    begins_at = ("orders:begin", "lost-key")
    one_at_a_time = False
    finals = frozenset({CLOSED})
    track = (REPORTED, DECIDED, CLOSED)
    told_on_top = frozenset({"report", "decide"})

    class State(models.TextChoices):
        REPORTED = REPORTED, _("Anmäld")
        DECIDED = DECIDED, _("Beslutad")
        CLOSED = CLOSED, _("Klar")

    class Meta:
        proxy = True
        verbose_name = _("förlorad nyckel")

    @classmethod
    def prepare(cls, order: Order, *, receipt: KeyReceipt, **_filed: Any) -> None:  # type: ignore[override]  # what it is filed with
        """Whose receipt, and so which door."""
        order.client, order.address, order.provider = receipt.client, receipt.address, receipt.provider
        order.entrance, order.protected = receipt.address.entrance, receipt.client.is_protected

    @step(
        decision="0005", role=Role.PROVIDER, source=NEW, target=REPORTED, lane=_("Nycklar"), form="orders.forms.lost.ReportLostKey",
        label=_("Anmäl förlorad nyckel"), todo=_("anmäla nyckeln"), done=_("Nyckeln anmäld förlorad"),
        effects=[notice(Role.FEE_OFFICER, _("En nyckel är förlorad. Bestäm vad som ska göras.")),
                 notice(Role.ASSESSOR, _("En nyckel är förlorad."))],
    )  # fmt: skip
    def report(
        self,
        *,
        by: User,
        receipt: KeyReceipt,
        lost_on: date,
        lost: dict[KeyItem.Kind, int] | None = None,
        note: str = "",
    ) -> None:
        """The receipt ends as lost: the key is on nobody's receipt because nobody has it. What is left stays on one."""
        gone = lose_keys(receipt, lost=lost, on=lost_on, by=by)
        self.undo = {"receipt": receipt.pk, "lost": {str(kind): count for kind, count in gone.items()}}

    @step(
        decision="0005", role=Role.FEE_OFFICER, source=REPORTED, target=DECIDED, within=1, lane=_("Nycklar"),
        label=_("Bestäm vad som ska göras"), todo=_("bestämma vad som ska göras med dörrarna"), done=_("Beslutat om nyckeln"),
        form="orders.forms.lost.DecideLostKey",
        effects=[
            notice(Role.PROVIDER, _("Läs vad som är bestämt om den förlorade nyckeln.")),
            notice(Role.PROVIDER, _("En dörrs cylinder byts. Kvittera nya nycklar."), whom=others_to_replace),
            do(tell_caretakers),
        ],
    )  # fmt: skip
    def decide(self, *, by: User, measure: str, note: str = "") -> None:
        """Change the cylinder, or judge that nobody can know the door. After a change no key to it fits."""
        if measure not in MEASURES:
            raise ValidationError({"measure": _("Välj vad som ska göras.")})
        if measure in _NEW_CYLINDER:
            theirs = KeyReceipt.objects.filter(address=self.address, items__kind=KeyItem.Kind.DOOR)
            # Also what others have lost: it may turn up, and fits no more either.
            held = theirs.filter(Q(ended_on__isnull=True) | Q(ending=KeyReceipt.Ending.LOST)).distinct()
            self.undo |= {"replace": sorted(held.values_list("pk", flat=True)), "tell_owner": measure == "both"}
            know_of_it(self)

    @step(
        decision="0012", role=Role.FEE_OFFICER, source=DECIDED, applies=owner_to_tell, within=1, lane=_("Nycklar"),
        label=_("Fastighetsägaren är meddelad"), todo=_("meddela fastighetsägaren"),
        done=_("Fastighetsägaren meddelad"), form="orders.forms.lost.TellOwner",
    )  # fmt: skip
    def tell_owner(self, *, by: User) -> None:
        """By phone or letter: a key that may fit more doors of theirs is lost."""

    receipt_key = signing_for_key(
        [DECIDED], row="0.2", applies=new_key_needed, whom=None,
        label=_("Kvittera den nya nyckeln"), todo=_("kvittera den nya nyckeln"), done=_("Ny nyckel kvitterad"),
    )  # fmt: skip

    @step(
        decision="0012", role=Role.PROVIDER, source=DECIDED, applies=keys_to_replace, within=5, lane=_("Nycklar"),
        whom=who_must_replace, label=_("Kvittera nya nycklar"), todo=_("kvittera nya nycklar till dörren"),
        done=_("Nya nycklar kvitterade"), form="orders.forms.lost.ReplaceKeys",
    )  # fmt: skip
    def replace_key(
        self, *, by: User, provider: Provider, receipt: KeyReceipt, items: dict[KeyItem.Kind, int], given_on: date,
        signature: "File[bytes]", marking: str = "",
    ) -> None:  # fmt: skip
        """One receipt ends as the next begins: at no moment is a key that fits on nobody's."""
        mine = to_replace(self).filter(pk=receipt.pk, provider=provider).first()
        if mine is None:
            raise ValidationError({"receipt": _("Välj en kvittens som ska ersättas.")})
        replace_keys(
            mine, items=items, markings={KeyItem.Kind.DOOR: marking}, given_on=given_on, by=by, signature=signature,
            order_number=self.number,
        )  # fmt: skip

    @step(
        decision="0005", role=Role.PROVIDER, source=DECIDED, target=CLOSED, within=5, lane=_("Nycklar"),
        when=[new_key_signed, all_replaced, owner_told],
        label=_("Åtgärden är gjord"), todo=_("göra det som är bestämt"), done=_("Åtgärden gjord"),
        effects=[notice(Role.FEE_OFFICER, _("Den förlorade nyckeln är åtgärdad."))],
    )  # fmt: skip
    def close(self, *, by: User) -> None:
        """Done, and the key that the provider needs is signed for."""

    @step(
        decision="0005", role=Role.PROVIDER, source=[REPORTED, DECIDED], target=CLOSED, awaited=False, lane=_("Nycklar"),
        label=_("Nyckeln är hittad"), done=_("Nyckeln hittad"), tone="secondary", when=[still_fits],
        effects=[notice(Role.FEE_OFFICER, _("Den förlorade nyckeln är hittad.")),
                 notice(Role.ASSESSOR, _("Den förlorade nyckeln är hittad."))],
    )  # fmt: skip
    def found(self, *, by: User) -> None:
        """It has turned up: it is on a receipt again, beside what the provider holds."""
        lost = KeyReceipt.objects.select_related("client", "address", "provider").get(pk=self.undo["receipt"])
        found = {KeyItem.Kind(kind): count for kind, count in self.undo["lost"].items()}
        find_keys(lost, found, on=timezone.localdate(), by=by)

    name_readers = naming([REPORTED, DECIDED])


class LostPhone(Order):
    """A provider's phone with the app is lost: it is blocked in Phoniro Care."""

    slug = "lost-phone"
    title = _("Förlorad telefon")
    begins_at = ("orders:begin", "lost-phone")
    one_at_a_time = False
    finals = frozenset({CLOSED})
    at_once = frozenset({REPORTED, BLOCKING})
    track = (REPORTED, BLOCKING, CLOSED)
    told_on_top = frozenset({"report"})

    class State(models.TextChoices):
        REPORTED = REPORTED, _("Anmäld")
        BLOCKING = BLOCKING, _("Spärras")
        CLOSED = CLOSED, _("Klar")

    class Meta:
        proxy = True
        verbose_name = _("förlorad telefon")

    @classmethod
    def prepare(cls, order: Order, *, unit: ProviderUnit, **_filed: Any) -> None:  # type: ignore[override]  # what it is filed with
        """Whose phone."""
        order.provider, order.acute = unit.provider, True

    def days_for(self, step: Any) -> int:
        """A lost phone opens doors until it is blocked: today."""
        return 0

    @step(
        decision="0005", role=Role.PROVIDER, source=NEW, target=REPORTED, lane=_("Telefon"), form="orders.forms.lost.ReportLostPhone",
        label=_("Anmäl förlorad telefon"), todo=_("anmäla telefonen"), done=_("Telefonen anmäld förlorad"),
        effects=[mail(Role.SYSTEM_ADMIN, "lost_phone", _("En telefon är förlorad. Spärra den nu."))],
    )  # fmt: skip
    def report(self, *, by: User, unit: ProviderUnit, label: str) -> None:
        """Which phone, by the name it has in Phoniro Care."""

    @step(
        decision="0005", role=Role.SYSTEM_ADMIN, source=REPORTED, target=BLOCKING, within=0, lane=_("Telefon"),
        label=_("Spärra telefonen"), todo=_("spärra telefonen i Phoniro Care"), done=_("Spärrningen påbörjad"),
        effects=[do(block_phone, _("telefonen spärras"))],
    )  # fmt: skip
    def block(self, *, by: User) -> None:
        """In Phoniro Care, today."""

    @step(
        decision="0005", role=Role.PROVIDER, source=REPORTED, target=CLOSED, awaited=False, lane=_("Telefon"), tone="secondary",
        label=_("Telefonen är hittad"), done=_("Telefonen hittad"),
        effects=[notice(Role.SYSTEM_ADMIN, _("Telefonen är hittad. Spärra den inte."))],
    )  # fmt: skip
    def found(self, *, by: User) -> None:
        """It has turned up before it was blocked."""

    link_in_phoniro = linking([BLOCKING], decision="0005")

    @step(
        decision="0005", role=None, source=BLOCKING, target=CLOSED, lane=_("Telefon"), label=_("Spärrad"), done=_("Telefonen spärrad"),
        when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done)],
        effects=[notice(Role.PROVIDER, _("Telefonen är spärrad."))],
    )  # fmt: skip
    def blocked(self, *, by: None = None) -> None:
        """It opens no door any more."""

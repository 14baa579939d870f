"""Chapter 5: another provider takes over a service, with effect on its day."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lasrutin.people.models import Organisation, Provider, ProviderUnit, User
from lasrutin.roles import Role
from locks.models import CareService, KeyItem
from locks.services.clients import Grant, end_service, grant_services, household_lock, reopen_service, withdraw_service
from locks.services.keys import hand_on, sign_receipt
from locks.services.refusals import refused
from orders.changing import change_units, chosen_unit, refuse_beside_change, refuse_beside_end
from orders.conditions import condition
from orders.effects import do, mail, notice, secure
from orders.ending import give_back_keys
from orders.gaps import lacks_part
from orders.models.order import Order
from orders.models.routine import NEW
from orders.phoniro import cancel_commands, commands_done, move_provider_unit
from orders.routines.change_questions import (
    changes_hands,
    day_has_come,
    day_not_past,
    early_key_back,
    early_key_out,
    early_receipts,
    hands_all_on,
    hands_some_on,
    holds_early_key,
    keeps_or_has_no_key,
    key_not_received,
    key_received,
    key_to_hand_on,
    keys_kept,
    not_yet_taken_effect,
    nothing_changed_hands,
    phones_added,
    phones_not_added,
    service_over,
    takes_part,
)
from orders.routines.common import CANCELLED, cancelling, linking, naming
from orders.routines.keys_back import entering_return
from orders.steps import step

if TYPE_CHECKING:
    from django.core.files.base import File

    from orders.models import OrderEvent

FILED, RELINKING, RELINKED, COMPLETE = "filed", "relinking", "relinked", "complete"
_OPEN = [FILED, RELINKING, RELINKED]
_KEYS, _LINK = _("Nycklar"), _("Koppling")


def former(order: Order) -> list[Organisation]:
    """The provider that is left."""
    return [order.former_provider] if order.former_provider is not None else []


def give_early_back(order: Order, *, provider: Provider, to: str, on: date, by: User) -> None:
    """End the former provider's receipts for a door that the client has not moved to."""
    give_back_keys(early_receipts(order).filter(provider=provider), to=to, on=on, by=by)


def relink_on_the_day(order: Order, event: "OrderEvent") -> None:
    """The command that moves the client between the provider units on the day."""
    if order.former_provider is None:
        link_own_unit(order, event)
        return
    old = CareService.objects.filter(pk=order.undo["service"]).select_related("client", "provider_unit").first()
    if old is not None and order.service is not None and order.effective_on is not None:
        change_units(order, event, former=old, new=order.service, on=order.effective_on)


def link_own_unit(order: Order, event: "OrderEvent") -> None:
    """The provider has the service already: the client is linked to its unit, and leaves none."""
    service = order.service
    if service is not None and service.provider_unit is not None and order.client is not None:
        day = order.effective_on or timezone.localdate()
        move_provider_unit(order, event, client=order.client, old=None, new=service.provider_unit, on=day)


class ChangeOfProvider(Order):
    """A service goes from one provider to another."""

    slug = "change-of-provider"
    title = _("Byte av utförare")
    begins_at = ("orders:choose_client", "change-of-provider")
    one_at_a_time = False
    excluded_by = {"dismounting": frozenset()}
    finals = frozenset({COMPLETE, CANCELLED})
    track = (FILED, RELINKED, COMPLETE)

    class State(models.TextChoices):
        FILED = FILED, _("Anmält")
        RELINKING = RELINKING, _("Kopplas om")
        RELINKED = RELINKED, _("Omkopplad")
        COMPLETE = COMPLETE, _("Klart")
        CANCELLED = CANCELLED, _("Avbrutet")

    class Meta:
        proxy = True
        verbose_name = _("byte av utförare")

    @classmethod
    def prepare(  # type: ignore[override]  # what it is filed with
        cls, order: Order, *, service: CareService, provider: Provider, effective_on: date, **_filed: Any
    ) -> None:
        """The service, from whom to whom, and the first day with the new one."""
        service = CareService.objects.select_related("client__address", "provider").get(pk=service.pk)
        if effective_on < timezone.localdate():
            raise ValidationError({"effective_on": _("Dagen har varit. Ett byte gäller tidigast i dag.")})
        same = provider.pk == service.provider_id
        if same and not lacks_part(service):
            raise ValidationError({"provider": _("Brukaren har redan den utföraren.")})
        if effective_on <= service.starts and not same:
            raise ValidationError({"effective_on": _("Insatsen har inte börjat då. Välj en senare dag.")})
        if service.ends is not None and service.ends < effective_on:
            raise ValidationError({"effective_on": _("Insatsen är avslutad då. Välj en tidigare dag.")})
        refuse_beside_change(service.client, service.kind, field="service")
        refuse_beside_end(service.client, service.kind, field="service")
        order.client, order.address, order.service = service.client, service.client.address, service
        order.former_provider, order.provider = None if same else service.provider, provider
        order.effective_on, order.protected = effective_on, service.client.is_protected

    @classmethod
    def may_begin(cls, order: Order) -> None:
        """Without a lock, and without one on its way, nothing of it passes from one provider to another (5.1a)."""
        client = order.client
        if client is None or household_lock(client.address) is not None:
            return
        if not Order.objects.under_way().filter(routine="new-lock", client=client).exists():
            text = _("Brukaren har inget digitalt lås, och inget är beställt. Ändra insatsen hos brukaren.")
            raise refused("client", text, "no_lock")

    def begins_on(self, step: Any) -> date:
        """Nothing is due before the day of the change."""
        return max(super().begins_on(step), self.effective_on or timezone.localdate())

    @step(
        row="5.1a, 5.1b", role=Role.ASSESSOR, source=NEW, target=FILED, when=[changes_hands], form="orders.forms.services.FileChange",
        label=_("Anmäl byte av utförare"), todo=_("anmäla bytet"), done=_("Bytet anmält"),
        effects=[
            mail(Role.PROVIDER, "change_of_provider", _("En brukare med digitalt lås kommer till er.")),
            notice(Role.PROVIDER, _("En brukare byter utförare. Lämna över nycklarna på dagen."), when=hands_all_on, whom=former),
            notice(Role.PROVIDER, _("En brukare byter utförare. Lämna över den nyckel som ni inte behöver längre."), when=hands_some_on, whom=former),
            notice(Role.PROVIDER, _("En brukare byter utförare. Ni har ingen nyckel att lämna över."), when=keeps_or_has_no_key, whom=former),
            notice(Role.PROVIDER, _("Ni har kvitterat nycklar till dörren som brukaren flyttar till. Lämna tillbaka dem på dagen."), when=holds_early_key, whom=former),
            secure((Role.SYSTEM_ADMIN,), _("vilken brukare som byter utförare")),
            notice(Role.SYSTEM_ADMIN, _("En brukare byter utförare. Koppla om på dagen.")),
        ],
    )  # fmt: skip
    def file(self, *, by: User, service: CareService, provider: Provider, effective_on: date) -> None:
        """The old service ends the day before; the new provider sees the client from its day on."""
        old = self.service
        assert old is not None
        self.undo = {"service": old.pk, "ends": old.ends}
        last, was = old.ends, CareService.Kind(old.kind)
        end_service(old, ends=effective_on - timedelta(days=1), by=by)
        grant = Grant(
            kind=was, provider=provider, starts=effective_on, ends=last,
            visible_from=effective_on if effective_on > timezone.localdate() else None,
        )  # fmt: skip
        self.service = grant_services(old.client, [grant], by=by)[0]

    @step(
        row="5.1a, 5.1b", decision="0016", role=Role.ASSESSOR, source=NEW, target=FILED, when=[takes_part],
        form="orders.forms.services.FileChange",
        label=_("Anmäl att en utförare börjar"), todo=_("anmäla att utföraren börjar"), done=_("Anmält att utföraren börjar"),
        effects=[
            mail(Role.PROVIDER, "change_of_provider", _("En brukare med digitalt lås kommer till er.")),
            secure((Role.SYSTEM_ADMIN,), _("vilken brukare som får en utförare till")),
            notice(Role.SYSTEM_ADMIN, _("En utförare börjar hos en brukare med lås. Koppla den.")),
        ],
    )  # fmt: skip
    def take_part(self, *, by: User, service: CareService, provider: Provider, effective_on: date) -> None:
        """The service is granted already, and its provider has neither a key nor a link."""

    @step(
        row="5.3", role=None, source=_OPEN, applies=not_yet_taken_effect, when=[day_has_come], lane=_LINK,
        label=_("Bytet gäller"), done=_("Bytet gäller från i dag"),
    )  # fmt: skip
    def take_effect(self, *, by: None = None) -> None:
        """The day has come: orders that are on their way go to the new provider by themselves (0031)."""

    @step(
        row="5.2a", role=Role.PROVIDER, source=_OPEN, applies=key_not_received, when=[day_has_come], within=2, lane=_KEYS,
        label=_("Ta emot nycklarna"), todo=_("ta emot nycklarna mot kvittens"), done=_("Nycklarna mottagna"),
        form="orders.forms.services.ReceiveKeys",
        effects=[notice(Role.PROVIDER, _("Nycklarna är kvitterade av den nya utföraren."), whom=former)],
    )  # fmt: skip
    def receive_keys(
        self, *, by: User, given_on: date, signature: "File[bytes]", items: dict[KeyItem.Kind, int], marking: str = "",
    ) -> None:  # fmt: skip
        """From the former provider or from the client: one receipt ends as the next begins."""
        assert self.client is not None
        assert self.provider is not None
        if self.effective_on is not None and given_on < self.effective_on:
            text = _("Bytet gäller från %(day)s. Välj den dagen eller en senare.")
            raise refused("given_on", text % {"day": date_format(self.effective_on)}, "before_change")
        markings = {KeyItem.Kind.DOOR: marking} if marking else None
        receipt = key_to_hand_on(self)
        if receipt is not None:
            hand_on(
                receipt, to_provider=self.provider, given_on=given_on, by=by, items=items, markings=markings,
                signature=signature, order_number=self.number, keep=keys_kept(self, receipt),
            )  # fmt: skip
            return
        sign_receipt(
            client=self.client, provider=self.provider, items=items, markings=markings, given_on=given_on, by=by,
            signature=signature, order_number=self.number,
        )  # fmt: skip

    @step(
        decision="0037", role=Role.PROVIDER, source=_OPEN, applies=early_key_out, when=[day_has_come], whom=former, within=5, lane=_KEYS,
        label=_("Nycklarna till den nya dörren är återlämnade"), todo=_("lämna tillbaka nycklarna till den nya dörren"),
        done=_("Nycklarna till den nya dörren återlämnade"), form="orders.forms.ending.ReturnEarlyKeys",
    )  # fmt: skip
    def return_keys(self, *, by: User, provider: Provider, to: str, on: date) -> None:
        """The client moves, and the former provider had signed for a key there before its service went to another."""
        give_early_back(self, provider=provider, to=to, on=on, by=by)

    enter_return = entering_return(_OPEN, give_back=give_early_back)

    @step(
        row="5.2b", role=Role.PROVIDER, source=_OPEN, applies=phones_not_added, within=3, lane=_LINK,
        label=_("Användare och telefoner är tillagda"), todo=_("lägga till användare och telefoner i Phoniro Care"),
        done=_("Användare och telefoner tillagda"),
    )  # fmt: skip
    def add_phones(self, *, by: User) -> None:
        """The new provider's own people and phones are in Phoniro Care."""

    @step(
        row="5.3", role=Role.SYSTEM_ADMIN, source=FILED, target=RELINKING, within=0, lane=_LINK,
        label=_("Koppla om till den nya utföraren"), todo=_("koppla om brukaren på dagen"), done=_("Omkoppling påbörjad"),
        form="orders.forms.services.NewUnit", effects=[do(relink_on_the_day, _("utförarenheten byts på dagen"))],
    )  # fmt: skip
    def relink(self, *, by: User, unit: ProviderUnit | str) -> None:
        """Prepared beforehand or done on the day; Phoniro Care is changed on the day and not before."""
        assert self.service is not None
        assert self.provider is not None
        self.service.provider_unit = chosen_unit(self.provider, unit)
        self.service.save(update_fields=["provider_unit"])

    link_in_phoniro = linking([RELINKING], row="5.3")

    @step(
        row="5.3", role=None, source=RELINKING, target=RELINKED, lane=_LINK, label=_("Omkopplad"), done=_("Omkopplad i Phoniro Care"),
        when=[condition(unmet=_("Allt är inte gjort i Phoniro Care."))(commands_done)],
        effects=[notice(Role.PROVIDER, _("Brukaren är kopplad till er utförarenhet."))],
    )  # fmt: skip
    def relinked(self, *, by: None = None) -> None:
        """The client belongs to the new provider's unit."""

    @step(
        row="5.3", role=None, source=RELINKED, target=COMPLETE, when=[key_received, phones_added, early_key_back, day_has_come],
        label=_("Klart"), done=_("Bytet klart"),
    )  # fmt: skip
    def complete(self, *, by: None = None) -> None:
        """Keys, phones and link: all done, and the day has come."""

    @step(
        decision="0005", role=None, source=_OPEN, target=CANCELLED, when=[service_over], lane=_("Annat"), label=_("Inget att lämna över"),
        done=_("Insatsen har upphört, inget mer att lämna över"), effects=[do(cancel_commands)],
    )  # fmt: skip
    def nothing_left(self, *, by: None = None) -> None:
        """The client has died or needs no care any more: keys and links go with the order that ends it."""

    name_readers = naming(_OPEN)
    cancel = cancelling(
        [FILED, RELINKING], role=Role.ASSESSOR, when=[day_not_past, nothing_changed_hands], ends_care=True,
        also=[notice(Role.PROVIDER, _("Bytet är avbrutet.")), notice(Role.PROVIDER, _("Bytet är avbrutet."), whom=former),
              notice(Role.SYSTEM_ADMIN, _("Bytet är avbrutet. Koppla inte om."))],
    )  # fmt: skip

    def take_back(self, *, by: User, reason: str) -> None:
        """Called off before anything has moved: the former provider goes on as before.

        Raises:
            ValidationError: when somebody has changed the former service since.
        """
        if self.former_provider is None:
            return
        new, old = self.service, CareService.objects.filter(pk=self.undo["service"]).first()
        if old is None or new is None or self.effective_on is None or old.ends != self.effective_on - timedelta(days=1):
            raise ValidationError(_("Insatserna har ändrats sedan bytet anmäldes. Rätta dem hos brukaren."))
        self.service = old
        type(self).objects.filter(pk=self.pk).update(service=old)
        withdraw_service(new, by=by)
        reopen_service(old, ends=date.fromisoformat(self.undo["ends"]) if self.undo["ends"] else None, by=by)

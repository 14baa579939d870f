"""Questions put to the orders. Readable in a chain: `Order.objects.visible_to(user).waiting_for(Role.CARETAKER)`."""

from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Min, Q

from lasrutin.roles import Role
from locks.models import Client, KeyReceipt

if TYPE_CHECKING:
    from lasrutin.people.models import User
    from orders.models import Order

_WHOLE_MUNICIPALITY = frozenset({Role.ASSESSOR, Role.FEE_OFFICER, Role.SYSTEM_ADMIN})


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders, seen by somebody, waiting for somebody."""

    def update(self, **values: Any) -> int:
        """Refuse to change a state behind the engine's back."""
        if "state" in values:
            raise AttributeError("Order.state changes through orders.services.take_step only")
        return super().update(**values)

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        """Refuse to change a state behind the engine's back."""
        if "state" in fields:
            raise AttributeError("Order.state changes through orders.services.take_step only")
        return super().bulk_update(objs, fields, *args, **kwargs)

    def delete(self) -> NoReturn:
        """Orders are never deleted, only ended; old ones are thinned out by their own command."""
        raise AttributeError("Orders are not deleted")

    def visible_to(self, user: "User") -> Self:
        """Deny by default: what each role may know of, and protected orders for named readers only (0.6)."""
        if user.acts_as & _WHOLE_MUNICIPALITY:
            reach = ~Q(pk__in=[])
        else:
            reach = Q(pk__in=[])
            if Role.PROVIDER in user.acts_as:
                reach |= self._for_provider(user)
            if Role.CARETAKER in user.acts_as:
                reach |= self._released_to(Role.CARETAKER) | self._called_off_for(Role.CARETAKER)
            if Role.LOCKSMITH in user.acts_as:
                reach |= self._released_to(Role.LOCKSMITH) & Q(locksmith__in=user.organisation_ids)
        return self.filter(reach).readable_by(user)

    def readable_by(self, user: "User") -> Self:
        """Leave out the protected orders that this person is not named for (0.6)."""
        return self.filter(Q(protected=False) | self._named(user))

    @staticmethod
    def _for_provider(user: "User") -> Q:
        from orders.models import FaultReport, Waiting

        clients = Client.objects.visible_to(user).values("pk")
        reported = FaultReport.objects.filter(provider__in=user.organisation_ids).values("order")
        awaited = Waiting.objects.filter(organisation__in=user.organisation_ids).values("order")
        mine = Q(client__in=clients) | Q(pk__in=reported) | Q(pk__in=awaited)
        # Who has left a client keeps what is open or what their key hangs on, and learns no new address (5.1).
        held = KeyReceipt.objects.open().filter(provider__in=user.organisation_ids).values("client")
        ours = Q(provider__in=user.organisation_ids)
        # A key to a door whose lock is to come down is asked back: whoever holds one knows of it, without the client.
        mine |= Q(routine="dismounting", client__in=held, closed_at__isnull=True)
        mine |= ours & (Q(client__isnull=True) | Q(about__in=reported))
        mine |= (ours | Q(former_provider__in=user.organisation_ids)) & (Q(closed_at__isnull=True) | Q(client__in=held))
        return mine & Q(routine__in=[r.slug for r in _registry().values() if r.shown_to_providers])

    @staticmethod
    @cache
    def _released_to(role: Role) -> Q:
        """Orders of routines that this role works in, from the state on where it is told of them."""
        shown = [(routine.slug, routine.states_shown_to(role)) for routine in _registry().values()]
        told = [Q(routine=slug, state__in=states) for slug, states in shown if states]
        return Q(*told, _connector=Q.OR) if told else Q(pk__in=[])

    @staticmethod
    @cache
    def _called_off_for(role: Role) -> Q:
        """Orders that are off and that this role was told of: what it was sent a link to tells what happened."""
        from orders.models import OrderEvent
        from orders.models.order import UNWINDING

        shown = [(routine.slug, routine.states_shown_to(role)) for routine in _registry().values()]
        told = [Q(order__routine=slug, after__in=states) for slug, states in shown if states]
        came = Q(*told, _connector=Q.OR) if told else Q(pk__in=[])
        return Q(state__in=["cancelled", UNWINDING], pk__in=OrderEvent.objects.filter(came).values("order"))

    @staticmethod
    def _named(user: "User") -> Q:
        """Of their own client; or of no client, with a named one among those it serves or behind its entrance."""
        named = user.named_client_ids
        if not named:
            return Q(pk__in=[])
        behind = Client.objects.filter(pk__in=named, address__entrance__isnull=False).values("address__entrance")
        doors = _registry()["new-lock"]._base_manager.filter(client__in=named, door_order__isnull=False)
        there = Q(entrance__in=behind) | Q(old_entrance__in=behind)
        there |= Q(about__client__isnull=True) & Q(about__entrance__in=behind)
        return (
            Q(client__in=named)
            | Q(pk__in=doors.values("door_order"))
            | Q(about__client__in=named)
            | Q(client__isnull=True) & there
        )

    def open(self) -> Self:
        """Orders that are not closed."""
        return self.filter(closed_at__isnull=True)

    def under_way(self) -> Self:
        """Open orders that go on: not those that are called off and being undone."""
        from orders.models.order import UNWINDING

        return self.open().exclude(state=UNWINDING)

    def waiting_for(self, *roles: Role) -> Self:
        """Open orders in which one of these roles has something to do."""
        return self.open().filter(waits__role__in=roles).distinct()

    def waiting_on(self, user: "User") -> Self:
        """Orders in which this very person has something to do, by what is acute and then what is due."""
        return (
            self.visible_to(user)
            .open()
            .filter(waiting_q(user, prefix="waits__"))
            .annotate(next_due=Min("waits__due_on"))
            .order_by("-acute", "next_due", "pk")
        )

    def search(self, text: str) -> Self:
        """Orders by number, unit number or the beginning of words in the street."""
        squeezed = "".join(text.split()).upper()
        words = [word for word in text.replace(",", " ").split() if word.isalnum()]
        found = (
            Q(number__iexact=text.strip()) | Q(number__endswith=f"-{squeezed.zfill(5)}") if squeezed else Q(pk__in=[])
        )
        orders = self.all()
        if squeezed:
            found |= Q(unit__serial=squeezed)
        if words:
            query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
            vector = SearchVector(
                "address__street", "address__street_number", "entrance__street", "entrance__street_number",
                config="simple",
            )  # fmt: skip
            orders = orders.annotate(place=vector)
            found |= Q(place=query)
        return orders.filter(found)


def waiting_q(user: "User", prefix: str = "") -> Q:
    """What waits for this very person: their roles, their organisations, and jobs that are theirs or nobody's."""
    theirs = Q(**{f"{prefix}person__isnull": True}) | Q(**{f"{prefix}person": user})
    reach = Q(**{f"{prefix}organisation__isnull": True}) | Q(**{f"{prefix}organisation__in": user.organisation_ids})
    return Q(**{f"{prefix}role__in": user.acts_as}) & theirs & reach


def _registry() -> "dict[str, type[Order]]":
    from orders.models import Order

    return Order.registry

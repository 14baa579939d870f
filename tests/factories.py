"""The smallest world that is valid: doors, clients, units, keys; traits say what a test is about.

Everybody here is invented: test series of the Tax Agency (birth numbers 980 to 989), telephone numbers that are
reserved for fiction, mail at example.se.
"""

from datetime import timedelta

import factory
from django.utils import timezone
from guardian.shortcuts import assign_perm

from locks.models import (
    Address,
    Approval,
    Article,
    CareService,
    Client,
    ClientLink,
    Entrance,
    Installation,
    KeyItem,
    KeyReceipt,
    Property,
    PropertyOwner,
    StockMovement,
    Unit,
)
from locks.services.clients import READ_PROTECTED
from tests.organisations import Factory, ProviderFactory, UserFactory
from tests.papers import signature

Kind = CareService.Kind


def identity_number(number: int) -> str:
    """Return one of the Tax Agency's test numbers, twelve digits; the first three thousand differ."""
    days, serial = divmod(number, 10)
    born = timezone.datetime(1932, 1, 1) + timedelta(days=days * 17)
    digits = f"{born:%y%m%d}98{serial}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    check = -sum(value - 9 if value > 9 else value for value in doubled) % 10
    return f"{born:%Y%m%d}98{serial}{check}"


class PropertyOwnerFactory(Factory):
    class Meta:
        model = PropertyOwner

    class Params:
        on_paper = factory.Trait(document_required=True)
        private = factory.Trait(kind=PropertyOwner.Kind.PRIVATE)

    name = factory.Sequence(lambda n: f"BRF Exemplet {n}")
    contact_name = "Mio Mönster"
    phone = "08-465 004 20"
    email = factory.Sequence(lambda n: f"brf{n}@example.se")
    document_required = False


class PropertyFactory(Factory):
    class Meta:
        model = Property

    designation = factory.Sequence(lambda n: f"Exemplet {n}")
    owner = factory.SubFactory(PropertyOwnerFactory)


class EntranceFactory(Factory):
    """`EntranceFactory(house__owner=owner)` for one whose owner matters."""

    class Meta:
        model = Entrance

    street = "Exempelgatan"
    street_number = factory.Sequence(lambda n: str(n % 9000 + 1))
    postcode = "144 30"
    town = "Exempelby"
    house = factory.SubFactory(PropertyFactory)


class AddressFactory(Factory):
    class Meta:
        model = Address

    class Params:
        behind_entrance = factory.Trait(
            has_entrance=True,
            entrance=factory.SubFactory(
                EntranceFactory,
                street=factory.SelfAttribute("..street"),
                street_number=factory.SelfAttribute("..street_number"),
            ),
        )
        villa = factory.Trait(has_entrance=False, apartment="")

    street = "Provgatan"
    street_number = factory.Sequence(lambda n: str(n % 9000 + 1))
    postcode = "144 31"
    town = "Exempelby"
    apartment = "1101"


class ClientFactory(Factory):
    """`services={Kind.HOME_CARE: provider}` grants care that runs since 30 days."""

    class Meta:
        model = Client

    class Params:
        protected = factory.Trait(protection=Client.Protection.MARKED)

    given_name = "Exempla"
    family_name = factory.Sequence(lambda n: f"Påhittsson{n}")
    identity_number = factory.Sequence(identity_number)
    phone = "070-174 06 10"
    address = factory.SubFactory(AddressFactory)

    @factory.post_generation
    def services(self, create, services, **_kwargs):
        for kind, provider in (services or {}).items():
            CareServiceFactory(client=self, kind=kind, provider=provider)

    @factory.post_generation
    def readers(self, create, readers, **_kwargs):
        for reader in readers or ():
            assign_perm(READ_PROTECTED, reader, self)


class CareServiceFactory(Factory):
    class Meta:
        model = CareService

    class Params:
        ended = factory.Trait(ends=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)))
        to_come = factory.Trait(starts=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7)))

    client = factory.SubFactory(ClientFactory)
    kind = Kind.HOME_CARE
    provider = factory.SubFactory(ProviderFactory)
    starts = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))


class ArticleFactory(Factory):
    class Meta:
        model = Article
        django_get_or_create = ["number"]

    class Params:
        door = factory.Trait(kind=Article.Kind.DOOR, number="P-100", name="Portenhet P")
        battery = factory.Trait(kind=Article.Kind.BATTERY, number="B-100", name="Batteri")

    number = "L-100"
    name = "Låsenhet L"
    kind = Article.Kind.LOCK


class UnitFactory(Factory):
    """In the store, with the movement that brought it there. `mounted` ones came and went out again."""

    class Meta:
        model = Unit

    class Params:
        door = factory.Trait(
            kind=Unit.Kind.DOOR,
            serial=factory.Sequence(lambda n: f"PE{n + 200000}"),
            article=factory.SubFactory(ArticleFactory, door=True),
        )
        handed_out = factory.Trait(status=Unit.Status.HANDED_OUT)
        faulty = factory.Trait(status=Unit.Status.FAULTY)

    serial = factory.Sequence(lambda n: f"LE{n + 100000}")
    kind = Unit.Kind.LOCK
    article = factory.SubFactory(ArticleFactory)
    status = Unit.Status.IN_STOCK

    @factory.post_generation
    def movement(self, create, value, **_kwargs):
        moved = {"article": self.article, "unit": self}
        StockMovement.objects.create(**moved, quantity=1, reason=StockMovement.Reason.DELIVERED)
        if self.status != Unit.Status.IN_STOCK:
            StockMovement.objects.create(**moved, quantity=-1, reason=StockMovement.Reason.HANDED_OUT)


class InstallationFactory(Factory):
    """A lock on a door; `InstallationFactory(at_entrance=True)` a door unit."""

    class Meta:
        model = Installation

    class Params:
        at_entrance = factory.Trait(
            unit=factory.SubFactory(UnitFactory, door=True, status=Unit.Status.MOUNTED),
            address=None,
            entrance=factory.SubFactory(EntranceFactory),
        )

    unit = factory.SubFactory(UnitFactory, status=Unit.Status.MOUNTED)
    kind = factory.SelfAttribute("unit.kind")
    address = factory.SubFactory(AddressFactory)
    entrance = None


class ClientLinkFactory(Factory):
    class Meta:
        model = ClientLink

    client = factory.SubFactory(ClientFactory)
    unit = factory.SubFactory(UnitFactory, status=Unit.Status.MOUNTED)


class ApprovalFactory(Factory):
    class Meta:
        model = Approval

    class Params:
        approved = factory.Trait(
            state=Approval.State.APPROVED,
            decided_on=factory.LazyFunction(timezone.localdate),
            decided_by="Mio Mönster",
        )
        refused = factory.Trait(
            state=Approval.State.REFUSED,
            decided_on=factory.LazyFunction(timezone.localdate),
            decided_by="Mio Mönster",
            reason="Fasaden är k-märkt.",
        )
        blanket = factory.Trait(entrance=None, owner=factory.SubFactory(PropertyOwnerFactory))

    entrance = factory.SubFactory(EntranceFactory)
    owner = factory.SelfAttribute("entrance.house.owner")
    asked_on = factory.LazyFunction(timezone.localdate)
    recorded_by = factory.SubFactory(UserFactory)


class KeyReceiptFactory(Factory):
    """One door key, receipted today with a drawn signature."""

    class Meta:
        model = KeyReceipt

    class Params:
        returned = factory.Trait(
            ended_on=factory.LazyFunction(timezone.localdate), ending=KeyReceipt.Ending.RETURNED, ended_to="Brukaren"
        )

    client = factory.SubFactory(ClientFactory)
    address = factory.SelfAttribute("client.address")
    provider = factory.SubFactory(ProviderFactory)
    given_on = factory.LazyFunction(timezone.localdate)
    received_by = factory.SubFactory(UserFactory)
    signature = factory.LazyFunction(signature)

    @factory.post_generation
    def keys(self, create, keys, **_kwargs):
        KeyItem.objects.create(receipt=self, kind=KeyItem.Kind.DOOR, count=keys or 1)

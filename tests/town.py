"""A small town for tests: one person per role, two providers, a locksmith, mailboxes, a store."""

from dataclasses import dataclass, field

from lasrutin.people.models import Organisation, Provider, ProviderUnit, User
from lasrutin.roles import Role
from locks.models import CareService, Client
from orders.models import Rate
from tests.factories import (
    AddressFactory,
    ClientFactory,
    EntranceFactory,
    PropertyFactory,
    PropertyOwnerFactory,
    UnitFactory,
)
from tests.organisations import MailboxFactory, OrganisationFactory, ProviderFactory, ProviderUnitFactory, UserFactory

Kind = CareService.Kind


@dataclass
class Town:
    """Who is who. `people` holds a login per role, by the role's name."""

    people: dict[str, User] = field(default_factory=dict)
    external: Provider = None
    in_house: Provider = None
    alarm: Provider = None
    locksmith: Organisation = None
    units: dict[int, ProviderUnit] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def client(self, *, home_care: Provider | None = None, **more) -> Client:
        """A client behind no entrance, with home care from the external provider unless told otherwise."""
        services = {Kind.HOME_CARE: home_care or self.external} | more.pop("services", {})
        return ClientFactory(services=services, **{"address": AddressFactory()} | more)

    def behind_entrance(self, *, paper: bool = False, owner=None):
        """An entrance of a house of an association."""
        owner = owner or PropertyOwnerFactory(name="Brf Exemplet", document_required=paper)
        return EntranceFactory(house=PropertyFactory(owner=owner))


def _staff(town: Town, name: str, role: Role, *organisations: Organisation) -> None:
    town.people[name] = UserFactory(
        username=name, first_name=name.capitalize(), roles=[role], organisations=organisations
    )


def build_town() -> Town:
    """Make the town in the database."""
    town = Town(
        external=ProviderFactory(name="Omsorg Ett AB", contact_name="Robin Extern", phone="08-465 004 11"),
        in_house=ProviderFactory(name="Kommunens vård", in_house=True),
        alarm=ProviderFactory(name="Larmgruppen AB"),
        locksmith=OrganisationFactory(name="Låssmed Nord AB", locksmith=True),
    )
    for name in ("assessor", "fee_officer", "caretaker", "system_admin", "manager"):
        _staff(town, name, Role(name))
    _staff(town, "caretaker2", Role.CARETAKER)
    _staff(town, "provider", Role.PROVIDER, town.external)
    _staff(town, "provider2", Role.PROVIDER, town.alarm)
    _staff(town, "coordinator", Role.COORDINATOR, town.in_house)
    _staff(town, "locksmith", Role.LOCKSMITH, town.locksmith)
    for role in (Role.FEE_OFFICER, Role.ASSESSOR, Role.CARETAKER, Role.SYSTEM_ADMIN):
        MailboxFactory(role=role, organisation=None, name=str(role.label), email=f"{role.value}@example.se")
    for provider in (town.external, town.in_house, town.alarm):
        MailboxFactory(
            role=Role.PROVIDER, organisation=provider, name=provider.name, email=f"p{provider.pk}@example.se"
        )
        town.units[provider.pk] = ProviderUnitFactory(provider=provider, name=f"{provider.name} Norr")
        CareService.objects.filter(provider=provider).update(provider_unit=town.units[provider.pk])
    MailboxFactory(role=Role.LOCKSMITH, organisation=town.locksmith, name="Låssmed Nord", email="nord@example.org")
    for kind in Rate.Kind.values:
        Rate.objects.create(kind=kind, amount=850, valid_from="2020-01-01")
    UnitFactory.create_batch(3)
    UnitFactory.create_batch(3, door=True)
    return town

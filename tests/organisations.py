"""The smallest organisations that are valid, and people who work in them. Everybody is invented."""

from functools import cache

import factory
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group
from guardian.shortcuts import assign_perm

from lasrutin.people.models import Mailbox, Organisation, Provider, ProviderUnit, User
from lasrutin.roles import Role

PASSWORD = "ett lösenord för prov"


@cache
def hashed() -> str:
    """Return PASSWORD as it is stored. Hashing is slow on purpose, so it is done once, whatever the first test has set."""
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(PASSWORD, hasher.salt())


class Factory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True


class OrganisationFactory(Factory):
    class Meta:
        model = Organisation

    class Params:
        locksmith = factory.Trait(kind=Organisation.Kind.LOCKSMITH)

    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = Organisation.Kind.CARETAKERS


class ProviderFactory(Factory):
    class Meta:
        model = Provider

    class Params:
        in_house = factory.Trait(kind=Organisation.Kind.IN_HOUSE)

    name = factory.Sequence(lambda n: f"Hemvård {n}")
    kind = Organisation.Kind.EXTERNAL
    contact_name = "Kim Exempel"
    phone = "08-465 004 10"
    email = factory.Sequence(lambda n: f"hemvard{n}@example.se")


class ProviderUnitFactory(Factory):
    class Meta:
        model = ProviderUnit

    provider = factory.SubFactory(ProviderFactory)
    name = factory.Sequence(lambda n: f"Enhet {n}")


class MailboxFactory(Factory):
    class Meta:
        model = Mailbox

    role = Role.CARETAKER
    organisation = factory.SubFactory(OrganisationFactory)
    name = "Vaktmästeriet"
    email = "vaktmastare@example.se"


class UserFactory(Factory):
    """`UserFactory(roles=[Role.PROVIDER], organisations=[provider])`, or `role=` and `organisation=` for one."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.LazyFunction(hashed)

    @factory.post_generation
    def roles(self, create, roles, **_kwargs):
        self.groups.add(*(Group.objects.get(name=role) for role in roles or ()))

    @factory.post_generation
    def role(self, create, role, **_kwargs):
        if role:
            self.groups.add(Group.objects.get(name=role))

    @factory.post_generation
    def organisations(self, create, organisations, **_kwargs):
        for organisation in organisations or ():
            assign_perm("people.act_for_organisation", self, Organisation.objects.get(pk=organisation.pk))

    @factory.post_generation
    def organisation(self, create, organisation, **_kwargs):
        if organisation:
            assign_perm("people.act_for_organisation", self, Organisation.objects.get(pk=organisation.pk))

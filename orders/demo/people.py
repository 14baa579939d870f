"""Who works with the locks in Exempelby: organisations with their units, one login per role, and mailboxes (9.1)."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from guardian.shortcuts import assign_perm

from lasrutin.local.demo import DEMO_PASSWORD, LOGINS
from lasrutin.people.models import Mailbox, Municipality, Organisation, Provider, ProviderUnit, User
from lasrutin.roles import Role
from orders.demo import names

Kind = Organisation.Kind


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation, its units in Phoniro Care, and the login of its staff."""

    key: str
    name: str
    kind: Organisation.Kind
    contact: str
    login: str
    units: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """Its mailbox."""
        return f"{self.key.replace('_', '-')}@example.org"


FIRMS = (
    Firm("in_house", "Exempelby hemvård", Kind.IN_HOUSE, "Sanna Samordnarsson", "coordinator", ("Hemvård Norr", "Hemvård Söder")),
    Firm("external", "Påhittad Omsorg AB", Kind.EXTERNAL, "Petra Omsorgsdotter", "provider", ("Påhittad Centrum", "Påhittad Väst")),
    Firm("alarm", "Låtsas Jour AB", Kind.EXTERNAL, "Pelle Jourberg", "provider2", ("Låtsas Jour Natt", "Låtsas Jour Dag")),
    Firm("small", "Fiktiva Vårdlaget AB", Kind.EXTERNAL, "Fia Vårdlund", "provider3", ("Vårdlaget",)),
    Firm("smith", "Exempelby Lås & Port AB", Kind.LOCKSMITH, "Lasse Portkvist", "locksmith"),
    Firm("smith2", "Fiktiva Låssmeden AB", Kind.LOCKSMITH, "Lotta Smidesdal", "locksmith2"),
)  # fmt: skip
# What people are called on the screen. Nobody of them exists.
_CALLED = {
    "assessor": ("Anja", "Utredarsson"),
    "fee_officer": ("Folke", "Avgiftsgren"),
    "provider": ("Petra", "Omsorgsdotter"),
    "provider2": ("Pelle", "Jourberg"),
    "provider3": ("Fia", "Vårdlund"),
    "coordinator": ("Sanna", "Samordnarsson"),
    "caretaker": ("Verner", "Verktygsson"),
    "caretaker2": ("Viola", "Skruvdotter"),
    "locksmith": ("Lasse", "Portkvist"),
    "locksmith2": ("Lotta", "Smidesdal"),
    "system_admin": ("Siri", "Systemgren"),
    "manager": ("Leo", "Ledarström"),
}
_MUNICIPAL = {
    Role.ASSESSOR: "Biståndsenheten",
    Role.FEE_OFFICER: "Avgiftsenheten",
    Role.CARETAKER: "Vaktmästeriet",
    Role.SYSTEM_ADMIN: "Systemförvaltningen",
    Role.MANAGER: "Enhetschefen",
}
INVOICE_ADDRESS = "Exempelby kommun\nFakturamottagningen\nBox 1\n999 00 Exempelby"


@dataclass
class People:
    """Who is who: logins by user name, organisations and their units by key."""

    logins: dict[str, User] = field(default_factory=dict)
    firms: dict[str, Organisation] = field(default_factory=dict)
    units: dict[int, list[ProviderUnit]] = field(default_factory=dict)
    staff: dict[int, str] = field(default_factory=dict)

    def __getitem__(self, login: str) -> User:
        return self.logins[login]

    def provider(self, key: str) -> Provider:
        """A provider by its key."""
        return Provider.objects.get(pk=self.firms[key].pk)

    def login_at(self, organisation: Organisation) -> str:
        """Who acts for an organisation."""
        return self.staff[organisation.pk]


def hire() -> People:
    """Put the municipality, its partners and their people into the database."""
    Municipality.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Exempelby kommun",
            "invoice_address": INVOICE_ADDRESS,
            "invoice_reference": "9990-LÅS",
            "acute_phone": names.landline(99),
        },
    )
    people = People()
    for number, firm in enumerate(FIRMS):
        _found(people, firm, phone=names.landline(10 + number))
    password = make_password(DEMO_PASSWORD)
    for number, login in enumerate(_CALLED):
        people.logins[login] = _employ(login, password, phone=names.landline(30 + number))
    for firm in FIRMS:
        assign_perm("people.act_for_organisation", people[firm.login], people.firms[firm.key])
    _put_up_mailboxes(people)
    return people


def _found(people: People, firm: Firm, *, phone: str) -> None:
    organisation = Organisation.objects.create(
        name=firm.name, kind=firm.kind, contact_name=firm.contact, phone=phone, email=firm.email
    )
    people.firms[firm.key] = organisation
    people.staff[organisation.pk] = firm.login
    people.units[organisation.pk] = [
        ProviderUnit.objects.create(provider_id=organisation.pk, name=unit) for unit in firm.units
    ]


def _employ(login: str, password: str, *, phone: str) -> User:
    given, family = _CALLED[login]
    email = f"{login.replace('_', '-')}@example.se"
    user = User.objects.create(
        username=login, first_name=given, last_name=family, password=password, phone=phone, email=email, is_demo=True
    )
    user.groups.add(Group.objects.get(name=_role(login)))
    return user


def _role(login: str) -> Role:
    """A second or third login of a role carries its number."""
    return Role(login.rstrip("23"))


def _put_up_mailboxes(people: People) -> None:
    boxes = [
        Mailbox(
            role=role, name=name, phone=names.landline(50 + number), email=f"{role.value.replace('_', '-')}@example.se"
        )
        for number, (role, name) in enumerate(_MUNICIPAL.items())
    ]
    for firm in FIRMS:
        organisation = people.firms[firm.key]
        role = Role.LOCKSMITH if firm.kind == Kind.LOCKSMITH else Role.PROVIDER
        box = Mailbox(role=role, organisation=organisation, name=firm.name, phone=organisation.phone, email=firm.email)
        boxes.append(box)
        if firm.kind == Kind.IN_HOUSE:
            email = "samordnaren@example.se"
            boxes.append(
                Mailbox(
                    role=Role.COORDINATOR, organisation=organisation, name="Samordnaren", phone=box.phone, email=email
                )
            )
    Mailbox.objects.bulk_create(boxes)


__all__ = ["FIRMS", "LOGINS", "Firm", "People", "hire"]

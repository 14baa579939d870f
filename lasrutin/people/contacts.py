"""Who is reached where (9.1), and who may see whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.text import capfirst

from lasrutin.people.models import Mailbox, Organisation, User
from lasrutin.roles import Role

# The roles that the municipality itself holds: one mailbox each, without an organisation.
MUNICIPAL = (Role.ASSESSOR, Role.FEE_OFFICER, Role.CARETAKER, Role.SYSTEM_ADMIN, Role.MANAGER)
ROLES_OF: dict[str, tuple[Role, ...]] = {
    Organisation.Kind.IN_HOUSE: (Role.PROVIDER, Role.COORDINATOR),
    Organisation.Kind.EXTERNAL: (Role.PROVIDER,),
    Organisation.Kind.LOCKSMITH: (Role.LOCKSMITH,),
    Organisation.Kind.CARETAKERS: (Role.CARETAKER,),
}
# External firms see the municipality and themselves, never each other.
_SEES_EVERYBODY = frozenset(Role) - {Role.PROVIDER, Role.LOCKSMITH}


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of the contact page. Without a mail address nothing can be sent there."""

    role: Role
    organisation: Organisation | None
    name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def heading(self) -> str:
        """Who it is: the firm, or the municipality's own role."""
        return self.organisation.name if self.organisation else capfirst(str(self.role.label))

    @property
    def kind(self) -> str:
        """The kind of organisation; empty for the municipality itself."""
        return self.organisation.kind if self.organisation else ""


def visible_organisations(user: User) -> QuerySet[Organisation]:
    """The organisations in use whose contacts this person sees."""
    active = Organisation.objects.filter(is_active=True)
    if user.roles & _SEES_EVERYBODY:
        return active
    return active.filter(Q(kind=Organisation.Kind.CARETAKERS) | Q(pk__in=user.organisation_ids))


def contacts_for(user: User) -> list[Contact]:
    """Return the contacts this person may see, also those that nobody has filled in yet."""
    organisations = list(visible_organisations(user))
    mailboxes = Mailbox.objects.filter(Q(organisation=None) | Q(organisation__in=organisations))
    kept = {(box.role, box.organisation_id): box for box in mailboxes}
    return [
        _contact(role, organisation, kept.get((role, organisation.pk if organisation else None)))
        for role, organisation in _expected(organisations, kept.values())
    ]


def _expected(organisations: list[Organisation], kept: Iterable[Mailbox]) -> Iterator[tuple[Role, Organisation | None]]:
    """What should be there, and what is there besides."""
    by_id = {organisation.pk: organisation for organisation in organisations}
    wanted: dict[tuple[Role, int | None], None] = dict.fromkeys((role, None) for role in MUNICIPAL)
    wanted |= dict.fromkeys((role, each.pk) for each in organisations for role in ROLES_OF[each.kind])
    wanted |= dict.fromkeys((Role(box.role), box.organisation_id) for box in kept)
    for role, key in wanted:
        yield role, by_id[key] if key is not None else None


def _contact(role: Role, organisation: Organisation | None, box: Mailbox | None) -> Contact:
    """The mailbox, or what the organisation says of itself: mail goes there when it has no mailbox."""
    if box is not None:
        return Contact(role, organisation, box.name, box.phone, box.email)
    if organisation is not None:
        return Contact(role, organisation, organisation.contact_name, organisation.phone, organisation.email)
    return Contact(role, None)

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command

from lasrutin.audit.models import Action, Look
from lasrutin.audit.pages import SeenOn
from lasrutin.audit.services import record_action, record_look, record_protected_looks
from lasrutin.people.models import Municipality, Organisation, Provider, validate_phone
from lasrutin.roles import Role
from tests.factories import ClientFactory
from tests.organisations import OrganisationFactory, ProviderFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_every_role_has_its_group_and_its_permission():
    call_command("migrate", verbosity=0)
    groups = Group.objects.order_by("name")
    assert [group.name for group in groups] == sorted(Role.values)
    assert [list(group.permissions.values_list("codename", flat=True)) for group in groups] == [
        [f"act_as_{name}"] for name in sorted(Role.values)
    ]


def test_roles_come_from_groups():
    user = UserFactory(roles=[Role.ASSESSOR, Role.FEE_OFFICER])
    user.groups.add(Group.objects.create(name="something else"))
    assert user.roles == {Role.ASSESSOR, Role.FEE_OFFICER}
    assert user.has_perm("people.act_as_assessor")


def test_a_coordinator_does_what_a_provider_does():
    assert UserFactory(role=Role.COORDINATOR).acts_as == {Role.COORDINATOR, Role.PROVIDER}


@pytest.mark.parametrize("role", Role)
def test_who_may_ever_know_a_client(role):
    knows = role not in {Role.CARETAKER, Role.LOCKSMITH, Role.MANAGER}
    assert UserFactory(role=role).knows_clients == knows


def test_reach_is_the_organisations_one_is_staff_of():
    own, other = ProviderFactory(), ProviderFactory()
    assert UserFactory(organisation=own).organisation_ids == {own.pk}
    assert UserFactory(is_superuser=True).organisation_ids == frozenset()
    assert other.pk


def test_a_person_without_a_name_is_called_by_the_login():
    assert [str(UserFactory(username="x")), str(UserFactory(first_name="Ny", last_name="Person"))] == ["x", "Ny Person"]


def test_providers_give_care():
    provider = ProviderFactory()
    OrganisationFactory(locksmith=True)
    assert list(Provider.objects.all()) == [provider]
    assert Organisation.objects.count() == 2
    assert [ProviderFactory(in_house=True).in_house, provider.in_house] == [True, False]


def test_there_is_one_municipality():
    assert Municipality.ours() == Municipality.ours()
    assert Municipality.objects.count() == 1


@pytest.mark.parametrize("phone", ["08-465 004 10", "070-174 06 10", "+46 8 465 004 10", "0701740610"])
def test_telephones(phone):
    validate_phone(phone)


@pytest.mark.parametrize(
    "phone", ["", "ring", "0", "08-465 004 10 (växel)", "08-465 004 10\n", "+", "٠٨٤٦٥٠٠٤١٠", "0" * 40]
)
def test_what_is_no_telephone(phone):
    with pytest.raises(ValidationError):
        validate_phone(phone)


def test_what_the_log_calls_a_page_fits_and_begins_small():
    assert max(map(len, SeenOn)) <= Look._meta.get_field("page").max_length
    assert all(page.value == page.value.strip().lower() for page in SeenOn)


def test_looks_hold_ids_and_no_names():
    user, client, hidden = UserFactory(), ClientFactory(family_name="Hemligsson"), ClientFactory(protected=True)
    record_look(client, by=user, page=SeenOn.CLIENT, order_number="2026-00042")
    record_protected_looks([client, hidden], by=user, page=SeenOn.CLIENTS)
    record_action("ändrade något", by=user, client=client, subject="abc")
    assert [(look.client_ref, look.protected, str(look)) for look in Look.objects.order_by("pk")] == [
        (client.public_id, False, "brukarsida 2026-00042"),
        (hidden.public_id, True, "brukarlista"),
    ]
    assert [(action.client_ref, action.subject, str(action)) for action in Action.objects.all()] == [
        (client.public_id, "abc", "ändrade något")
    ]

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from lasrutin.audit.models import Action
from lasrutin.roles import Role
from locks.models import Address, CareService, Client
from locks.services.clients import (
    Grant,
    clients_behind,
    clients_without_lock,
    end_service,
    file_client,
    find_or_create_address,
    grant_services,
    household_lock,
    name_reader,
    remove_reader,
    update_client,
)
from tests.factories import (
    AddressFactory,
    CareServiceFactory,
    ClientFactory,
    ClientLinkFactory,
    InstallationFactory,
    identity_number,
)
from tests.organisations import ProviderFactory, ProviderUnitFactory, UserFactory

pytestmark = pytest.mark.django_db
Kind = CareService.Kind


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def refusal(call, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        call(*args, **kwargs)
    return error.value.message_dict


@pytest.fixture
def file(assessor):
    """File a client as the assessor does."""

    def file(**facts):
        facts = {"given_name": "Exempla", "family_name": "Påhittsson", "address": AddressFactory()} | facts
        return file_client(by=assessor, **facts)

    return file


@pytest.mark.parametrize(
    "spelled",
    [
        ("Storgatan", "5 B", "144 30", "Exempelby", "1102"),
        ("storgatan", "5b", "14430", "exempelby", "1102"),
        ("  STORGATAN ", " 5 b ", "SE-144 30", "EXEMPELBY", "11 02"),
        ("Storgatan", "5B", "144 30", "Annanby", "1102"),
    ],
)
def test_a_door_is_found_however_it_is_spelled(spelled):
    address = find_or_create_address("Storgatan", "5 B", "144 30", "Exempelby", "1102")
    assert find_or_create_address(*spelled) == address


def test_a_new_door_is_written_in_one_way():
    address = find_or_create_address(" stora   vägen", "12b", "14430", "EXEMPELBY", "", " 7 ")
    assert (address.full_line, address.association_number) == ("Stora vägen 12 B, 144 30 Exempelby", "7")


def test_another_door_is_another_address():
    same_house = ("Storgatan", "5", "144 30", "Exempelby")
    doors = [("1102",), ("1103",), ("",), ("", "7"), ("", "8")]
    assert len({find_or_create_address(*same_house, *door).pk for door in doors * 2}) == 5


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (("", "5", "144 30", "Exempelby"), ["street"]),
        (("Storgatan", "fem", "144 30", "Exempelby"), ["street_number"]),
        (("Storgatan", "5", "1443", "Exempelby"), ["postcode"]),
        (("Storgatan", "5", "144 30", "Exempelby", "7"), ["apartment"]),
        (("G" * 81, "5", "x", ""), ["street", "postcode", "town"]),
    ],
)
def test_what_is_no_address_is_refused_at_its_field(place, wrong):
    assert sorted(refusal(find_or_create_address, *place)) == sorted(wrong)
    assert Address.objects.count() == 0


def test_a_client_is_filed(file, assessor):
    client = file(
        identity_number=f"{identity_number(0)[:8]}-{identity_number(0)[8:]}",
        phone=" 070-174 06 10 ",
        given_name=" Exempla ",
    )
    assert Client.objects.get() == client
    assert (client.identity_number, client.phone, client.given_name) == (identity_number(0), "070-174 06 10", "Exempla")
    action = Action.objects.get()
    assert (action.what, action.by, action.client_ref) == ("lade upp en brukare", assessor, client.public_id)


def test_the_identity_number_is_unreadable_in_the_database(file):
    file(identity_number=identity_number(0))
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number, identity_hash FROM locks_client")
        stored, hashed = cursor.fetchone()
    assert identity_number(0)[-4:] not in stored
    assert stored.startswith("gAAAA")
    assert len(hashed) == 64
    assert "19320101" not in hashed


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"identity_number": identity_number(0)[:-1] + "x"}, "identity_number"),
        ({"identity_number": "i dag"}, "identity_number"),
        ({"given_name": " "}, "given_name"),
        ({"family_name": "P" * 61}, "family_name"),
        ({"phone": "ring mig"}, "phone"),
        ({"protection": "some"}, "protection"),
    ],
)
def test_a_client_that_is_not_right_is_refused(file, facts, wrong):
    assert list(refusal(file, **facts)) == [wrong]


def test_nobody_is_filed_twice(file):
    file(identity_number=identity_number(1))
    spelled = f"{identity_number(1)[2:8]}-{identity_number(1)[8:]}"
    assert refusal(file, identity_number=spelled) == {
        "identity_number": ["Brukaren finns redan i registret. Sök fram brukaren i stället."]
    }


def test_a_protected_namesake_is_not_given_away(file):
    ClientFactory(protected=True, identity_number=identity_number(1))
    said = refusal(file, identity_number=identity_number(1))["identity_number"][0]
    assert said.endswith("hos en brukare som du inte får se. Fråga systemförvaltaren.")


def test_who_files_a_protected_client_reads_it(file, assessor, fee_officer):
    client = file(protection=Client.Protection.HIDDEN)
    visible = [Client.objects.visible_to(user).exists() for user in (assessor, fee_officer)]
    assert visible == [True, False]
    name_reader(client, fee_officer, by=assessor)
    assert Client.objects.visible_to(fee_officer).get() == client
    remove_reader(client, fee_officer, by=assessor)
    assert not Client.objects.visible_to(fee_officer).exists()
    assert Action.objects.count() == 3


def test_who_protects_a_client_stays_a_reader(fee_officer):
    client = update_client(ClientFactory(), protection=Client.Protection.MARKED, by=fee_officer)
    assert Client.objects.visible_to(fee_officer).get() == client


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.ASSESSOR, {"served", "other"}),
        (Role.FEE_OFFICER, {"served", "other"}),
        (Role.SYSTEM_ADMIN, {"served", "other"}),
        (Role.PROVIDER, {"served"}),
        (Role.COORDINATOR, {"served"}),
        (Role.CARETAKER, set()),
        (Role.LOCKSMITH, set()),
        (Role.MANAGER, set()),
    ],
)
def test_who_sees_which_clients(role, sees):
    provider = ProviderFactory()
    reader = UserFactory(role=role, organisation=provider)
    ClientFactory(given_name="served", services={Kind.HOME_CARE: provider})
    ClientFactory(given_name="other", services={Kind.HOME_CARE: ProviderFactory()})
    ClientFactory(given_name="protected", protected=True, services={Kind.HOME_CARE: provider})
    named = ClientFactory(given_name="named", protected=True, services={Kind.HOME_CARE: provider}, readers=[reader])
    visible = set(Client.objects.visible_to(reader).values_list("given_name", flat=True))
    assert visible == sees | ({named.given_name} if sees else set())


def test_a_provider_sees_a_client_while_it_serves_it():
    provider = ProviderFactory()
    reader = UserFactory(role=Role.PROVIDER, organisation=provider)
    service = CareServiceFactory(provider=provider, ends=today())
    see = Client.objects.visible_to
    assert see(reader).exists()
    service.ends = today(-1)
    service.save()
    assert not see(reader).exists()
    service.ends, service.visible_from = None, today(1)
    service.save()
    assert not see(reader).exists()


def test_named_is_not_served():
    reader = UserFactory(role=Role.PROVIDER, organisation=ProviderFactory())
    ClientFactory(protected=True, services={Kind.HOME_CARE: ProviderFactory()}, readers=[reader])
    assert not Client.objects.visible_to(reader).exists()


def test_services_are_granted(assessor):
    CareServiceFactory(starts=today())  # somebody else's, on the same days
    client, unit = ClientFactory(), ProviderUnitFactory()
    grants = [
        Grant(Kind.HOME_CARE, unit.provider, today(), provider_unit=unit),
        Grant(Kind.SAFETY_ALARM, ProviderFactory(), today(3), ends=today(90)),
    ]
    granted = grant_services(client, grants, by=assessor)
    assert [(service.kind, service.starts, service.ends) for service in granted] == [
        ("home_care", today(), None),
        ("safety_alarm", today(3), today(90)),
    ]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"ends": timezone.localdate() - timedelta(days=1)}, "Insatsen slutar innan den börjar. Ändra ett av datumen."),
        ({"provider_unit": True}, "Utförarenheten hör till en annan utförare."),
        ({}, "Brukaren har redan den insatsen under de dagarna."),
    ],
)
def test_a_service_that_is_not_right_is_refused(assessor, more, says):
    client = CareServiceFactory().client if not more else ClientFactory()
    if "provider_unit" in more:
        more = {"provider_unit": ProviderUnitFactory()}
    grant = Grant(Kind.HOME_CARE, ProviderFactory(), today(), **more)
    assert refusal(grant_services, client, [grant], by=assessor) == {"home_care": [says]}


def test_a_service_ends(assessor):
    service = CareServiceFactory()
    assert end_service(service, ends=today(), by=assessor).ends == today()
    assert list(refusal(end_service, service, ends=today(-31), by=assessor)) == ["ends"]


def test_two_clients_in_one_home_share_one_lock():
    lock = InstallationFactory()
    assert household_lock(lock.address) == lock
    assert household_lock(AddressFactory()) is None


def test_clients_behind_an_entrance():
    home = AddressFactory(behind_entrance=True)
    neighbour = AddressFactory(entrance=home.entrance, has_entrance=True, apartment="1201")
    here = CareServiceFactory(client__address=home).client
    next_door = CareServiceFactory(client__address=neighbour, to_come=True).client
    CareServiceFactory(client__address=home, ended=True)
    ClientFactory(address=home)
    CareServiceFactory()
    assert set(clients_behind(home.entrance)) == {here, next_door}


def test_clients_without_lock():
    without = CareServiceFactory(kind=Kind.SAFETY_ALARM).client
    to_come = CareServiceFactory(to_come=True).client
    sitting = InstallationFactory()
    linked = CareServiceFactory(client__address=sitting.address).client
    ClientLinkFactory(client=linked, unit=sitting.unit)
    beside = CareServiceFactory(client__address=sitting.address).client
    CareServiceFactory(client__hands_out_key=False)
    CareServiceFactory(ended=True)
    ClientFactory()
    taken_down = InstallationFactory(until=timezone.now() + timedelta(seconds=1))
    again = CareServiceFactory(client__address=taken_down.address).client
    assert set(clients_without_lock()) == {without, to_come, again, beside}

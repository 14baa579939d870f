"""The contract: one suite for every adapter. The HTTP adapter and the simulator join by a line in `phoniro_care`."""

from datetime import timedelta

import pytest
from django.utils import timezone

from phoniro_client import payloads
from phoniro_client.adapters import phoniro
from phoniro_client.errors import (
    AuthFailed,
    Conflict,
    Forbidden,
    Invalid,
    NotConnected,
    NotFound,
    PhoniroError,
    Refused,
    TryLater,
    UnknownOutcome,
)
from phoniro_client.models import Command
from phoniro_client.port import BatteryReading, Event, Phone, Staff
from phoniro_client.services import confirm
from phoniro_client.tasks import run_command
from phoniro_client.verbs import DeviceKind, PlaceKind, SupportCategory
from tests.factories import AddressFactory, ClientFactory, EntranceFactory, UnitFactory
from tests.organisations import ProviderUnitFactory
from tests.phoniro_client.conftest import DAY

ADAPTERS = ["manual", "memory"]
MACHINES = ["memory"]


@pytest.fixture(params=ADAPTERS)
def phoniro_care(request, settings):
    settings.PHONIRO_ADAPTER = request.param
    return phoniro()


@pytest.fixture
def perform(phoniro_care, queue, admin):
    """Queue a command and get it done, as this adapter gets things done; its state tells how it went."""
    count = iter(range(1000))

    def perform(payload: payloads.Payload) -> str:
        command = queue(payload, step=f"steg#{next(count)}")
        if phoniro_care.by_hand:
            try:
                confirm(command, by=admin)
            except Refused:
                return "refused"
        else:
            run_command(command.pk)
        command.refresh_from_db()
        return "refused" if command.state == Command.State.PARKED else command.state

    return perform


@pytest.fixture
def known(perform, client_, lock, provider_unit):
    """A client, a home, a unit and a provider unit that the other side knows."""
    perform(payloads.UpsertClient(client_.public_id))
    perform(payloads.UpsertPlace(client_.address.public_id, PlaceKind.HOME))
    perform(payloads.RegisterDevice(lock.serial))
    perform(payloads.UpsertUnit(provider_unit.public_id))


def test_a_unit_is_put_at_a_place_and_taken_away(phoniro_care, perform, known, client_, lock):
    home = client_.address.public_id
    assert phoniro_care.device_at(home) is None
    assert perform(payloads.LinkDevice(lock.serial, home, DAY)) == "done"
    assert phoniro_care.device_at(home) == lock.serial
    assert perform(payloads.UnlinkDevice(lock.serial, home, DAY)) == "done"
    assert phoniro_care.device_at(home) is None


def test_clients_belong_to_a_place_until_they_leave(phoniro_care, perform, known, client_):
    home = client_.address.public_id
    assert perform(payloads.AttachClient(client_.public_id, home)) == "done"
    assert phoniro_care.clients_at(home) == {client_.public_id}
    assert perform(payloads.DetachClient(client_.public_id, home)) == "done"
    assert phoniro_care.clients_at(home) == set()


def test_clients_stay_when_the_unit_goes(phoniro_care, perform, known, client_, lock):
    home = client_.address.public_id
    perform(payloads.AttachClient(client_.public_id, home))
    perform(payloads.LinkDevice(lock.serial, home, DAY))
    perform(payloads.UnlinkDevice(lock.serial, home, DAY))
    assert phoniro_care.clients_at(home) == {client_.public_id}


def test_a_client_is_given_to_provider_units_moved_and_taken_away(phoniro_care, perform, known, client_, provider_unit):
    ref, old, new = client_.public_id, provider_unit.public_id, ProviderUnitFactory().public_id
    today = timezone.localdate()
    perform(payloads.UpsertUnit(new))
    assert phoniro_care.list_units() == {old, new}
    seen = []
    for payload in (
        payloads.LinkClientUnit(ref, old, DAY),
        payloads.MoveClientUnit(ref, old, new, today),
        payloads.EndClientUnit(ref, new, today),
    ):
        assert perform(payload) == "done"
        seen.append(phoniro_care.units_of(ref))
    assert seen == [{old}, {new}, set()]


@pytest.mark.parametrize("repeat", [1, 2])
def test_the_same_change_again_is_no_second_one(phoniro_care, perform, known, client_, lock, repeat):
    home = client_.address.public_id
    for _ in range(repeat):
        assert perform(payloads.LinkDevice(lock.serial, home, DAY)) == "done"
        assert perform(payloads.AttachClient(client_.public_id, home)) == "done"
    assert (phoniro_care.device_at(home), phoniro_care.clients_at(home)) == (lock.serial, {client_.public_id})


def test_taking_away_what_is_not_there_is_done_already(perform, known, client_, lock, provider_unit):
    home, ref = client_.address.public_id, client_.public_id
    assert perform(payloads.UnlinkDevice(lock.serial, home, DAY)) == "done"
    assert perform(payloads.DetachClient(ref, home)) == "done"
    assert perform(payloads.EndClientUnit(ref, provider_unit.public_id, timezone.localdate())) == "done"


def test_a_unit_is_at_one_place(perform, known, client_, lock):
    elsewhere = AddressFactory().public_id
    perform(payloads.UpsertPlace(elsewhere, PlaceKind.HOME))
    perform(payloads.LinkDevice(lock.serial, client_.address.public_id, DAY))
    assert perform(payloads.LinkDevice(lock.serial, elsewhere, DAY)) == "refused"
    assert perform(payloads.UnlinkDevice(lock.serial, elsewhere, DAY)) == "refused"


def test_a_place_has_one_unit(perform, known, client_, lock):
    other = UnitFactory().serial
    perform(payloads.RegisterDevice(other))
    perform(payloads.LinkDevice(lock.serial, client_.address.public_id, DAY))
    assert perform(payloads.LinkDevice(other, client_.address.public_id, DAY)) == "refused"


def test_a_lost_phone_and_a_system_fault_are_taken(perform, known, lock, provider_unit):
    assert perform(payloads.BlockPhone(provider_unit.public_id)) == "done"
    assert perform(payloads.CreateSupportCase(lock.serial, SupportCategory.APP)) == "done"


@pytest.mark.parametrize("phoniro_care", MACHINES, indirect=True)
class TestMachines:
    """What only a machine on the other side can know."""

    @pytest.mark.parametrize(
        "wanted",
        [
            lambda client, lock, unit: payloads.LinkDevice(lock.serial, client.address.public_id, DAY),
            lambda client, lock, unit: payloads.AttachClient(client.public_id, client.address.public_id),
            lambda client, lock, unit: payloads.LinkClientUnit(client.public_id, unit.public_id, DAY),
            lambda client, lock, unit: payloads.BlockPhone(unit.public_id),
            lambda client, lock, unit: payloads.CreateSupportCase(lock.serial, "app"),
        ],
    )
    def test_what_it_does_not_know_it_refuses(self, perform, client_, lock, provider_unit, wanted):
        assert perform(wanted(client_, lock, provider_unit)) == "refused"
        assert Command.objects.get().last_error == "Det som ändringen gäller finns inte i Phoniro Care."

    def test_a_key_is_for_one_change(self, phoniro_care, provider_unit):
        phoniro_care.upsert_unit(provider_unit.public_id, name="Enhet", key="k1")
        phoniro_care.upsert_unit(provider_unit.public_id, name="Enhet", key="k1")
        with pytest.raises(Invalid):
            phoniro_care.upsert_unit(provider_unit.public_id, name="Annan", key="k1")

    def test_it_tells_of_staff_phones_batteries_and_events(self, phoniro_care, lock):
        now = timezone.now()
        late, early = (Event(n, "opened", lock.serial, now, now) for n in (2, 1))
        phoniro_care.staff = [Staff("s1", "u1"), Staff("s2", "u2")]
        phoniro_care.phones = [Phone("p1", "u1"), Phone("p2", "u2")]
        phoniro_care.readings = [BatteryReading(lock.serial, "low", 20, now)]
        phoniro_care.happened = [late, early]
        assert phoniro_care.list_staff("u1") == [Staff("s1", "u1")]
        assert phoniro_care.list_phones("u2") == [Phone("p2", "u2")]
        assert phoniro_care.battery_status(now - timedelta(hours=1)) == phoniro_care.readings
        assert phoniro_care.battery_status(now) == []
        assert (phoniro_care.events(0), phoniro_care.events(1)) == ([early, late], [late])


@pytest.mark.parametrize("phoniro_care", ["manual"], indirect=True)
def test_by_hand_there_is_nobody_to_ask(phoniro_care):
    for ask in (
        lambda: phoniro_care.list_staff("u1"),
        lambda: phoniro_care.list_phones("u1"),
        lambda: phoniro_care.battery_status(timezone.now()),
        lambda: phoniro_care.events(0),
    ):
        with pytest.raises(NotConnected):
            ask()


def test_no_name_and_no_identity_number_reaches_the_other_side(memory, queue, client_, lock):
    entrance = EntranceFactory()
    wanted = [
        payloads.UpsertClient(client_.public_id),
        payloads.UpsertPlace(client_.address.public_id, PlaceKind.HOME),
        payloads.UpsertPlace(entrance.public_id, PlaceKind.ENTRANCE),
        payloads.RegisterDevice(lock.serial),
        payloads.CreateSupportCase(lock.serial, SupportCategory.BATTERY),
    ]
    for payload in wanted:
        run_command(queue(payload).pk)
    assert Command.objects.filter(state=Command.State.DONE).count() == len(wanted)
    assert memory.clients == {client_.public_id: (f"Brukare {client_.public_id}", False)}
    assert memory.places == {
        client_.address.public_id: (PlaceKind.HOME, f"{client_.address}, 144 31 Exempelby"),
        entrance.public_id: (PlaceKind.ENTRANCE, f"{entrance}, 144 30 Exempelby"),
    }
    assert memory.devices == {lock.serial: (DeviceKind.HOME_LOCK, "Låsenhet L")}
    assert memory.support_cases == [(lock.serial, SupportCategory.BATTERY, "Fel batterinivå. Order 2026-00042.")]
    for secret in (client_.given_name, client_.family_name, client_.identity_number, client_.phone):
        assert secret not in repr(vars(memory))


def test_a_protected_client_is_told_as_protected(memory, queue):
    hidden = ClientFactory(protected=True)
    run_command(queue(payloads.UpsertClient(hidden.public_id)).pk)
    assert memory.clients == {hidden.public_id: (f"Brukare {hidden.public_id}", True)}


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        (TryLater, PhoniroError), (UnknownOutcome, PhoniroError), (NotConnected, PhoniroError), (Refused, PhoniroError),
        (NotFound, Refused), (Conflict, Refused), (Invalid, Refused), (Forbidden, Refused), (AuthFailed, Refused),
    ],
)  # fmt: skip
def test_the_type_of_an_error_decides_and_its_words_are_swedish(kind, parent):
    assert kind.__base__ is parent
    error = kind("PUT /v1/devices: 409")
    assert str(error) == "PUT /v1/devices: 409"
    assert error.words.endswith(".")
    assert kind("where", words="Särskilda ord.").words == "Särskilda ord."

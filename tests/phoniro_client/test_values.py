"""What people type into Phoniro Care, exactly."""

from phoniro_client import payloads
from phoniro_client.models import Command
from phoniro_client.payloads import PAYLOADS
from phoniro_client.services import confirm
from phoniro_client.values import values_for
from phoniro_client.verbs import PlaceKind
from tests.factories import AddressFactory, ClientFactory, EntranceFactory, UnitFactory
from tests.organisations import ProviderUnitFactory
from tests.phoniro_client.conftest import DAY, ORDER


def values(command):
    row = Command.objects.select_related("client__address").get(pk=command.pk)
    return values_for([row])[command.pk]


def test_every_verb_says_what_to_type(queue, admin):
    client, door = ClientFactory(), UnitFactory(door=True)
    home, entrance = client.address, EntranceFactory()
    old, new = ProviderUnitFactory(), ProviderUnitFactory()
    ref, who = client.public_id, client.full_name
    confirm(queue(payloads.LinkDevice(door.serial, entrance.public_id, DAY), step="före"), by=admin)
    asked = {
        payloads.UpsertClient(ref): [
            ("Förnamn", client.given_name),
            ("Efternamn", client.family_name),
            ("Gatuadress", home.street_line),
            ("Lägenhet", "1101"),
            ("Postnummer", "144 31"),
            ("Ort", "Exempelby"),
            ("Referens", ref),
        ],
        payloads.UpsertPlace(home.public_id, PlaceKind.HOME): [
            ("Slag", "bostad"),
            ("Gatuadress", home.street_line),
            ("Lägenhet", "1101"),
            ("Postnummer", "144 31"),
            ("Ort", "Exempelby"),
            ("Referens", home.public_id),
        ],
        payloads.UpsertPlace(entrance.public_id, PlaceKind.ENTRANCE): [
            ("Slag", "entré"),
            ("Gatuadress", entrance.street_line),
            ("Benämning", "Entré"),
            ("Postnummer", "144 30"),
            ("Ort", "Exempelby"),
            ("Referens", entrance.public_id),
        ],
        payloads.RegisterDevice(door.serial): [
            ("Enhetens nummer", door.serial),
            ("Slag", "portenhet"),
            ("Modell", "Portenhet P"),
        ],
        payloads.LinkDevice(door.serial, entrance.public_id, DAY): [
            ("Enhetens nummer", door.serial),
            ("Plats", str(entrance)),
            ("Gäller från", "2026-11-02"),
        ],
        payloads.UnlinkDevice(door.serial, home.public_id, DAY): [
            ("Enhetens nummer", door.serial),
            ("Plats", home.door_line),
            ("Gäller till", "2026-11-02"),
        ],
        payloads.AttachClient(ref, entrance.public_id): [
            ("Brukare", who),
            ("Plats", str(entrance)),
            ("Enhet på platsen", door.number),
        ],
        payloads.DetachClient(ref, home.public_id): [("Brukare", who), ("Plats", home.door_line)],
        payloads.UpsertUnit(old.public_id): [
            ("Utförarenhet", old.name),
            ("Utförare", str(old.provider)),
            ("Referens", old.public_id),
        ],
        payloads.LinkClientUnit(ref, old.public_id, DAY): [
            ("Brukare", who),
            ("Utförarenhet", old.name),
            ("Utförare", str(old.provider)),
            ("Gäller från", "2026-11-02"),
        ],
        payloads.MoveClientUnit(ref, old.public_id, new.public_id, DAY): [
            ("Brukare", who),
            ("Från utförarenhet", old.name),
            ("Till utförarenhet", new.name),
            ("Gäller från", "2026-11-02"),
        ],
        payloads.EndClientUnit(ref, new.public_id, DAY): [
            ("Brukare", who),
            ("Utförarenhet", new.name),
            ("Första dag utan koppling", "2026-11-02"),
        ],
        payloads.BlockPhone(old.public_id): [
            ("Utförare", str(old.provider)),
            ("Utförarenhet", old.name),
            ("Telefon", f"Den som beskrivs på order {ORDER}"),
        ],
        payloads.CreateSupportCase(door.serial, "battery"): [
            ("Enhetens nummer", door.serial),
            ("Ärendet gäller", "Fel batterinivå"),
            ("Vår referens", ORDER),
        ],
    }
    assert {type(payload) for payload in asked} == set(PAYLOADS.values())
    assert {payload: values(queue(payload)) for payload in asked} == asked


def test_a_villa_has_no_apartment(queue):
    client = ClientFactory(address=AddressFactory(villa=True))
    said = dict(values(queue(payloads.UpsertClient(client.public_id))))
    assert "Lägenhet" not in said
    assert "" not in said.values()
    place = dict(values(queue(payloads.DetachClient(client.public_id, client.address.public_id))))["Plats"]
    assert place == client.address.street_line


def test_what_is_gone_is_said_to_be_gone(queue):
    nothing = "abcdefghjkmn"
    assert values(queue(payloads.UpsertPlace(nothing, PlaceKind.HOME))) == [("Plats", "Platsen finns inte längre")]
    assert values(queue(payloads.RegisterDevice("LE999999"))) == [("Enhetens nummer", "LE999999")]
    assert values(queue(payloads.UpsertUnit(nothing)))[0] == ("Utförarenhet", "Enheten finns inte längre")


def test_never_the_identity_number_and_never_the_telephone(queue, client_):
    said = str(values(queue(payloads.UpsertClient(client_.public_id))))
    assert client_.identity_number not in said
    assert client_.phone not in said

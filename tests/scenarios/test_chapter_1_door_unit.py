"""A door unit at an entrance: the owner's answer, the locksmith, and everybody behind the door (1.9-1.11)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lasrutin.roles import Role
from locks.models import PropertyOwner, Unit
from locks.services.stock import register_articles
from notifications.models import Notice, OutboxMail
from orders.presenting import words
from tests.factories import ArticleFactory, PropertyOwnerFactory
from tests.orders.walk import in_stock
from tests.organisations import OrganisationFactory, UserFactory
from tests.papers import pdf
from tests.scenarios.actors import Actor, step_url
from tests.scenarios.homes import behind
from tests.scenarios.told import (
    Letter,
    links,
    long_day,
    notices,
    now,
    office_time,
    phoniro,
    post,
    secure,
    state,
    store,
)

PAPER = pdf().read()


def paper():
    return SimpleUploadedFile("godkännande.pdf", PAPER, content_type="application/pdf")


def spelled(serial):
    return f"{serial[:2]} {serial[2:6]} {serial[6:]}"


@pytest.fixture
def entrance(town):
    """The entrance of an association that wants its approval on paper."""
    return town.behind_entrance(paper=True)


@pytest.fixture
def client(town, entrance):
    return town.client(address=behind(entrance))


@pytest.fixture
def door(cast, client):
    """A lock in use, and the order for the door unit that its entrance lacks."""
    _lock, ordered = cast.door_order(client)
    post()
    return ordered


def lock_order(door):
    return now(door).served_orders.get()


def approve(cast, door, **more):
    answer = {"decided_by": "Mio Mönster", "document": paper()} | more
    cast.fee_officer.takes_step(door, "record_approval", **answer)


def ordered(cast, door):
    approve(cast, door)
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")
    return door


def mounted(cast, door):
    ordered(cast, door)
    unit = in_stock(Unit.Kind.DOOR)
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    cast.locksmith.takes_step(door, "request_pickup", on=office_time(2).date())
    cast.caretaker.takes_step(door, "hand_out", unit=unit)
    cast.locksmith.takes_step(door, "report_mounted", unit=unit)
    return unit


def test_approved_ordered_fetched_mounted_and_linked(town, cast, client, entrance, door):  # noqa: PLR0915  # whole  # the whole path
    place, lock = f"Adress: {entrance.street_line}", lock_order(door)
    provider = f"p{town.external.pk}@example.se"

    # 1.9a The owner is asked, and approves on paper.
    assert cast.waits(door) == {"fee_officer": ["Fråga fastighetsägaren om lov"]}
    cast.fee_officer.takes_step(door, "ask_owner")
    assert (state(door), cast.waits(door)) == ("Ägaren är frågad", {"fee_officer": ["Få svar från fastighetsägaren"]})
    approve(cast, door)
    assert (state(door), cast.waits(door)) == ("Godkänt", {"fee_officer": ["Beställa portlås av låssmeden"]})
    approval = entrance.approvals.get()
    with approval.document.open() as kept:
        assert (approval.state, approval.decided_by, kept.read()) == ("approved", "Mio Mönster", PAPER)

    # 1.9b, 1.9c The locksmith gets the entrance and the owner's contact; the provider learns that a unit is coming.
    page = cast.fee_officer.reads(step_url(door, "order_door_unit"))
    assert f"{door.number} Montering av portenhet" in page.text
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")
    owner = entrance.owner
    assert post() == [
        Letter(
            "nord@example.org",
            f"{door.number} Montering av portenhet",
            "En montering av en portenhet är beställd. Fastighetsägaren har godkänt den. "
            "Kom överens med fastighetsägaren om en tid. Hämta enheten hos vaktmästeriet.",
            [
                place,
                "Fastighetsägare: Brf Exemplet",
                "Kontakt: Mio Mönster",
                "Telefon: 08-465 004 20",
                f"Mejl: {owner.email}",
                "Fakturan skickas till:",
                "Exempelby kommun",
                "FE 012",
                "831 00 Exempelby",
                "Referens på fakturan: ZZ 4711",
            ],
        ),
        Letter(
            provider,
            f"{door.number} En portenhet är beställd",
            "En portenhet är beställd till porten. Använd den först när ni får veta att den är klar.",
            [place],
        ),
    ]
    assert secure()[1:] == []
    assert cast.who_sees(door) == ["assessor", "fee_officer", "caretaker", "caretaker2", "locksmith", "system_admin"]
    todo = {"locksmith": ["Boka tid med fastighetsägaren", "Säga till när portenheten hämtas"]}
    assert cast.waits(door) == todo

    # 1.10a The locksmith agrees on a time with the owner, and never learns who lives there.
    page = cast.locksmith.reads(reverse("orders:locksmith_job", args=[door.public_id]))
    assert "Mio Mönster, 08-465 004 20" in page.text
    assert [name for name in (client.family_name, client.phone, lock.number) if name in page.html] == []
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Ja, de är kontaktade")
    assert state(door) == "Bokat"

    # 1.10b The unit is fetched at the caretakers'.
    cast.locksmith.takes_step(door, "request_pickup", on=office_time(2).date())
    assert post() == [
        Letter(
            "caretaker@example.se",
            f"{door.number} Portenhet ska hämtas",
            "Låssmeden vill hämta en portenhet ur förrådet. Lämna ut den och registrera det i Låsrutin.",
            [f"Hämtas: {long_day(office_time(2).date())}"],
        )
    ]
    hands_out = ["Lämna ut portenhet och tillbehör"]
    assert cast.waits(door) == {"caretaker": hands_out, "caretaker2": hands_out}
    day = words.day(office_time(2).date())
    assert f"hämtas {day}" in cast.caretaker.reads(reverse("orders:board")).text
    job = cast.caretaker.reads(reverse("orders:job", args=[door.public_id])).text
    assert f"Portenheten hämtas {day} Passersystemets företag Ja, de är kontaktade" in job
    told = cast.fee_officer.reads(door.get_absolute_url()).text
    assert [said in told for said in (f"Hämtas {day}", "Passersystemets företag: ja, de är kontaktade")] == [True] * 2
    unit, cable = in_stock(Unit.Kind.DOOR), ArticleFactory(number="T-1", name="Kabel", kind="accessory")
    refused = cast.caretaker.tries(door, "hand_out", unit=unit, **{f"article_{cable.pk}": "2"})
    assert (refused.status, store(door)) == (422, [])
    assert refused.alerts[0] == "Det finns 0 av Kabel i förrådet. Ange ett mindre antal."
    register_articles(cable, 5, by=town["caretaker"])
    cast.caretaker.takes_step(door, "hand_out", unit=unit, **{f"article_{cable.pk}": "2"})
    assert sorted(store(door)) == [("handed_out", -2), ("handed_out", -1)]
    assert cast.waits(door) == {"locksmith": ["Montera portlåset och rapportera numret"]}

    # 1.10c Mounted; the number goes to the system admin.
    cast.locksmith.takes_step(door, "report_mounted", unit=unit, variant="Porttelefon med elektriskt slutbleck")
    assert post() == [
        Letter(
            "system_admin@example.se",
            f"{door.number} Portenheten är monterad",
            "Portenheten är monterad. Lägg till den i Phoniro Care för adressen.",
            [place, f"Enhet: {spelled(unit)}"],
        )
    ]

    # 1.11 Linked to the address and to everybody behind it; now it may be used.
    cast.system_admin.takes_step(door, "link")
    assert phoniro(door) == [
        ("upsert_place", "system_admin", "waiting"),
        ("register_device", "system_admin", "waiting"),
        ("link_device", "system_admin", "waiting"),
        ("attach_client", "system_admin", "waiting"),
    ]
    assert cast.waits(door) == {"system_admin": ["Göra ändringarna i Phoniro Care"]}
    cast.system_admin.clears_phoniro(door)
    assert post() == [
        Letter(
            provider,
            f"{door.number} Portenheten kan användas",
            "Portenheten är kopplad. Ni kan börja använda den nu.",
            [place],
        )
    ]
    assert links(client) == {lock.unit.serial, unit, "Omsorg Ett AB Norr"}
    assert (state(door), state(lock)) == ("Klart", "Klar")


def test_a_provider_is_told_where_and_led_to_no_page_that_it_may_not_open(cast, client, door):
    ordered(cast, door)
    [mail] = OutboxMail.objects.filter(template="door_unit_coming")
    [notice] = Notice.objects.filter(user__username="provider", order_number=door.number)

    assert door.get_absolute_url() not in mail.text + mail.html
    assert (notice.text, notice.url) == (f"Ett portlås är på väg. {door.entrance.street_line}.", "")
    assert cast.provider.sees(door) is False


def test_the_owner_says_no(cast, client, door):
    lock = lock_order(door)
    cast.fee_officer.takes_step(door, "ask_owner")
    cast.fee_officer.takes_step(door, "record_refusal", decided_by="Mio Mönster", reason="Fasaden är k-märkt.")

    assert (state(door), state(lock)) == ("Avslutad utan portenhet", "Klar")
    assert notices(door)[-1] == ("provider", f"Det blir inget portlås: ägaren sa nej. {door.mail_place}.")
    assert (post(), cast.waits(door), cast.waits(lock)) == ([], {}, {})
    assert "Fasaden är k-märkt." in cast.fee_officer.reads(door.get_absolute_url()).text
    assert cast.locksmith.sees(door) is False


def test_no_unit_is_ordered_without_an_approval(cast, door):
    page = cast.fee_officer.tries(door, "order_door_unit")
    assert page.status == 409
    assert (state(door), post()) == ("Godkännande saknas", [])


def test_an_approval_that_must_be_on_paper_needs_the_paper(cast, door):
    page = cast.fee_officer.tries(door, "record_approval", decided_by="Mio Mönster")
    assert (page.status, page.alerts[0]) == (422, "Välj en fil: Godkännandet som fil")
    assert page.form(step_url(door, "record_approval")).fields["decided_by"].values == ["Mio Mönster"]
    assert state(door) == "Godkännande saknas"


def test_an_owner_who_is_content_with_a_word_needs_none(town, cast):
    client = town.client(address=behind(town.behind_entrance()))
    _lock, door = cast.door_order(client)
    cast.fee_officer.takes_step(door, "record_approval", decided_by="Mio Mönster")
    assert state(door) == "Godkänt"


def test_an_approval_for_all_entrances_lets_the_next_house_go_straight_on(town, cast, client, entrance, door):
    approve(cast, door, blanket=["on"])
    other = town.client(address=behind(town.behind_entrance(owner=entrance.owner)))
    _lock, second = cast.door_order(other)

    assert second.pk != door.pk
    assert (state(door), state(second)) == ("Godkänt", "Godkänt")
    assert cast.waits(second) == {"fee_officer": ["Beställa portlås av låssmeden"]}
    assert "Godkännande finns sedan tidigare" in cast.fee_officer.reads(second.get_absolute_url()).text


def test_a_house_of_ones_own_asks_nobody(town, cast):
    owner = PropertyOwnerFactory(name="Villan", private=True)
    client = town.client(address=behind(town.behind_entrance(owner=owner)))
    _lock, door = cast.door_order(client, owner="Den som bor där")
    assert state(door) == "Godkänt"


def test_two_clients_behind_one_entrance_share_one_order(town, cast, client, entrance, door):
    other = town.client(address=behind(entrance, apartment="1202"))
    lock, same = cast.door_order(other, owner="Brf Exemplet")
    assert same.pk == door.pk
    assert [served.number for served in door.served_orders.order_by("number")] == [lock_of(client), lock.number]

    unit = mounted(cast, door)
    cast.system_admin.takes_step(door, "link")
    assert [verb for verb, _, _ in phoniro(door)].count("attach_client") == 2
    cast.system_admin.clears_phoniro(door)

    assert [unit in links(each) for each in (client, other)] == [True, True]
    assert [state(served) for served in door.served_orders.all()] == ["Klar", "Klar"]


def lock_of(client):
    return client.orders.get(routine="new-lock").number


def test_only_the_unit_that_was_handed_out_is_reported(cast, door):
    ordered(cast, door)
    handed, other = in_stock(Unit.Kind.DOOR), Unit.objects.in_stock().filter(kind="door").order_by("-pk").first()
    cast.locksmith.takes_step(door, "settle_time", time=office_time(3), access_company="Nej")
    assert cast.locksmith.tries(door, "report_mounted").status == 409
    cast.caretaker.takes_step(door, "hand_out", unit=handed)

    page = cast.locksmith.tries(door, "report_mounted", unit=other.serial)
    assert page.status == 422
    assert f"Enhet {other.number} är inte den som lämnades ut för ordern." in page.alerts[0]


def test_another_firm_sees_nothing_of_it(town, cast, door):
    firm = OrganisationFactory(name="Låssmed Syd AB", locksmith=True)
    stranger = Actor(UserFactory(roles=[Role.LOCKSMITH], organisations=[firm], username="stranger"))
    ordered(cast, door)
    stranger.does_not_see(door)


def test_the_locksmith_is_not_sent_to_an_owner_whom_nobody_can_reach(town, cast):
    """The association is known by its name only, from the stairwell: its contact comes before the order (1.9b)."""
    client = town.client()
    _lock, door = cast.door_order_of(client, entrance="Ja, utan portenhet", new_owner="Brf Nyupptäckt")
    approve(cast, door)
    page = cast.fee_officer.tries(door, "order_door_unit")
    assert page.status == 409
    assert page.alerts == ["Fastighetsägarens kontaktuppgifter saknas. Lägg in dem under Fastigheter först."]

    PropertyOwner.objects.filter(name="Brf Nyupptäckt").update(contact_name="Mio Mönster", phone="08-465 004 20")
    post()
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")
    assert post()[0].facts[1:4] == [
        "Fastighetsägare: Brf Nyupptäckt",
        "Kontakt: Mio Mönster",
        "Telefon: 08-465 004 20",
    ]

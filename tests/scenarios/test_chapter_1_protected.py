"""A client with protected identity: named readers only, no address in any mail, every look written down (0.6)."""

import pytest
from django.urls import reverse

from lasrutin.audit.models import Look
from lasrutin.roles import Role
from locks.models import Client
from notifications.models import OutboxMail
from orders.models import Order
from tests.factories import ClientLinkFactory, InstallationFactory, UnitFactory
from tests.orders.walk import in_stock
from tests.organisations import UserFactory
from tests.papers import png_url
from tests.scenarios.actors import TESTED, Actor, step_url
from tests.scenarios.told import (
    Letter,
    links,
    long_time,
    office_time,
    post,
    secure,
    short_time,
    state,
)

MARKED = Client.Protection.MARKED
ONLY_THE_LINK = "Adressen står i ordern."


@pytest.fixture
def client(town):
    return town.client(protection=MARKED, readers=[town["assessor"]])


@pytest.fixture
def others(town):
    """A second person in every role, and everybody in the cast who is not named."""
    return [
        Actor(UserFactory(roles=[Role.ASSESSOR], username="assessor_too")),
        Actor(UserFactory(roles=[Role.FEE_OFFICER], username="fee_officer_too")),
        Actor(UserFactory(roles=[Role.SYSTEM_ADMIN], username="system_admin_too")),
        Actor(UserFactory(roles=[Role.PROVIDER], organisations=[town.external], username="provider_too")),
    ]


@pytest.fixture
def filed(cast, client):
    return cast.assessor.files_new_lock(client, fee_officer="Fee_officer")


def name(cast, order):
    """The fee officer names one person for each role that has something to do."""
    cast.fee_officer.takes_step(
        order, "name_readers", caretaker="Caretaker", system_admin="System_admin", provider="Provider"
    )


@pytest.fixture
def named(cast, filed):
    name(cast, filed)
    return filed


def unnamed(cast, others):
    return [cast.caretaker2, cast.provider2, cast.coordinator, cast.locksmith, cast.manager, *others]


def test_a_protected_order_has_a_fee_officer_of_its_own(cast, client):
    page = cast.assessor.reads(reverse("orders:begin_for_client", args=["new-lock", client.public_id]))
    form, button = page.button("Fortsätt")
    refused = cast.assessor.sends(form, {"told": ["lock", "key"]}, button)
    assert refused.status == 422
    assert "Gör ett val: Vilken avgiftshandläggare ska sköta ordern?" in refused.alerts


def test_before_anybody_is_named_only_assessor_and_fee_officer_know_of_it(cast, others, filed):
    assert cast.who_sees(filed) == ["assessor", "fee_officer"]
    assert cast.waits(filed) == {"fee_officer": ["Utse vilka som får se ordern"]}
    for stranger in [*unnamed(cast, others), cast.caretaker, cast.provider, cast.system_admin]:
        stranger.does_not_see(filed)
    assert post() == []


def test_nothing_is_ordered_before_somebody_is_named_for_every_step(cast, filed):
    page = cast.fee_officer.tries(filed, "order_mounting")
    assert page.status == 409
    assert page.alerts == [
        "Utse först vilka som får se ordern: minst en vaktmästare, en systemförvaltare och en hos utföraren."
    ]


def test_the_named_do_the_whole_work_and_no_mail_says_where(town, cast, others, client, named):  # whole
    order, unit, time = named, in_stock(), office_time(2)
    provider = f"p{town.external.pk}@example.se"
    assert cast.who_sees(order) == ["assessor", "fee_officer", "provider", "system_admin"]

    page = cast.fee_officer.reads(step_url(order, "order_mounting"))
    assert "I mejlet står ingen adress: uppgifterna är skyddade." in page.text
    cast.fee_officer.takes_step(order, "order_mounting")
    assert post() == [
        Letter(
            "caretaker@example.se",
            f"{order.number} Montering av lås",
            "En montering av ett digitalt lås är beställd. Ta ordern i Låsrutin. "
            "Kom sedan överens med utföraren om en tid.",
            [ONLY_THE_LINK],
            cc="system_admin@example.se",
        )
    ]
    assert [(by, to) for by, to, _, _ in secure()] == [("fee_officer", ["system_admin"])]
    assert cast.who_sees(order) == ["assessor", "fee_officer", "provider", "caretaker", "system_admin"]
    assert cast.fee_officer.confirms_phoniro(order) == [
        "Lägg in brukaren",
        "Lägg in platsen",
        "Koppla brukaren till platsen",
    ]
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=time)
    cast.provider.takes_step(order, "accept_time", time=short_time(time))
    cast.provider.takes_step(order, "inform_client")
    cast.provider.takes_step(order, "receipt_key", signature_drawn=png_url())
    cast.caretaker.takes_step(order, "report_mounted", unit=unit, tested=TESTED, entrance="Nej")
    assert [(letter.to, letter.subject, letter.facts) for letter in post()] == [
        (provider, f"{order.number} Tid för besök behövs", [ONLY_THE_LINK]),
        (provider, f"{order.number} Förslag på tider", [ONLY_THE_LINK, f"Förslag: {long_time(time)}"]),
        ("caretaker@example.se", f"{order.number} Tiden är bestämd", [ONLY_THE_LINK, f"Besök: {long_time(time)}"]),
        ("system_admin@example.se", f"{order.number} Låset är monterat", [ONLY_THE_LINK]),
    ]
    cast.system_admin.links(order)
    cast.system_admin.clears_phoniro(order)
    cast.provider.takes_step(order, "add_phones")
    assert (state(order), links(client)) == ("Klar", {unit, "Omsorg Ett AB Norr"})
    for stranger in unnamed(cast, others):
        stranger.does_not_see(order)


def test_no_calendar_file_says_where(cast, client, named):
    order, time = named, office_time(2)
    cast.fee_officer.takes_step(order, "order_mounting")
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=time)
    cast.provider.takes_step(order, "accept_time", time=short_time(time))

    file = cast.caretaker.browser.get(reverse("orders:calendar", args=[order.public_id])).content.decode()
    [mail] = OutboxMail.objects.filter(template="time_settled")
    assert [client.address.street in text for text in (file, mail.calendar)] == [False, False]


def test_each_look_is_written_down(cast, client, named):
    order = named
    cast.fee_officer.takes_step(order, "order_mounting")
    before = list(Look.objects.values_list("pk", flat=True))
    cast.caretaker.reads(reverse("orders:board"))
    cast.caretaker.reads(reverse("orders:job", args=[order.public_id]))
    cast.provider.reads(order.get_absolute_url())
    cast.system_admin.reads_message(order)
    cast.caretaker2.open(order.get_absolute_url())

    looks = (
        Look.objects.exclude(pk__in=before)
        .filter(client_ref=client.public_id)
        .order_by("pk")
        .values_list("by__username", "protected")
    )
    assert sorted(set(looks)) == [("caretaker", True), ("provider", True), ("system_admin", True)]
    assert looks.filter(by__username="caretaker").count() == 2


def test_the_confirmation_and_the_calendars_file_of_a_protected_order_are_looks_too(cast, client, named):
    order = named
    Order.objects.filter(pk=order.pk).update(visit_at=office_time(2))
    for who, name, page in (
        (cast.assessor, "orders:filed", "anmäld order"), (cast.provider, "orders:calendar", "besök i kalendern"),
    ):  # fmt: skip
        before = Look.objects.count()
        assert who.browser.get(reverse(name, args=[order.public_id])).status_code == 200
        looks = Look.objects.order_by("pk").values_list("by__username", "client_ref", "protected", "page")[before:]
        assert list(looks) == [(who.user.username, client.public_id, True, page)]


def test_on_ones_own_list_a_protected_client_has_no_name_and_the_look_is_written_down(cast, client, named):
    page = cast.assessor.reads(reverse("start"))

    assert (named.number in page.text, client.family_name in page.html) == (True, False)
    assert Look.objects.filter(by=cast.assessor.user, page="att göra").last().client_ref == client.public_id


def test_a_look_at_the_home_in_register_and_administration_is_written_down(cast, town, client, named):
    link = ClientLinkFactory(client=client, unit=UnitFactory(status="mounted"))
    InstallationFactory(unit=link.unit, address=client.address)
    pages = [
        reverse("locks:units"), reverse("locks:unit", args=[link.unit.public_id]),
        reverse("admin:locks_clientlink_changelist"), reverse("admin:locks_clientlink_change", args=[link.pk]),
        reverse("admin:locks_installation_changelist"), reverse("admin:locks_address_changelist"),
        reverse("admin:locks_address_change", args=[client.address.pk]),
    ]  # fmt: skip
    for url in pages:
        before = Look.objects.count()
        cast.system_admin.reads(url)
        looks = Look.objects.order_by("pk").values_list("by__username", "client_ref", "protected")[before:]
        assert list(looks) == [("system_admin", client.public_id, True)], url


def test_the_client_is_not_in_the_register_of_those_who_are_not_named(cast, others, client, named):
    for stranger in others:
        assert stranger.open(f"/brukare/{client.public_id}/").status == 404
        assert client.family_name not in stranger.reads("/brukare/").html
        assert client.family_name not in stranger.open("/brukare/utan-las/").html


def test_a_reader_who_is_named_later_sees_it_from_then_on(cast, named):
    order = named
    cast.fee_officer.takes_step(order, "order_mounting")
    assert cast.caretaker2.sees(order) is False
    cast.fee_officer.takes_step(
        order, "name_readers", caretaker=["Caretaker", "Caretaker2"], system_admin="System_admin", provider="Provider"
    )
    assert cast.caretaker2.sees(order) is True


def test_a_door_unit_for_a_protected_client_is_for_the_named_too(town, cast, client, named):
    order = named
    cast.fee_officer.takes_step(order, "order_mounting")
    cast.caretaker.takes(order)
    cast.caretaker.takes_step(order, "propose_times", first=office_time(2))
    cast.provider.takes_step(order, "accept_time", time=short_time(office_time(2)))
    cast.caretaker.takes_step(
        order, "report_mounted", unit=in_stock(), tested=TESTED, entrance="Ja, utan portenhet", new_owner="Brf Hemligt"
    )
    door = order.__class__.objects.get(pk=order.pk).door_order
    assert cast.who_sees(door) == ["assessor", "fee_officer", "system_admin"]
    for stranger in (cast.caretaker2, cast.provider2, cast.locksmith, cast.manager):
        stranger.does_not_see(door)

"""The locksmith's page: entrances, owners, the next step, where to send the invoice; never a client."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lasrutin.audit.models import Look
from lasrutin.people.models import Municipality
from lasrutin.roles import Role
from locks.models import Approval
from locks.services.clients import name_reader
from orders.models import Order
from orders.services import open_order
from tests.factories import AddressFactory, ApprovalFactory, EntranceFactory, PropertyOwnerFactory
from tests.orders.walk import TESTED, Walk, fetch, in_stock
from tests.organisations import OrganisationFactory, UserFactory
from tests.scenarios.pages import Page
from tests.scenarios.told import office_time

pytestmark = pytest.mark.django_db
PAGE = "/lassmed/"


@pytest.fixture
def enter(client, town):
    """Log in as somebody of the town."""

    def login(who="locksmith"):
        client.force_login(town[who])
        return client

    return login


@pytest.fixture
def owner():
    """An association that has approved all its entrances."""
    made = PropertyOwnerFactory(
        name="Brf Björken", contact_name="Mio Mönster", phone="08-465 004 21", email="brf@example.se"
    )
    ApprovalFactory(
        owner=made, entrance=None, state=Approval.State.APPROVED, decided_on=timezone.localdate(), decided_by="Mio"
    )
    return made


def ordered(town, owner, *, locksmith=None, **entrance):
    """A door unit ordered of a firm."""
    made = EntranceFactory(house__owner=owner, **entrance)
    door = open_order("door-unit-in", by=None, for_user=town["caretaker"], entrance=made)
    return Walk(town, door).take("fee_officer", "order_door_unit", locksmith=locksmith or town.locksmith)


def handed_out(walk):
    walk.take("locksmith", "request_pickup", on=timezone.localdate())
    return walk.take("caretaker", "hand_out", unit=in_stock("door"))


def job_url(order):
    return f"{PAGE}{order.public_id}/"


def step_url(order, name):
    return f"/ordrar/{order.public_id}/steg/{name}/"


def posted(order, key, **answers):
    """What the page of a step sends."""
    return {"version": fetch(order).version, "key": key, **answers}


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    "who", ["assessor", "fee_officer", "provider", "coordinator", "caretaker", "system_admin", "manager"]
)
def test_it_is_the_locksmiths_page(town, owner, enter, who):
    order = ordered(town, owner).order

    assert [enter(who).get(path).status_code for path in (PAGE, job_url(order))] == [403, 403]


def test_another_firms_orders_are_not_there(town, owner, enter):
    other = OrganisationFactory(name="Låssmed Syd AB", locksmith=True)
    town.people["south"] = UserFactory(username="south", roles=[Role.LOCKSMITH], organisations=[other])
    order = ordered(town, owner).order

    assert enter("south").get(PAGE).context["waiting"] == []
    assert enter("south").get(job_url(order)).status_code == 404
    assert enter("south").post(step_url(order, "settle_time"), {}).status_code == 404


def test_before_it_is_ordered_the_firm_knows_nothing(town, owner, enter):
    door = open_order("door-unit-in", by=None, for_user=town["caretaker"], entrance=EntranceFactory(house__owner=owner))

    assert enter().get(PAGE).context["waiting"] == []
    assert enter().get(job_url(door)).status_code == 404


def test_a_row_tells_where_whom_to_ring_and_what_is_next(town, owner, enter):
    order = ordered(town, owner, street="Storgatan", street_number="5", label="Entré B").order
    page = text(enter().get(PAGE))
    found = [
        "Storgatan 5, Entré B",
        "Brf Björken, Mio Mönster",
        'href="tel:0846500421"',
        order.number,
        "Registrera tiden",
        "Säg till om hämtning",
    ]

    assert [said for said in found if said not in page] == []


def test_where_the_invoice_goes_stands_on_both_pages(town, owner, enter):
    ours = Municipality.ours()
    ours.invoice_address, ours.invoice_reference = "Exempelby kommun\nBox 1", "LÅS-4711"
    ours.save()
    order = ordered(town, owner).order

    for path in (PAGE, job_url(order)):
        page = text(enter().get(path))
        assert ["Exempelby kommun<br>Box 1" in page, "LÅS-4711" in page] == [True, True]


def test_no_client_is_ever_told(town, owner, enter):
    entrance = EntranceFactory(house__owner=owner, street="Storgatan", street_number="7")
    address = AddressFactory(
        street=entrance.street,
        street_number="7",
        postcode=entrance.postcode,
        apartment="1303",
        entrance=entrance,
        has_entrance=True,
    )
    person = town.client(given_name="Gunhild", family_name="Hemligsson", phone="070-174 06 99", address=address)
    walk = Walk(town).mounted(person, entrance="without_unit", owner=owner)
    door = Walk(town, Order.objects.get(pk=walk.order.door_order_id)).take(
        "fee_officer", "order_door_unit", locksmith=town.locksmith
    )
    pages = [text(enter().get(path)) for path in (PAGE, job_url(door.order), step_url(door.order, "request_pickup"))]

    assert [secret for page in pages for secret in ("Gunhild", "Hemligsson", "070-174", "1303") if secret in page] == []
    assert enter().get(f"{PAGE}{walk.order.public_id}/").status_code == 404


def test_the_whole_job_from_the_phone(town, owner, enter):
    door = ordered(town, owner)
    time = f"{office_time(2):%Y-%m-%dT%H:%M}"
    answers = posted(door.order, "1", time=time, access_company="no")
    settled = enter().post(step_url(door.order, "settle_time"), answers)
    asked = enter().post(step_url(door.order, "request_pickup"), posted(door.order, "2", on=f"{timezone.localdate()}"))
    assert (settled.url, asked.url) == (job_url(door.order), PAGE)

    unit = in_stock("door")
    Walk(town, fetch(door.order)).take("caretaker", "hand_out", unit=unit)
    assert enter().get(job_url(door.order)).context["step"].name == "report_mounted"
    mounted = enter().post(step_url(door.order, "report_mounted"), posted(door.order, "3", unit=unit))
    assert (mounted.url, fetch(door.order).state) == (PAGE, "mounted")


def test_a_wrong_number_is_said_on_the_job_page(town, owner, enter):
    door = handed_out(ordered(town, owner))
    door.take("locksmith", "settle_time", time=timezone.now() + timedelta(days=2), access_company="no")
    answer = enter().post(step_url(door.order, "report_mounted"), posted(door.order, "1", unit=in_stock("door")))

    assert (answer.status_code, "är inte den som lämnades ut för ordern" in text(answer)) == (422, True)
    assert door.order.place_line in text(answer)


def test_what_waits_for_others_says_for_whom(town, owner, enter):
    door = ordered(town, owner)
    door.take("locksmith", "request_pickup", on=timezone.localdate())
    door.take("locksmith", "settle_time", time=timezone.now() + timedelta(days=2), access_company="no")
    context = enter().get(PAGE).context

    assert (context["waiting"], [row["waits"] for row in context["resting"]]) == (
        [], ["Vaktmästeriet ska lämna ut portenhet och tillbehör"],
    )  # fmt: skip


def test_a_protected_door_is_for_the_named_locksmith(town, owner, enter):
    entrance = EntranceFactory(house__owner=owner)
    place = {"street": entrance.street, "street_number": entrance.street_number, "postcode": entrance.postcode}
    person = town.client(protected=True, address=AddressFactory(entrance=entrance, has_entrance=True, **place))
    for name in ("fee_officer", "caretaker", "system_admin", "provider"):
        name_reader(person, town[name], by=town["system_admin"])
    walk = Walk(town).file(person, fee_officer=town["fee_officer"]).take("fee_officer", "order_mounting")
    time = timezone.now() + timedelta(days=2)
    walk.take("caretaker", "claim").take("caretaker", "propose_times", times=[time]).take(
        "provider", "accept_time", time=time
    )
    found = {
        "unit": in_stock(),
        "done_at": timezone.now(),
        "tested": TESTED,
        "entrance": "without_unit",
        "owner": owner,
    }
    lock = walk.take("caretaker", "report_mounted", **found).order
    door = Walk(town, Order.objects.get(pk=lock.door_order_id))
    order = door.take("fee_officer", "order_door_unit", locksmith=town.locksmith).order
    assert order.protected
    assert enter().get(PAGE).context["waiting"] == []
    assert enter().get(job_url(order)).status_code == 404

    name_reader(person, town["locksmith"], by=town["system_admin"])
    assert [row["number"] for row in enter().get(PAGE).context["waiting"]] == [order.number]
    assert [(look.page, look.protected) for look in Look.objects.filter(by=town["locksmith"])] == [
        ("låssmedens jobblista", True)
    ]


def test_the_page_asks_as_often_for_thirty_rows_as_for_one(town, owner, enter):
    def queries():
        client = enter()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    ordered(town, owner)
    one = queries()
    for _number in range(29):
        ordered(town, PropertyOwnerFactory(private=True))
    assert len(enter().get(f"{PAGE}?alla").context["waiting"]) == 30

    assert (queries(), one <= 12) == (one, True)


def test_who_orders_reads_that_the_order_cannot_say_where_the_invoice_goes(enter, town, owner):
    door = open_order("door-unit-in", by=None, for_user=town["caretaker"], entrance=EntranceFactory(house__owner=owner))
    page, said = f"/ordrar/{door.public_id}/steg/order_door_unit/", "Kommunens fakturaadress eller referens saknas"
    assert said in enter("fee_officer").get(page).content.decode()

    Municipality.objects.update_or_create(
        pk=1, defaults={"invoice_address": "Fakturagatan 1, 123 45 Provstad", "invoice_reference": "LAS-1"}
    )
    assert said not in enter("fee_officer").get(page).content.decode()


def test_what_waits_for_others_is_folded_after_what_is_to_be_done(town, owner, enter):
    mine = ordered(town, owner).order
    others = ordered(town, owner).take("locksmith", "request_pickup", on=timezone.localdate())
    others.take("locksmith", "settle_time", time=timezone.now() + timedelta(days=2), access_company="no")

    shown, folded = text(enter().get(PAGE)).split("<details")

    places = [mine.place_line, others.order.place_line]
    assert [[place in part for place in places] for part in (shown, folded)] == [[True, False], [False, True]]
    assert "1 port väntar på andra" in folded.split("</summary>")[0]


def test_what_was_agreed_and_how_the_door_works_stand_as_facts(town, owner, enter):
    door = ordered(town, owner, variant="strike")
    door.take("locksmith", "request_pickup", on=timezone.localdate())
    door.take("locksmith", "settle_time", time=timezone.now() + timedelta(days=2), access_company="yes")

    page = Page(text(enter().get(job_url(door.order)))).text

    told = "Port Porttelefon med elektriskt slutbleck Portenheten hämtas i dag Passersystemets företag Ja, de är kontaktade"
    assert told in page

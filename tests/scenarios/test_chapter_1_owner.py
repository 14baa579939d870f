"""What an owner's answer means for the orders at their entrances, whenever and wherever it comes (1.9a)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from locks.models import Approval
from locks.services import consent
from orders.pdf import job_sheet
from tests.factories import AddressFactory, ApprovalFactory, PropertyOwnerFactory
from tests.scenarios.actors import step_url
from tests.scenarios.homes import behind
from tests.scenarios.told import notices, office_time, post, state


@pytest.fixture
def entrance(town):
    return town.behind_entrance()


@pytest.fixture
def door(town, cast, entrance):
    """The order for the door unit that an entrance lacks."""
    _lock, ordered = cast.door_order(town.client(address=behind(entrance)))
    return ordered


def test_an_approval_for_all_entrances_given_in_one_order_reaches_the_owners_others(town, cast, entrance, door):
    _lock, second = cast.door_order(town.client(address=behind(town.behind_entrance(owner=entrance.owner))))
    cast.fee_officer.takes_step(door, "record_approval", decided_by="Mio Mönster", blanket=["on"])
    assert (state(door), state(second)) == ("Godkänt", "Godkänt")
    assert cast.waits(second) == {"fee_officer": ["Beställa portlås av låssmeden"]}


def says_no(cast, owner, entrance, **answers):
    """On the owner's page, as from the list of doors that wait for an answer."""
    url = reverse("locks:owner_answer", args=[owner.public_id])
    page = cast.fee_officer.reads(f"{url}?entre={entrance.public_id}")
    form = next(form for form in page.forms if "decided_by" in form.fields)
    told = {
        "answer": "Nej",
        "decided_by": "Mio Mönster",
        "decided_on": timezone.localdate(),
        "reason": "Ny port i vår.",
    }
    return cast.fee_officer.sends(form, told | answers)


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("about_all", [False, True])
def test_a_no_on_the_owners_page_ends_the_order(
    cast, entrance, door, asked, about_all, django_capture_on_commit_callbacks
):
    if asked:
        cast.fee_officer.takes_step(door, "ask_owner")
    with django_capture_on_commit_callbacks(execute=True):
        page = says_no(
            cast, entrance.owner, entrance, **({"about": "Alla ägarens entréer, även framtida"} if about_all else {})
        )
    assert (page.status, "Svaret är antecknat." in page.text) == (200, True)

    assert (state(door), cast.waits(door)) == ("Avslutad utan portenhet", {})
    assert notices(door)[-1] == ("provider", f"Det blir inget portlås: ägaren sa nej. {door.mail_place}.")
    assert not Approval.objects.filter(state="asked").exists()


def test_a_question_about_all_entrances_is_not_put_again_in_the_order(
    cast, entrance, door, django_capture_on_commit_callbacks
):
    page = cast.fee_officer.reads(reverse("locks:owner", args=[entrance.owner.public_id]))
    with django_capture_on_commit_callbacks(execute=True):
        cast.fee_officer.presses(page, "Anteckna att ägaren är frågad om alla entréer")

    assert (state(door), cast.waits(door)) == ("Ägaren är frågad", {"fee_officer": ["Få svar från fastighetsägaren"]})
    cast.fee_officer.takes_step(door, "record_approval", decided_by="Mio Mönster", blanket=["on"])
    assert (state(door), Approval.objects.get().state) == ("Godkänt", "approved")


def test_a_question_that_stands_when_the_order_is_opened_is_found(town, cast, entrance):
    consent.ask(owner=entrance.owner, entrance=entrance, by=town["fee_officer"])
    _lock, door = cast.door_order(town.client(address=behind(entrance)))

    assert state(door) == "Ägaren är frågad"


def test_an_old_no_is_no_answer_to_a_new_question(cast, town, entrance):
    long_ago = timezone.localdate() - timedelta(days=90)
    ApprovalFactory(entrance=entrance, refused=True, asked_on=long_ago, decided_on=long_ago)
    _lock, door = cast.door_order(town.client(address=behind(entrance)))
    assert cast.waits(door)["fee_officer"] == ["Fråga fastighetsägaren om lov"]
    cast.fee_officer.takes_step(door, "ask_owner")
    assert state(door) == "Ägaren är frågad"


def test_a_time_when_the_office_is_closed_is_asked_about_once(cast, door):
    cast.fee_officer.takes_step(door, "record_approval", decided_by="Mio Mönster")
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")
    late = {"time": office_time(3, hour=23), "access_company": "Nej"}
    page = cast.locksmith.tries(door, "settle_time", **late)
    assert (page.status, "utanför kontorstid" in page.alerts[0]) == (422, True)
    cast.locksmith.takes_step(door, "settle_time", outside=["on"], **late)
    assert state(door) == "Bokat"


def test_an_approval_taken_back_after_the_order_stops_the_locksmith(
    town, cast, entrance, door, django_capture_on_commit_callbacks
):
    cast.fee_officer.takes_step(door, "record_approval", decided_by="Mio Mönster")
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")
    with django_capture_on_commit_callbacks(execute=True):
        consent.refuse(
            owner=entrance.owner, entrance=entrance, by=town["fee_officer"], decided_on=timezone.localdate(),
            decided_by="Mio Mönster", reason="Ny styrelse.",
        )  # fmt: skip
    assert notices(door)[-2:] == [
        ("fee_officer", "Ägaren har tagit tillbaka sitt godkännande. Avbeställ portlåset eller fråga igen."),
        ("locksmith", "Ägaren har tagit tillbaka sitt godkännande. Avvakta."),
    ]
    assert cast.waits(door) == {"fee_officer": ["Avbeställa portlåset"]}
    assert cast.locksmith.tries(door, "settle_time").status == 409
    post()
    cast.fee_officer.takes_step(door, "call_off", reason="Fastighetsägaren har ändrat sig")
    assert (state(door), post()[0].to) == ("Avslutad utan portenhet", "nord@example.org")


def test_the_client_who_owns_the_house_is_named_to_the_locksmith_neither_by_mail_nor_on_the_page(town, cast):
    """A house of one's own asks nobody; its owner is the client, of whom the locksmith knows nothing (0.6)."""
    owner = PropertyOwnerFactory(
        name="Exempla Villasson", private=True, phone="0701740610", email="exempla@example.se", contact_name=""
    )
    client = town.client(
        given_name="Exempla", family_name="Villasson", phone="0701740610",
        address=behind(town.behind_entrance(owner=owner)),
    )  # fmt: skip
    _lock, door = cast.door_order(client, owner="Den som bor där")
    post()

    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")

    letters = [letter for letter in post() if letter.to == "nord@example.org"]
    assert [letter.asks for letter in letters] == [
        "En montering av en portenhet är beställd. Huset ägs av den som bor där. Kontaktuppgifter finns i ordern. Hämta enheten hos vaktmästeriet."
    ]
    job = reverse("orders:locksmith_job", args=[door.public_id])
    for url in (job, door.get_absolute_url(), reverse("start")):
        page = cast.locksmith.reads(url)
        assert "Den som bor där" in page.text, url
        assert [word for word in ("Villasson", "0701740610", "exempla@") if word in page.html] == [], url
    assert "Exempla Villasson" in cast.fee_officer.reads(door.get_absolute_url()).text


def test_the_caretaker_who_asks_whose_house_it_is_learns_no_persons_name(town, cast):
    mine = PropertyOwnerFactory(name="Exempla Villasson", private=True, phone="0701740610")
    theirs = PropertyOwnerFactory(name="Ove Grannsson", private=True)
    neighbour, entrance = town.behind_entrance(owner=theirs), town.behind_entrance(owner=mine)
    client = town.client(given_name="Exempla", family_name="Villasson", address=behind(entrance))
    order = cast.booked(client)
    nearby = cast.booked(town.client(address=AddressFactory(street=neighbour.street, street_number="99")))

    for url in (step_url(order, "report_mounted"), reverse("orders:job", args=[order.public_id]), reverse("start")):
        assert "Villasson" not in cast.caretaker.reads(url).html, url
    assert "Den som bor där" in cast.caretaker.reads(step_url(order, "report_mounted")).text
    assert "Grannsson" not in cast.caretaker.reads(step_url(nearby, "report_mounted")).html
    assert cast.caretaker.fetches_pdf(reverse("orders:job_sheet", args=[order.public_id]))
    assert "Villasson" not in str(job_sheet._data(order))


def test_a_private_owner_who_is_nobodys_client_is_reached_on_the_page_and_not_by_mail(town, cast):
    owner = PropertyOwnerFactory(name="Ove Ägarsson", private=True, phone="0701740620")
    _lock, door = cast.door_order(
        town.client(address=behind(town.behind_entrance(owner=owner))), owner="Den som bor där"
    )
    cast.fee_officer.takes_step(door, "order_door_unit", locksmith="Låssmed Nord AB")

    [letter] = [letter for letter in post() if letter.to == "nord@example.org"]
    assert "Ägarsson" not in " ".join(letter.facts)
    assert "Ove Ägarsson" in cast.locksmith.reads(reverse("orders:locksmith_job", args=[door.public_id])).text

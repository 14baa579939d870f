"""The page that puts a new client in: what is asked, what the register fills in, what is folded."""

import pytest
from django.urls import reverse

from lasrutin.roles import Role
from locks.models import Client
from orders.models import Order
from tests.factories import AddressFactory, ClientFactory, EntranceFactory
from tests.locks.clients import today
from tests.organisations import UserFactory

pytestmark = pytest.mark.django_db

URL = reverse("locks:client_new")
FILING = f"{URL}?anmal=new-lock"


@pytest.fixture
def facts(provider):
    return {
        "given_name": "Åsa", "family_name": "Påhittsson", "identity_number": "", "phone": "",
        "street": "storgatan", "street_number": "5b", "apartment": "1102", "association_number": "", "postcode": "",
        "town": "", "hands_out_key": "on", "protection": "none", "home_care": provider.public_id,
        "starts": today().isoformat(),
    }  # fmt: skip


def at(street_number, postcode, town="Exempelby", make=AddressFactory, **more):
    return make(street="Storgatan", street_number=street_number, postcode=postcode, town=town, **more)


def folded(page):
    return page.split("<details")[1].split("</details>")[0]


def is_open(page):
    return folded(page).split(">")[0].endswith(" open")


def test_from_an_order_the_page_keeps_the_errand_and_the_way_back(browse, assessor):
    page = browse(assessor).get(FILING).content.decode()
    opening = Order.registry["new-lock"].opening()
    assert f"<h1>{opening.label}</h1>" in page
    assert f'<a href="{reverse("orders:choose_client", args=["new-lock"])}">Välj brukare</a>' in page
    assert "Brukaren är ny: lägg först in brukaren i registret. Sedan fyller du i anmälan." in page
    assert "Spara och fortsätt" in page


@pytest.mark.parametrize(("role", "url"), [(Role.ASSESSOR, URL), (Role.SYSTEM_ADMIN, FILING)])
def test_who_files_nothing_puts_a_client_in(browse, role, url):
    page = browse(UserFactory(role=role)).get(url).content.decode()
    assert "<h1>Ny brukare</h1>" in page
    assert "Spara och fortsätt" not in page


def test_what_is_seldom_asked_is_folded_under_a_line_that_names_it(browse, assessor):
    page = browse(assessor).get(URL).content.decode()
    under = folded(page)
    assert "Skyddade uppgifter, nyckel, telefon, föreningens nummer" in under
    names = ("protection", "hands_out_key", "phone", "association_number")
    assert [f'name="{name}"' in under for name in names] == [True] * 4
    assert not is_open(page)
    assert page.replace(under, "").count("(frivilligt)") == 1  # the identity number


@pytest.mark.parametrize(
    ("change", "opened"),
    [
        ({"given_name": ""}, False),
        ({"phone": "ring"}, True),
        ({"given_name": "", "protection": "marked"}, True),
        ({"given_name": "", "hands_out_key": None}, True),
    ],
)
def test_it_is_unfolded_when_something_there_is_wrong_or_unusual(browse, assessor, facts, change, opened):
    posted = {name: value for name, value in (facts | {"postcode": "14430", "town": "Exempelby"} | change).items()
              if value is not None}  # fmt: skip
    answer = browse(assessor).post(URL, posted)
    assert (answer.status_code, is_open(answer.content.decode())) == (422, opened)


def test_the_correction_of_a_client_folds_nothing(browse, assessor, client_):
    page = browse(assessor).get(reverse("locks:client_edit", args=[client_.public_id])).content.decode()
    assert "<details" not in page


@pytest.mark.parametrize("make", [AddressFactory, EntranceFactory])
def test_the_register_fills_in_postcode_and_town(browse, assessor, facts, make):
    at("5 B", "144 30", make=make)
    at("7", "144 31", "Annanby")
    answer = browse(assessor).post(FILING, facts)
    client = Client.objects.get()
    assert answer.url == reverse("orders:begin_for_client", args=["new-lock", client.public_id])
    assert client.address.full_line == "Storgatan 5 B, 144 30 Exempelby"


def test_a_known_postcode_tells_the_town(browse, assessor, facts):
    at("7", "144 31", "Annanby")
    browse(assessor).post(URL, facts | {"postcode": "14431"})
    assert Client.objects.get().address.full_line == "Storgatan 5 B, 144 31 Annanby"


def test_what_is_written_is_not_changed(browse, assessor, facts):
    at("5 B", "144 30")
    browse(assessor).post(URL, facts | {"postcode": "144 31", "town": "Annanby"})
    assert Client.objects.get().address.full_line == "Storgatan 5 B, 144 31 Annanby"


UNKNOWN = "Gatan och numret finns inte i registret än. Skriv postnumret."
SEVERAL = "Gatan och numret finns på flera ställen i registret. Skriv rätt postnummer."
NO_TOWN = "Registret vet inte vilken ort postnumret hör till. Skriv orten."


@pytest.mark.parametrize(
    ("known", "written", "errors"),
    [
        ([], {}, {"postcode": [UNKNOWN]}),
        ([("7", "144 30", "Exempelby")], {}, {"postcode": [UNKNOWN]}),
        ([("5 B", "144 30", "Exempelby"), ("5 B", "144 31", "Annanby")], {}, {"postcode": [SEVERAL]}),
        ([("7", "144 30", "Exempelby")], {"postcode": "144 31"}, {"town": [NO_TOWN]}),
        ([("5 B", "144 30", "Exempelby"), ("7", "144 30", "Annanby")], {}, {"town": [NO_TOWN]}),
    ],
)
def test_what_the_register_cannot_tell_is_asked_at_the_field(browse, assessor, facts, known, written, errors):
    for number, postcode, town in known:
        at(number, postcode, town)
    answer = browse(assessor).post(URL, facts | written)
    assert (answer.status_code, dict(answer.context["form"].errors)) == (422, errors)


def test_a_town_tells_two_streets_of_a_name_apart(browse, assessor, facts):
    at("5 B", "144 30")
    at("5 B", "144 31", "Annanby")
    browse(assessor).post(URL, facts | {"town": "annanby"})
    assert Client.objects.get().address.full_line == "Storgatan 5 B, 144 31 Annanby"


@pytest.mark.parametrize("entrance", [True, False])
def test_the_home_of_somebody_protected_is_not_told_by_what_is_filled_in(browse, assessor, facts, provider, entrance):
    door = at("5 B", "144 30", make=EntranceFactory) if entrance else None
    home = at("5 B", "144 30", entrance=door, has_entrance=entrance)
    ClientFactory(protected=True, address=home, services={"home_care": provider})
    answer = browse(assessor).post(URL, facts)
    assert dict(answer.context["form"].errors) == {"postcode": [UNKNOWN]}


def test_what_is_missing_is_asked_for_by_its_name_in_the_order_of_the_page(browse, assessor):
    answer = browse(assessor).post(URL, {"protection": "none"})
    page = answer.content.decode()
    summary = page.split("govuk-error-summary__list")[1].split("</ul>")[0]
    told = [line.split("</a>")[0].rsplit(">", 1)[1] for line in summary.split("</li>")[:-1]]
    assert told == [
        "Skriv förnamnet.",
        "Skriv efternamnet.",
        "Skriv gatan.",
        "Skriv gatunumret.",
        "Välj utförare för minst en insats.",
    ]

import pytest
from django.urls import reverse
from django.utils import timezone

from lasrutin.roles import Role
from locks.models import Article, CareService, StockMovement, Unit
from locks.services.stock import register_articles
from locks.services.units import hand_out
from tests.editing import carried
from tests.factories import AddressFactory, ArticleFactory, ClientFactory, InstallationFactory, UnitFactory
from tests.organisations import OrganisationFactory, ProviderFactory, UserFactory

pytestmark = pytest.mark.django_db
STORE = "/forrad/"
KEEPERS = {Role.CARETAKER, Role.SYSTEM_ADMIN}
PAGES = ("store", "units", "movements", "delivery", "hand_out", "count")
Status = Unit.Status


def page_of(unit, name="unit"):
    return reverse(f"locks:{name}", args=[unit.public_id])


@pytest.mark.parametrize("role", Role)
def test_the_store_is_for_caretakers(browse, role):
    browser = browse(UserFactory(role=role))
    found = [browser.get(reverse(f"locks:{name}")).status_code for name in PAGES]
    assert found == [200 if role in KEEPERS else 403] * 6


def test_levels_and_what_must_be_ordered(browse, caretaker):
    UnitFactory()
    battery = ArticleFactory(battery=True, reorder_point=5)
    register_articles(battery, 4, by=caretaker)
    page = browse(caretaker).get(STORE)
    rows = {row[0]["text"]: (row[2], row[4]) for row in page.context["rows"]}
    assert rows == {"Låsenhet L": ("1", ""), "Batteri": ("4", {"tag": "Beställ", "tone": "warn"})}
    assert page.context["low"] == "1 artikel behöver beställas."


def test_an_empty_store(browse, caretaker):
    assert "Inga artiklar än" in browse(caretaker).get(STORE).content.decode()


@pytest.mark.parametrize("name", ["store", "units", "movements"])
def test_the_same_queries_for_one_and_for_thirty(browse, caretaker, queries_of, name):
    browser, url = browse(caretaker), reverse(f"locks:{name}")

    def make(n):
        InstallationFactory()
        hand_out(UnitFactory(door=True), to=OrganisationFactory(), order_number="2026-00042", by=caretaker)
        ArticleFactory(number=f"T-{n}", kind=Article.Kind.ACCESSORY)

    make(0)
    browser.get(url)
    one = queries_of(browser, url)
    for n in range(1, 31):
        make(n)
    assert queries_of(browser, url) == one


def test_units_are_filtered(browse, caretaker):
    UnitFactory(serial="LE104512")
    UnitFactory(serial="PE200001", door=True, status=Status.FAULTY)
    browser = browse(caretaker)

    def found(query):
        return [row[0]["text"] for row in browser.get(reverse("locks:units") + query).context["rows"]]

    assert found("") == ["LE 1045 12", "PE 2000 01"]
    assert found("?number=le 1045") == ["LE 1045 12"]
    assert found("?number=4512") == ["LE 1045 12"]
    assert found("?status=faulty") == ["PE 2000 01"]
    assert found("?kind=lock") == ["LE 1045 12"]
    assert found("?kind=x&status=y&page=z") == ["LE 1045 12", "PE 2000 01"]
    assert found("?number=zzz") == []


def test_a_delivery_of_units(browse, caretaker):
    article = ArticleFactory()
    browser, url = browse(caretaker), reverse("locks:delivery")
    answer = browser.post(url, {"article": article.pk, "serials": "LE 1000 01\r\nle100002, LE-1000-03\n", "count": ""})
    assert answer.url == STORE
    assert [unit.serial for unit in Unit.objects.all()] == ["LE100001", "LE100002", "LE100003"]
    assert "3 Låsenhet L är inlagda i förrådet." in browser.get(STORE).content.decode()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"serials": "LE100001\nx"}, {"serials": ["x är inget enhetsnummer."]}),
        ({"serials": ""}, {"serials": ["Skriv minst ett nummer."]}),
        ({"serials": "\n,\n"}, {"serials": ["Skriv minst ett nummer."]}),
    ],
)
def test_a_delivery_with_faults(browse, caretaker, given, wrong):
    answer = browse(caretaker).post(reverse("locks:delivery"), {"article": ArticleFactory().pk} | given)
    assert answer.status_code == 422
    assert answer.context["form"].errors == wrong
    assert not Unit.objects.exists()


@pytest.mark.parametrize("count", ["", "0", "-3", "1000", "tio", "1,5"])
def test_a_delivery_of_articles_is_counted(browse, caretaker, count):
    battery = ArticleFactory(battery=True)
    answer = browse(caretaker).post(reverse("locks:delivery"), {"article": battery.pk, "count": count})
    assert list(answer.context["form"].errors) == ["count"]
    answer = browse(caretaker).post(reverse("locks:delivery"), {"article": battery.pk, "count": "20"})
    assert answer.url == STORE
    assert Article.objects.with_level().get().level == 20


def test_batteries_over_the_counter(browse, caretaker):
    battery, provider = ArticleFactory(battery=True), ProviderFactory()
    register_articles(battery, 10, by=caretaker)
    browser, url = browse(caretaker), reverse("locks:hand_out")
    given = {"article": battery.pk, "count": "4", "to": provider.public_id}
    assert browser.post(url, given | {"count": "11"}).status_code == 422
    assert browser.post(url, given).url == STORE
    movement = StockMovement.objects.first()
    assert (movement.quantity, movement.counterpart.pk, movement.by) == (-4, provider.pk, caretaker)
    assert browser.post(url, given | {"article": ArticleFactory().pk}).status_code == 422


def test_what_was_counted_counts(browse, caretaker):
    battery = ArticleFactory(battery=True)
    browser, url = browse(caretaker), reverse("locks:count")
    assert browser.post(url, {"article": battery.pk, "counted": "7"}).url == STORE
    assert browser.post(url, {"article": battery.pk, "counted": "7"}).url == STORE
    assert [movement.quantity for movement in StockMovement.objects.all()] == [7]
    assert browser.post(url, {"article": battery.pk, "counted": "-1"}).status_code == 422


@pytest.mark.parametrize("role", Role)
def test_who_looks_up_a_unit(browse, role):
    home = AddressFactory(behind_entrance=True)
    provider = ProviderFactory()
    ClientFactory(address=home, services={CareService.Kind.HOME_CARE: provider})
    lock = InstallationFactory(address=home).unit
    door = InstallationFactory(at_entrance=True, entrance=home.entrance).unit
    stranger = UnitFactory()
    browser = browse(UserFactory(role=role, organisation=provider))
    found = [browser.get(page_of(unit)).status_code for unit in (lock, door, stranger)]
    everything = Role.ASSESSOR, Role.FEE_OFFICER, Role.CARETAKER, Role.SYSTEM_ADMIN
    own = Role.PROVIDER, Role.COORDINATOR
    expected = {
        **{each: [200] * 3 for each in everything},
        **{each: [200, 200, 404] for each in own},
        Role.MANAGER: [403] * 3,
    }
    assert found == expected.get(role, [404] * 3)


def test_a_locksmith_looks_up_what_the_firm_carries(browse, caretaker):
    firm = OrganisationFactory(locksmith=True)
    unit = hand_out(UnitFactory(door=True), to=firm, order_number="2026-00042", by=caretaker)
    assert browse(UserFactory(role=Role.LOCKSMITH, organisation=firm)).get(page_of(unit)).status_code == 200
    other = UserFactory(role=Role.LOCKSMITH, organisation=OrganisationFactory(locksmith=True))
    assert browse(other).get(page_of(unit)).status_code == 404


def test_a_units_history_is_for_those_who_keep_it(browse, caretaker):
    home = AddressFactory(street="Nya gatan")
    provider = ProviderFactory()
    ClientFactory(address=home, services={CareService.Kind.HOME_CARE: provider})
    unit = UnitFactory(status=Status.MOUNTED)
    past = timezone.now() - timezone.timedelta(days=30)
    InstallationFactory(unit=unit, address__street="Gamla gatan", since=past, until=past, order_number="2026-00001")
    InstallationFactory(unit=unit, address=home)
    seen = browse(caretaker).get(page_of(unit)).content.decode()
    assert [words in seen for words in ("Gamla gatan", "Nya gatan", "2026-00001")] == [True] * 3
    staff = UserFactory(role=Role.PROVIDER, organisation=provider)
    seen = browse(staff).get(page_of(unit)).content.decode()
    assert [words in seen for words in ("Gamla gatan", "Nya gatan", "2026-00001")] == [False, True, False]


def test_where_a_protected_person_lives_is_hidden(browse, caretaker, fee_officer, system_admin):
    place = InstallationFactory(address__street="Hemliga gatan")
    ClientFactory(protected=True, address=place.address, readers=[fee_officer, caretaker])
    for user, knows in ((system_admin, False), (fee_officer, True), (caretaker, True)):
        seen = browse(user).get(page_of(place.unit)).content.decode()
        assert ("Hemliga gatan" in seen, "Skyddad adress" in seen) == (knows, not knows)
    listed = browse(system_admin).get(reverse("locks:units")).content.decode()
    assert ("Hemliga gatan" in listed, "Skyddad adress" in listed) == (False, True)


def test_a_unit_comes_back_and_is_scrapped(browse, caretaker, system_admin):
    unit = hand_out(UnitFactory(door=True), to=OrganisationFactory(), order_number="2026-00042", by=caretaker)
    assert "Ta emot i förrådet" in browse(caretaker).get(page_of(unit)).content.decode()
    assert browse(caretaker).post(page_of(unit, "unit_retire")).status_code == 403
    assert browse(caretaker).post(page_of(unit, "unit_receive")).url == page_of(unit)
    assert Unit.objects.get().status == Status.IN_STOCK
    browser = browse(caretaker)
    browser.post(page_of(unit, "unit_receive"))
    assert "Den kan inte tas emot." in browser.get(page_of(unit)).content.decode()
    browse(system_admin).post(page_of(unit, "unit_retire"))
    assert Unit.objects.get().status == Status.RETIRED
    assert browse(caretaker).get(page_of(unit, "unit_retire")).status_code == 405


def test_what_is_sent_twice_moves_the_store_once(browse, caretaker):
    battery, firm = ArticleFactory(battery=True), OrganisationFactory()
    browser = browse(caretaker)
    for name, given in (
        ("delivery", {"article": battery.pk, "count": "10", "serials": ""}),
        ("hand_out", {"article": battery.pk, "count": "3", "to": firm.public_id}),
    ):
        url = reverse(f"locks:{name}")
        for page in (carried(browser, url), carried(browser, url)):
            assert [browser.post(url, page | given).url for _ in range(2)] == [STORE, STORE]
    assert [moved.quantity for moved in StockMovement.objects.order_by("pk")] == [10, 10, -3, -3]


def test_units_that_are_delivered_twice_are_there_once(browse, caretaker):
    browser, url = browse(caretaker), reverse("locks:delivery")
    given = carried(browser, url) | {"article": ArticleFactory().pk, "serials": "LE 1045 12"}
    assert [browser.post(url, given).status_code for _ in range(2)] == [302, 302]
    assert Unit.objects.count() == 1

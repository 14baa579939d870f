from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.utils import timezone

from lasrutin.roles import Role
from locks.models import Article, Installation, StockMovement, Unit
from locks.services.stock import count_articles, hand_out_articles, receive_articles, register_articles
from locks.services.units import (
    find_unit,
    hand_out,
    mount_unit,
    receive,
    register_delivery,
    retire,
    take_down,
    whereabouts,
)
from tests.factories import (
    AddressFactory,
    ArticleFactory,
    ClientFactory,
    EntranceFactory,
    InstallationFactory,
    UnitFactory,
)
from tests.organisations import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
ORDER = "2026-00042"
Status = Unit.Status


@pytest.fixture(autouse=True)
def _sums_are_right(db):
    """The sum of an article's movements is the number of its units in the store, whatever a test did."""
    yield
    numbered = Article.objects.filter(kind__in=Unit.Kind.values).with_level()
    assert not [
        article for article in numbered if article.level != article.units.filter(status=Status.IN_STOCK).count()
    ]
    mounted = Unit.objects.annotate(places=Count("installations", filter=Q(installations__until=None)))
    assert not mounted.filter(Q(status=Status.MOUNTED) & ~Q(places=1) | ~Q(status=Status.MOUNTED) & Q(places__gt=0))


def refusal(call, *args, **kwargs):
    with pytest.raises(ValidationError) as error:
        call(*args, **kwargs)
    return error.value.message_dict


def test_a_unit_is_found_however_its_number_is_spelled():
    unit = UnitFactory(serial="LE104512")
    assert [find_unit(text, Unit.Kind.LOCK) for text in ("LE 1045 12", "le104512", " LE-1045-12 ")] == [unit] * 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Enhetens nummer har två bokstäver och sex siffror, till exempel LE 1045 12."),
        ("104512", "Enhetens nummer har två bokstäver och sex siffror, till exempel LE 1045 12."),
        ("LE 1045 99", "Numret LE 1045 99 finns inte i registret. Läs numret på enheten igen."),
        ("PE 2000 01", "PE 2000 01 är en portenhet. Här behövs en låsenhet."),
    ],
)
def test_a_wrong_number_is_explained(text, says):
    UnitFactory(door=True, serial="PE200001")
    assert refusal(find_unit, text, Unit.Kind.LOCK) == {"unit": [says]}


def test_mounting_takes_a_lock_from_the_store(caretaker):
    unit, address = UnitFactory(), AddressFactory()
    installation = mount_unit(unit, at_address=address, order_number=ORDER, by=caretaker)
    assert (installation.address, installation.order_number) == (address, ORDER)
    assert Unit.objects.get().status == Status.MOUNTED
    assert Article.objects.with_level().get().level == 0
    assert StockMovement.objects.first().by == caretaker


def test_a_door_unit_that_was_handed_out_leaves_the_store_once(caretaker):
    firm = OrganisationFactory(locksmith=True)
    smith = UserFactory(role=Role.LOCKSMITH, organisation=firm)
    unit = hand_out(UnitFactory(door=True), to=firm, order_number=ORDER, by=caretaker)
    mount_unit(unit, at_entrance=EntranceFactory(), order_number=ORDER, by=smith)
    fresh = Unit.objects.get()
    assert (fresh.status, fresh.holder) == (Status.MOUNTED, None)
    assert [movement.quantity for movement in StockMovement.objects.all()] == [-1, 1]


def test_a_locksmith_mounts_only_what_that_firm_holds(caretaker):
    unit = hand_out(UnitFactory(door=True), to=OrganisationFactory(), order_number=ORDER, by=caretaker)
    stranger = UserFactory(role=Role.LOCKSMITH, organisation=OrganisationFactory(locksmith=True))
    said = refusal(mount_unit, unit, at_entrance=EntranceFactory(), order_number=ORDER, by=stranger)
    assert said == {"unit": [f"{unit.number} är utlämnad till en annan firma."]}


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (Status.HANDED_OUT, "LE 1000 01 är utlämnad till någon. Montera en enhet från förrådet."),
        (Status.FAULTY, "LE 1000 01 är trasig. Montera en enhet från förrådet."),
        (Status.RETIRED, "LE 1000 01 är kasserad. Montera en enhet från förrådet."),
    ],
)
def test_a_lock_that_is_not_in_the_store_is_not_mounted(caretaker, status, says):
    unit = UnitFactory(serial="LE100001", status=status)
    assert refusal(mount_unit, unit, at_address=AddressFactory(), order_number=ORDER, by=caretaker) == {"unit": [says]}


def test_a_mounted_lock_says_where_it_sits(caretaker):
    place = InstallationFactory(
        unit__serial="LE100001",
        address__street="Storgatan",
        address__street_number="5",
        address__apartment="1102",
        since=timezone.datetime(2026, 3, 9, 23, 30, tzinfo=timezone.get_current_timezone()),
    )
    said = refusal(mount_unit, place.unit, at_address=AddressFactory(), order_number=ORDER, by=caretaker)
    assert said == {"unit": ["LE 1000 01 sitter på Storgatan 5 sedan 9 mars 2026. Montera en enhet från förrådet."]}


def test_where_a_protected_person_lives_is_not_said():
    place = InstallationFactory()
    ClientFactory(protected=True, address=place.address)
    assert place.address.street not in whereabouts(place.unit)
    assert "en dörr med skyddad adress" in whereabouts(place.unit)


def test_one_lock_per_door_and_one_door_unit_per_entrance(caretaker):
    lock, door = InstallationFactory(), InstallationFactory(at_entrance=True)
    assert refusal(mount_unit, UnitFactory(), at_address=lock.address, order_number=ORDER, by=caretaker) == {
        "unit": [f"Det sitter redan ett lås på dörren: {lock.unit.number}. Ta ner det först."]
    }
    another = UnitFactory(door=True)
    assert refusal(mount_unit, another, at_entrance=door.entrance, order_number=ORDER, by=caretaker) == {
        "unit": [f"Det sitter redan en portenhet vid entrén: {door.unit.number}. Ta ner den först."]
    }


def test_a_unit_goes_where_its_kind_belongs(caretaker):
    lock, door = UnitFactory(), UnitFactory(door=True)
    assert refusal(mount_unit, door, at_address=AddressFactory(), order_number=ORDER, by=caretaker) == {
        "unit": [f"{door.number} är en portenhet. Här behövs en låsenhet."]
    }
    assert refusal(mount_unit, lock, at_entrance=EntranceFactory(), order_number=ORDER, by=caretaker) == {
        "unit": [f"{lock.number} är en låsenhet. Här behövs en portenhet."]
    }


def test_one_place_is_named(caretaker):
    with pytest.raises(TypeError):
        mount_unit(UnitFactory(), order_number=ORDER, by=caretaker)
    with pytest.raises(TypeError):
        mount_unit(
            UnitFactory(), at_address=AddressFactory(), at_entrance=EntranceFactory(), order_number=ORDER, by=caretaker
        )


def test_a_mounting_has_happened_and_after_the_last_one(caretaker):
    now = timezone.now()
    unit, address = UnitFactory(), AddressFactory()
    mount = {"order_number": ORDER, "by": caretaker}
    said = refusal(mount_unit, unit, at_address=address, when=now + timedelta(days=1), **mount)
    assert said == {"when": ["Det har inte hänt än. Ange i dag eller tidigare."]}
    InstallationFactory(address=address, since=now - timedelta(days=9), until=now - timedelta(days=2))
    Unit.objects.exclude(pk=unit.pk).update(status=Status.RETIRED)
    said = refusal(mount_unit, unit, at_address=address, when=now - timedelta(days=3), **mount)
    assert said == {"when": ["Det satt en annan enhet där då. Ange en senare tid."]}
    assert mount_unit(unit, at_address=address, when=now - timedelta(days=1), **mount).since < now


@pytest.mark.parametrize(
    ("how", "status", "level"),
    [({}, Status.IN_STOCK, 1), ({"faulty": True}, Status.FAULTY, 0), ({"back_to_stock": False}, Status.HANDED_OUT, 0)],
)
def test_a_unit_is_taken_down(caretaker, how, status, level):
    unit = InstallationFactory().unit
    firm = OrganisationFactory() if status == Status.HANDED_OUT else None
    ended = take_down(unit, order_number="2026-00043", by=caretaker, holder=firm, **how)
    fresh = Unit.objects.get()
    assert (fresh.status, fresh.holder, fresh.installation) == (status, firm, None)
    assert Article.objects.with_level().get().level == level
    assert (ended.ended_by_order, ended.until >= ended.since) == ("2026-00043", True)


def test_what_is_not_mounted_is_not_taken_down(caretaker):
    unit = UnitFactory()
    assert refusal(take_down, unit, order_number=ORDER, by=caretaker) == {
        "unit": [f"{unit.number} ligger i förrådet. Den kan inte tas ner."]
    }
    with pytest.raises(TypeError):
        take_down(unit, order_number=ORDER, by=caretaker, back_to_stock=False)


def test_an_exchange_keeps_one_lock_on_the_door(caretaker):
    old, new = InstallationFactory(), UnitFactory()
    take_down(old.unit, order_number=ORDER, by=caretaker, faulty=True)
    mount_unit(new, at_address=old.address, order_number=ORDER, by=caretaker)
    assert [place.unit for place in Installation.objects.now()] == [new]


def test_what_was_handed_out_comes_back(caretaker):
    firm = OrganisationFactory(locksmith=True)
    unit = hand_out(UnitFactory(door=True), to=firm, order_number=ORDER, by=caretaker)
    assert refusal(hand_out, unit, to=firm, order_number=ORDER, by=caretaker) == {
        "unit": [f"{unit.number} är utlämnad till {firm.name}. Välj en enhet i förrådet."]
    }
    receive(unit, order_number=ORDER, by=caretaker)
    assert Unit.objects.get().status == Status.IN_STOCK
    assert StockMovement.objects.first().counterpart == firm
    assert refusal(receive, unit, by=caretaker) == {
        "unit": [f"{unit.number} ligger i förrådet. Den kan inte tas emot."]
    }


def test_what_comes_back_broken_is_not_in_stock(caretaker):
    unit = hand_out(UnitFactory(door=True), to=OrganisationFactory(), order_number=ORDER, by=caretaker)
    receive(unit, by=caretaker, faulty=True)
    assert Unit.objects.get().status == Status.FAULTY
    receive(unit, by=caretaker)
    assert Unit.objects.get().status == Status.IN_STOCK


@pytest.mark.parametrize("status", [Status.IN_STOCK, Status.FAULTY])
def test_a_unit_is_scrapped(caretaker, status):
    assert retire(UnitFactory(status=status), by=caretaker).status == Status.RETIRED


def test_a_mounted_unit_is_not_scrapped(caretaker):
    assert list(refusal(retire, InstallationFactory().unit, by=caretaker)) == ["unit"]


def test_a_delivery_is_registered(caretaker):
    article = ArticleFactory()
    units = register_delivery(article, ["LE 1000 01", "le100002"], by=caretaker, order_number=ORDER)
    assert [unit.serial for unit in units] == ["LE100001", "LE100002"]
    assert Article.objects.with_level().get().level == 2
    assert Unit.objects.filter(public_id=F("public_id")).values("public_id").distinct().count() == 2


def test_a_delivery_with_faults_is_refused_whole(caretaker):
    UnitFactory(serial="LE100009")
    said = refusal(register_delivery, ArticleFactory(), ["LE100001", "x", "LE100001", "LE 1000 09"], by=caretaker)
    assert said == {
        "serials": ["x är inget enhetsnummer.", "LE 1000 01 står två gånger.", "LE 1000 09 finns redan i registret."]
    }
    assert Unit.objects.count() == 1
    assert refusal(register_delivery, ArticleFactory(), [], by=caretaker) == {"serials": ["Skriv minst ett nummer."]}
    assert list(refusal(register_delivery, ArticleFactory(battery=True), ["LE100001"], by=caretaker)) == ["article"]


def test_batteries_come_and_go_by_number(caretaker):
    battery, provider = ArticleFactory(battery=True), OrganisationFactory()
    register_articles(battery, 10, by=caretaker)
    hand_out_articles(battery, 4, to=provider, order_number=ORDER, by=caretaker)
    receive_articles(battery, 1, sender=provider, order_number=ORDER, by=caretaker)
    assert Article.objects.with_level().get(pk=battery.pk).level == 7
    assert refusal(hand_out_articles, battery, 8, to=provider, order_number=ORDER, by=caretaker) == {
        "count": ["Det finns 7 av Batteri i förrådet. Ange ett mindre antal."]
    }
    count_articles(battery, 5, by=caretaker)
    assert count_articles(battery, 5, by=caretaker) is None
    assert Article.objects.with_level().get(pk=battery.pk).level == 5


@pytest.mark.parametrize("count", [0, -1, 1000])
def test_a_number_of_articles_is_a_number(caretaker, count):
    assert list(refusal(register_articles, ArticleFactory(battery=True), count, by=caretaker)) == ["count"]


def test_units_are_not_moved_by_the_dozen(caretaker):
    assert list(refusal(register_articles, ArticleFactory(), 3, by=caretaker)) == ["article"]
    assert list(refusal(count_articles, ArticleFactory(battery=True), 1000, by=caretaker)) == ["counted"]

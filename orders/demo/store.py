"""The caretakers' store: articles, deliveries, and what the work costs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lasrutin.people.models import User
from locks.models import Article, Unit
from locks.services.stock import hand_out_articles, register_articles
from locks.services.units import register_delivery
from orders.models import Rate

Kind = Article.Kind


@dataclass(frozen=True, slots=True)
class Goods:
    """An article, when to order more, and how many come."""

    number: str
    name: str
    kind: Article.Kind
    reorder_point: int
    delivered: int
    used: int = 0


# Units: enough for the doors of the demo, so that about 25 locks and 8 door units are left.
GOODS = (
    Goods("L-100", "Låsenhet L1", Kind.LOCK, 10, 130),
    Goods("L-200", "Låsenhet L2, smal karm", Kind.LOCK, 4, 6),
    Goods("P-100", "Portenhet P1", Kind.DOOR, 3, 48),
    Goods("T-10", "Elektriskt slutbleck", Kind.ACCESSORY, 4, 20),
    Goods("T-20", "Tidrelä", Kind.ACCESSORY, 4, 12, 9),
    Goods("T-30", "Strömförsörjning 12 V", Kind.ACCESSORY, 3, 14),
    Goods("T-40", "Monteringsplatta", Kind.ACCESSORY, 5, 40, 12),
    Goods("B-10", "Litiumbatteri CR123, par", Kind.BATTERY, 20, 120, 88),
    Goods("B-20", "Alkaliskt batteri AA, fyra", Kind.BATTERY, 20, 90, 74),
)
# Decided prices in kronor, by the year they were decided for, counted from this one.
RATES = {
    Rate.Kind.MOUNTING: (820, 850),
    Rate.Kind.DISMOUNTING: (490, 510),
    Rate.Kind.MOVE: (1180, 1225),
    Rate.Kind.VISIT: (340, 355),
    Rate.Kind.REPAIR: (560, 580),
}


def decide_rates(today: date) -> None:
    """Last year's prices and this year's."""
    Rate.objects.bulk_create(
        Rate(kind=kind, amount=Decimal(amount), valid_from=date(today.year - 1 + years, 1, 1))
        for kind, amounts in RATES.items()
        for years, amount in enumerate(amounts)
    )


def fill_store(by: User) -> None:
    """The first delivery, and what has been used of it outside any order."""
    for place, goods in enumerate(GOODS):
        article = Article.objects.create(
            number=goods.number, name=goods.name, kind=goods.kind, reorder_point=goods.reorder_point
        )
        if goods.kind in Unit.Kind.values:
            register_delivery(article, _serials(goods, place), by=by)
            continue
        register_articles(article, goods.delivered, by=by)
        if goods.used:
            hand_out_articles(article, goods.used, by=by)


def _serials(goods: Goods, place: int) -> list[str]:
    letters = "PE" if goods.kind == Kind.DOOR else "LE"
    first = 104_500 + place * 1_000
    return [f"{letters}{first + number * 3}" for number in range(1, goods.delivered + 1)]

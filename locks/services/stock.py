"""Articles without numbers of their own: batteries, accessories."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from lasrutin.people.models import Organisation, User
from locks.models import Article, StockMovement, Unit
from locks.services.refusals import refused

Reason = StockMovement.Reason
MOST = 999


def register_articles(article: Article, count: int, *, by: User, order_number: str = "") -> StockMovement:
    """Put a delivery of articles into the store (7.3b)."""
    return _move(article, _counted(count), Reason.DELIVERED, by=by, order_number=order_number)


def hand_out_articles(
    article: Article, count: int, *, to: Organisation | None = None, order_number: str = "", by: User
) -> StockMovement:
    """Hand articles over the counter (1.10b, 8.1c). No more than there are."""
    level = _level(article)
    if _counted(count) > level:
        raise refused(
            "count",
            _("Det finns %(level)s av %(article)s i förrådet. Ange ett mindre antal.")
            % {"level": level, "article": article},
            "level",
        )
    return _move(article, -count, Reason.HANDED_OUT, by=by, order_number=order_number, counterpart=to)


def receive_articles(
    article: Article, count: int, *, sender: Organisation | None = None, order_number: str = "", by: User
) -> StockMovement:
    """Take articles back over the counter (4.8b)."""
    return _move(article, _counted(count), Reason.RETURNED, by=by, order_number=order_number, counterpart=sender)


def count_articles(article: Article, counted: int, *, by: User) -> StockMovement | None:
    """Correct the level to what somebody counted on the shelf. None when it was right."""
    if not 0 <= counted <= MOST:
        raise refused("counted", _("Ange ett antal från 0 till 999."), "count")
    difference = counted - _level(article)
    return _move(article, difference, Reason.COUNTED, by=by) if difference else None


def _level(article: Article) -> int:
    """How many there are; nobody else moves any of them until the transaction ends."""
    Article.objects.select_for_update().get(pk=article.pk)
    return article.movements.aggregate(level=Sum("quantity"))["level"] or 0


def _counted(count: int) -> int:
    if not 1 <= count <= MOST:
        raise refused("count", _("Ange ett antal från 1 till 999."), "count")
    return count


def _move(
    article: Article,
    quantity: int,
    reason: StockMovement.Reason,
    *,
    by: User,
    order_number: str = "",
    counterpart: Organisation | None = None,
) -> StockMovement:
    if article.kind in Unit.Kind.values:
        raise refused("article", _("%(article)s har nummer. Ange enheterna.") % {"article": article}, "kind")
    return StockMovement.objects.create(
        article=article, quantity=quantity, reason=reason, counterpart=counterpart, order_number=order_number, by=by
    )

"""Weigh every page of every role on the demo municipality: queries, HTML in kB gzipped, milliseconds.

`make bench` runs it, and loads the demo first where there is none.
"""

import gzip
import logging
import os
import sys
import time
from http import HTTPStatus
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lasrutin.settings")

ROUNDS = 3


def main() -> None:
    """Print one line a page and role, the heaviest first."""
    import django

    django.setup()
    from lasrutin.management.commands.serve import Command

    logging.disable(logging.CRITICAL)
    serve = Command()
    serve.prepare_database()
    serve.load_demo()
    rows = sorted(_measure(), key=lambda row: -row[3])
    print(f"{'page':44} {'role':13} {'queries':>7} {'kB gz':>6} {'ms':>6}")
    for path, role, queries, weight, spent in rows:
        print(f"{path:44} {role:13} {queries:7} {weight:6.1f} {spent:6.0f}")
    worst = max(row[2] for row in rows)
    print(f"{len(rows)} pages; at most {worst} queries, {rows[0][3]:.1f} kB gz, {max(row[4] for row in rows):.0f} ms")


def _measure() -> list[tuple[str, str, int, float, float]]:
    from django.db import connection, reset_queries
    from django.test import Client, RequestFactory
    from django.test.utils import CaptureQueriesContext

    from lasrutin.context import all_places
    from lasrutin.people.models import User
    from orders.models import Order

    rows = []
    for user in User.objects.filter(is_demo=True).order_by("username"):
        web = Client(SERVER_NAME="localhost")
        web.force_login(user)
        request = RequestFactory().get("/")
        request.user = user
        paths = [place.url for place in all_places(request)]
        paths += [order.get_absolute_url() for order in Order.objects.visible_to(user).open()[:2]]
        for path in paths:
            reset_queries()
            with CaptureQueriesContext(connection) as asked:
                answer = web.get(path)
            if answer.status_code != HTTPStatus.OK:
                continue
            began = time.perf_counter()
            for _number in range(ROUNDS):
                web.get(path)
            spent = (time.perf_counter() - began) / ROUNDS * 1000
            rows.append((path, user.username, len(asked), len(gzip.compress(answer.content)) / 1024, spent))
    return rows


if __name__ == "__main__":
    main()

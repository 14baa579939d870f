"""`manage.py demo`: load the demo municipality into an empty database. A second time it does nothing."""

import time
from argparse import ArgumentParser
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from orders.demo.build import NotEmpty, build


class Command(BaseCommand):
    """Only where DEBUG is on: its logins have a password that everybody knows."""

    help = "Loads the demo municipality into an empty database. Safe to repeat; refused when DEBUG is off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same moment gives the same town."""
        parser.add_argument("--at", type=datetime.fromisoformat, help="the moment until which its past is told")

    def handle(self, *_args: object, at: datetime | None = None, **_options: object) -> None:
        """Build it, and say what there is."""
        if not settings.DEBUG:
            raise CommandError("The demo municipality has a public password. It is loaded only where DEBUG is on.")
        began = time.monotonic()
        try:
            made = build(lambda line: self.stdout.write(f"  {line}"), at=at)
        except NotEmpty as error:
            raise CommandError(
                "The database holds clients or orders of its own. The demo needs an empty one."
            ) from error
        seconds = time.monotonic() - began
        self.stdout.write(
            f"The demo municipality is ready ({seconds:.0f} s)." if made else "The demo municipality is there already."
        )

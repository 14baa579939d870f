"""`manage.py catch_mail`: take all mail that this machine's product sends, and keep it as files."""

import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications.catcher import catching


class Command(BaseCommand):
    help = "Run a local mail server that delivers nothing: it keeps each mail as an .eml file to read."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.EMAIL_PORT, help="Port on this machine.")
        parser.add_argument("--dir", type=Path, default=settings.CATCHER_DIR or None, help="Folder for the mail.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["dir"] is None:
            raise CommandError("Say where to keep the mail: --dir, or CATCHER_DIR in the environment.")
        stop = threading.Event()
        for request in (signal.SIGTERM, signal.SIGINT):
            signal.signal(request, lambda *_: stop.set())
        server = catching(options["dir"], options["port"])
        try:
            server.start()
        except OSError as error:
            raise CommandError(f"Port {options['port']} cannot be used: {error.strerror}.") from error
        try:
            stop.wait()
        finally:
            server.stop()

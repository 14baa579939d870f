"""Start and stop the programs that stand beside the web server on one machine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

BOUND = Path(__file__).with_name("bound.py")
Output = int | IO[bytes] | None


class StartError(Exception):
    """A program did not start. The text says which, and what to do about it."""


def start(
    command: Sequence[str | Path],
    *,
    end_with: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: Output = subprocess.DEVNULL,
    output: Output = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own; it gets ``end_with`` should this process die before it."""
    bound = [sys.executable, "-I", "-S", str(BOUND), end_with.name, user or "-"]
    return subprocess.Popen(
        bound + [str(part) for part in command],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=env,
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes], with_signal: signal.Signals = signal.SIGTERM, patience: float = 8) -> None:
    """Ask a program to stop, and see that it does."""
    if process.poll() is None:
        process.send_signal(with_signal)
        see_it_end(process, patience)


def see_it_end(process: subprocess.Popen[bytes], patience: float) -> None:
    """Wait for a program that was asked to stop; kill its whole session if it does not."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str, patience: float = 30) -> None:
    """Wait for a program that was just started to be of use."""
    deadline = time.monotonic() + patience
    while not ready():
        if process.poll() is not None:
            raise StartError(f"{what} ended at once with status {process.returncode}.")
        if time.monotonic() > deadline:
            raise StartError(f"{what} gave no answer within {patience:.0f} s.")
        time.sleep(0.01)


def port_is_free(port: int) -> bool:
    """Whether a server can listen on this port of the local address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def command_line(pid: int) -> str | None:
    """The command line of a running process; None when there is no such process, empty when it cannot be told."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""

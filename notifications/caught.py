"""What the local mail catcher took, read back from its files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

# As the catcher names its files: the moment, and something random.
NAME = re.compile(r"\d{8}T\d{12}-[a-z0-9]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Caught:
    """One caught mail."""

    name: str
    at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject as people read it."""
        return str(self.message["Subject"] or "")

    @property
    def receivers(self) -> str:
        """Addresses of `To` and `Cc`."""
        headers: list[Any] = [self.message[name] for name in ("To", "Cc") if self.message[name]]
        addresses: Iterator[Address] = (address for header in headers for address in header.addresses)
        return ", ".join(address.addr_spec for address in addresses)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All headers, as they came."""
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str:
        """The part for people without HTML."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The source of the HTML part."""
        return self._body("html")

    @property
    def attachments(self) -> list[tuple[str, str]]:
        """File names and contents of what is attached; only text is shown."""
        return [
            (part.get_filename() or "", str(part.get_content()) if part.get_content_maintype() == "text" else "")
            for part in self.message.iter_attachments()
        ]

    def _body(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if isinstance(part, EmailMessage) else ""


def names(folder: Path) -> list[str]:
    """The names of what was caught, the newest first."""
    return sorted((path.stem for path in folder.glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True)


def read(folder: Path, name: str) -> Caught | None:
    """Return one caught mail, or None when there is none of that name."""
    if not NAME.fullmatch(name):
        return None
    try:
        content = (folder / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(content, policy=policy.default)
    at = datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    return Caught(name, at, message)

"""The local mail catcher: takes what the product sends on a local run, and keeps it as files to read."""

from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lasrutin.ids import new_public_id

LOCAL = "127.0.0.1"
# Older ones are removed: the catcher is for looking, not for keeping.
KEPT = 500


class Keeper:
    """Keeps each message as a file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's names
        """Answer a mail server's DATA."""
        self.keep(envelope.original_content or b"")
        return "250 Message accepted for delivery"

    def keep(self, content: bytes) -> None:
        """Write one message, and let go of the oldest."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{new_public_id()}"
        half_written = self.folder / f"{name}.part"
        half_written.write_bytes(content)
        half_written.rename(self.folder / f"{name}.eml")
        for path in sorted(self.folder.glob("*.eml"))[:-KEPT]:
            path.unlink(missing_ok=True)


def catching(folder: Path, port: int) -> Controller:
    """Return a mail server for this machine only, ready to start."""
    return Controller(Keeper(folder), hostname=LOCAL, port=port, server_hostname="localhost")

"""A mail server for a laptop: keeps every message as a file, delivers none.

    python -m dev.mailbox --port 2525 --folder .steward/main/mail

A message with the Message-ID of an earlier one is not kept again, but noted as a duplicate.
"""

import argparse
import asyncio
import hashlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_BYTES_MAX = 10_000_000
_DUPLICATES = "duplicates.txt"
_headers = BytesHeaderParser()


class Mailbox:
    """A folder of messages, one file each, in the order in which they came."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, made if it is not there."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def store(self, content: bytes, recipients: Sequence[str]) -> bool:
        """Keep a message; false if one with the same Message-ID is there already."""
        message_id = _headers.parsebytes(content).get("Message-ID", "").strip()
        name = hashlib.sha256(message_id.encode() or content).hexdigest()[:32]
        path = self.folder / f"{name}.eml"
        if path.exists():
            with open(self.folder / _DUPLICATES, "a") as notes:
                notes.write(f"{message_id}\n")
            return False
        draft = path.with_suffix(".draft")
        envelope = f"X-Envelope-To: {', '.join(recipients)}\r\n"
        draft.write_bytes(envelope.encode() + content)
        draft.rename(path)
        return True

    def count(self) -> int:
        """Return how many different messages there are."""
        return sum(1 for name in os.listdir(self.folder) if name.endswith(".eml"))

    def list_duplicates(self) -> list[str]:
        """Return the Message-ID of each message that came once too often."""
        path = self.folder / _DUPLICATES
        return path.read_text().splitlines() if path.exists() else []

    def list_messages(self, *, to: str | None = None) -> list[EmailMessage]:
        """Return the messages, oldest first; `to` leaves only those for that address."""
        paths = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        messages = [_parse(path.read_bytes()) for path in paths]
        return [message for message in messages if to is None or to in message["X-Envelope-To"]]

    def wait_for(
        self, fits: Callable[[EmailMessage], bool], *, seconds_max: float = 10.0
    ) -> EmailMessage:
        """Return the first message that fits, once it is there.

        Raises:
            TimeoutError: it did not come in time.
        """
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            for message in self.list_messages():
                if fits(message):
                    return message
            time.sleep(0.05)
        raise TimeoutError(f"No such message within {seconds_max:.0f} s in {self.folder}.")

    def clear(self) -> None:
        """Delete all messages and notes."""
        for path in self.folder.iterdir():
            path.unlink()


def _parse(content: bytes) -> EmailMessage:
    return message_from_bytes(content.replace(b"\r\n", b"\n"), policy=policy.default)


class _Handler:
    """What aiosmtpd calls when a message has come in whole."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.content
        assert isinstance(content, bytes), "decode_data is off"
        is_new = self._mailbox.store(content, envelope.rcpt_tos)
        return "250 2.0.0 kept" if is_new else "250 2.0.0 kept before"


async def serve(mailbox: Mailbox, port: int) -> None:
    """Take in mail on a loopback port until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)

    def accept() -> SMTP:
        return SMTP(
            _Handler(mailbox),
            hostname="localhost",
            data_size_limit=MESSAGE_BYTES_MAX,
            enable_SMTPUTF8=True,
            loop=loop,
        )

    server = await loop.create_server(accept, "127.0.0.1", port)
    await stopping.wait()
    server.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the mail server."""
    parser = argparse.ArgumentParser(prog="python -m dev.mailbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args(arguments)
    asyncio.run(serve(Mailbox(options.folder), options.port))


if __name__ == "__main__":
    main()

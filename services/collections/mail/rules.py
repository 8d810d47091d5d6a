"""Mail: where it goes out, what a message looks like, and which refusals are final. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

DEFAULT_SERVER = "smtp://localhost:25"
DEFAULT_SENDER = "collections@steward.example"
_PORTS = {"smtp": 25, "smtps": 465}
_TRIPPED_OVER = (ValueError, IndexError, AttributeError, MessageError)  # by the library's parser
_ATOMS = re.compile(r"[\w !#$%&'*+/^`{|}~-]*", re.ASCII)  # RFC 5322, 3.2.3, but for what encodes
_LONGEST_NAME = "Subject"  # of the headers encoded here: their first lines have that much less room
_READABLE = Charset("utf-8")
_READABLE.body_encoding = QP


class RefusedForGood(Exception):
    """The recipient's side will never take this letter: an address that is none, or a 5xx answer."""


@dataclass(frozen=True, slots=True)
class Server:
    """The mail server that takes our letters."""

    host: str
    port: int
    is_encrypted: bool
    user: str
    password: str


def parse_server(uri: str) -> Server:
    """`smtp://user:password@host:port` or `smtps://...`; ValueError names what is wrong."""
    parts = urlsplit(uri)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("SMTP_URI is smtp://user:password@host:port, or smtps://... with TLS")
    return Server(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        is_encrypted=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def parse_sender(text: str) -> tuple[str, str]:
    """Name (may be empty) and address of `Name <address>` or of an address alone."""
    name, address = parseaddr(text)
    return _one_line(name), address


def check_address(text: str) -> str:
    """The e-mail address, if mail can be addressed to it; RefusedForGood otherwise."""
    try:
        address = Address(addr_spec=text)
    except _TRIPPED_OVER as error:
        raise RefusedForGood(f"{text!r} is no e-mail address.") from error
    if not address.username or not address.domain or not text.isprintable():
        raise RefusedForGood(f"{text!r} is no e-mail address.")
    return text


def write_message(
    *,
    message_id: str,
    sender: tuple[str, str],
    recipient: tuple[str, str],
    subject: str,
    text: str,
    pdf: bytes,
    filename: str,
    now: datetime,
) -> MIMEMultipart:
    """The message: text, and the same letter as PDF. Its id is made of `message_id`, so that a
    message that is sent once more is recognised. No text can break out of its header."""
    message = MIMEMultipart()
    message["From"] = _address(*sender)
    message["To"] = _address(*recipient)
    message["Subject"] = _subject(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@{sender[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    body = Message()
    body.set_payload(text, _READABLE)
    message.attach(body)
    letter = MIMEApplication(pdf, "pdf")
    letter.add_header("Content-Disposition", "attachment", filename=filename)
    message.attach(letter)
    return message


def is_final(code: int) -> bool:
    """Whether an SMTP answer is a permanent refusal (RFC 5321, 4.2.1)."""
    return 500 <= code < 600


def _address(name: str, address: str) -> str:
    # Never quoted: the library loses the quotes of a name that it breaks into lines, and what stood
    # between them becomes addresses. Encoded words (RFC 2047) need none.
    line = _one_line(name)
    phrase = line if _ATOMS.fullmatch(line) else _encode(line)
    return f"{phrase} <{check_address(address)}>" if phrase else check_address(address)


def _subject(text: str) -> str:
    line = _one_line(text)
    return line if line.isascii() and "=?" not in line else _encode(line)


def _encode(line: str) -> str:
    return Header(line, "utf-8", header_name=_LONGEST_NAME).encode(linesep="", maxlinelen=75)


def _one_line(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())

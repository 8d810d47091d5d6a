"""Mail: where it goes out, what a message looks like, and which refusals are final. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.charset import QP, Charset
from email.errors import MessageError
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.utils import format_datetime, getaddresses
from urllib.parse import unquote, urlsplit

from kernel.addresses import MailAddress, read_address

DEFAULT_SERVER = "smtp://localhost:25"
DEFAULT_SENDER = "collections@steward.example"
_PORTS = {"smtp": 25, "smtps": 465}
_ATOMS = re.compile(r"[\w !#$%&'*+/^`{|}~-]*", re.ASCII)  # RFC 5322, 3.2.3, but for what encodes
_LONGEST_NAME = "Subject"  # of the headers encoded here: their first lines have that much less room
_READABLE = Charset("utf-8")
_READABLE.body_encoding = QP
_ON_THE_WIRE = policy.compat32.clone(linesep="\r\n")


class RefusedForGood(Exception):
    """This letter will never be taken: its recipient has no address, or the answer was 5xx."""


@dataclass(frozen=True, slots=True)
class Server:
    """The mail server that takes our letters."""

    host: str
    port: int
    is_encrypted: bool
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom letters are from: a name, which may be empty, and an address as it is sent."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message with its envelope, as they go over the wire."""

    sender: str
    recipient: str
    needs_utf8: bool  # RFC 6531: the server must know SMTPUTF8
    content: bytes


def parse_server(uri: str) -> Server:
    """`smtp://user:password@host:port` or `smtps://...`; ValueError names what is wrong."""
    try:
        parts = urlsplit(uri)
        usual = _PORTS[parts.scheme]
        port = parts.port or usual
    except (ValueError, KeyError) as error:
        raise _no_server() from error
    if not parts.hostname:
        raise _no_server()
    return Server(
        host=parts.hostname,
        port=port,
        is_encrypted=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _no_server() -> ValueError:
    return ValueError("SMTP_URI is smtp://user:password@host:port, or smtps://... with TLS.")


def parse_sender(text: str) -> Sender:
    """`Name <address>` or an address alone; ValueError names what is wrong."""
    found = getaddresses([text])
    if len(found) != 1:
        raise _no_sender("It names several.")
    [(name, typed)] = found
    try:
        address = read_address(typed)
    except ValueError as error:
        raise _no_sender(str(error)) from error
    if address.needs_utf8:
        raise _no_sender("Before the @ it must be in ASCII: not every server could answer.")
    return Sender(_one_line(name), address.sent)


def mail_sender(name: str, address: str) -> Sender:
    """Whom a message is from; ValueError where the address is none."""
    return Sender(_one_line(name), read_address(address).sent)


def _no_sender(sentence: str) -> ValueError:
    return ValueError(f"STEWARD_MAIL_FROM is an address or Name <address>. {sentence}")


def write_mail(
    *,
    message_id: str,
    sender: Sender,
    recipient: tuple[str, str],
    subject: str,
    text: str,
    pdf: bytes,
    filename: str,
    now: datetime,
) -> Mail:
    """The letter as text, and as PDF beside it. Its id is made of `message_id`, so that a message that is
    sent once more is recognised. No text can break out of its header. RefusedForGood where the
    recipient's address is none."""
    to = _deliverable(recipient[1])
    message = MIMEMultipart()
    message["From"] = _mailbox(sender.name, sender.address)
    message["To"] = _mailbox(recipient[0], to.sent)
    message["Subject"] = _subject(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@{sender.address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    body = Message()
    body.set_payload(text, _READABLE)
    message.attach(body)
    letter = MIMEApplication(pdf, "pdf")
    letter.add_header("Content-Disposition", "attachment", filename=filename)
    message.attach(letter)
    return Mail(sender.address, to.sent, to.needs_utf8, _flatten(message))


def is_final(code: int) -> bool:
    """Whether an SMTP answer is a permanent refusal (RFC 5321, 4.2.1)."""
    return 500 <= code < 600


def _deliverable(typed: str) -> MailAddress:
    try:
        return read_address(typed)
    except ValueError as error:
        raise RefusedForGood(
            f"{typed!r} is no e-mail address; correct it on the account or its payer. {error}"
        ) from error


def _flatten(message: Message) -> bytes:
    try:
        return message.as_bytes(policy=_ON_THE_WIRE)
    except (ValueError, MessageError) as error:
        raise RefusedForGood(f"The letter cannot be written as a message: {error}.") from error


def _mailbox(name: str, address: str) -> str:
    # Never quoted: the library loses the quotes of a name that it breaks into lines, and what stood
    # between them becomes addresses. Encoded words (RFC 2047) need none.
    line = _one_line(name)
    phrase = line if _ATOMS.fullmatch(line) else _encode(line)
    if address.isascii():
        return f"{phrase} <{address}>" if phrase else address
    # RFC 6532: as it is, in UTF-8. The library neither encodes nor breaks what it takes for raw bytes.
    raw = "\r\n ".join([*phrase.split(), f"<{address}>"])
    return raw.encode().decode("ascii", "surrogateescape")


def _subject(text: str) -> str:
    line = _one_line(text)
    return line if line.isascii() and "=?" not in line else _encode(line)


def _encode(line: str) -> str:
    return Header(line, "utf-8", header_name=_LONGEST_NAME).encode(linesep="", maxlinelen=75)


def _one_line(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())

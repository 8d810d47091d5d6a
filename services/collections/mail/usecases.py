"""Handing a message to the mail server."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import Message

from services.collections.mail.rules import (
    DEFAULT_SENDER,
    DEFAULT_SERVER,
    RefusedForGood,
    Server,
    is_final,
    parse_sender,
    parse_server,
)

TIMEOUT_SECONDS = 10


def our_sender() -> tuple[str, str]:
    """Name and address we write from: STEWARD_MAIL_FROM, `Name <address>` or an address."""
    return parse_sender(os.environ.get("STEWARD_MAIL_FROM", DEFAULT_SENDER))


def send_message(message: Message) -> None:
    """Hand the message to the server that SMTP_URI names.

    RefusedForGood if this recipient or this letter will never be taken; anything else that goes
    wrong (no connection, a busy server, our own login) is raised as it is, to be tried again."""
    server = parse_server(os.environ.get("SMTP_URI", DEFAULT_SERVER))
    with _connect(server) as connection:
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            _raise_if_final(*next(iter(error.recipients.values())), error)
        except smtplib.SMTPDataError as error:
            _raise_if_final(error.smtp_code, error.smtp_error, error)


def _connect(server: Server) -> smtplib.SMTP:
    if server.is_encrypted:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host,
            server.port,
            timeout=TIMEOUT_SECONDS,
            context=ssl.create_default_context(),
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
    if server.user:
        connection.login(server.user, server.password)
    return connection


def _raise_if_final(code: int, answer: bytes | str, error: Exception) -> None:
    if not is_final(code):
        raise error
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    raise RefusedForGood(f"The mail server answered {code} {words}") from error

"""Handing a message to the mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from kernel.refusals import Unavailable
from stationery.mail.messages import Mail, RefusedForGood, Sender, Server, is_final
from stationery.mail.settings import mail_settings

TIMEOUT_SECONDS = 10


def our_sender() -> Sender:
    """Whom we write as."""
    return mail_settings().sender


def send_mail(mail: Mail) -> None:
    """Hand the message to our mail server.

    RefusedForGood if this recipient or this letter will never be taken. Unavailable if the server is
    away or busy (`mail_server_away`) or will not work for us (`mail_server_refuses_us`)."""
    try:
        with _connection(mail_settings().server) as connection:
            _hand_over(connection, mail)
    except OSError as error:  # as all errors of smtplib are
        raise _meaning(error) from error


@contextmanager
def _connection(server: Server) -> Iterator[smtplib.SMTP]:
    connection = _connect(server)
    try:
        yield connection
    finally:  # what was taken is taken, however the farewell goes
        with suppress(OSError):
            connection.quit()
        connection.close()


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


def _hand_over(connection: smtplib.SMTP, mail: Mail) -> None:
    options = []
    if mail.needs_utf8:
        connection.ehlo_or_helo_if_needed()
        if not connection.has_extn("smtputf8"):
            raise RefusedForGood(
                f"Our mail server cannot send to {mail.recipient}, which is not in ASCII before the @; "
                "ask the client for another address, or use a mail server that knows SMTPUTF8."
            )
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    connection.sendmail(mail.sender, [mail.recipient], mail.content, mail_options=options)


def _meaning(error: OSError) -> Exception:
    code, answer = _answer(error)
    about_the_letter = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    if is_final(code) and about_the_letter:
        return RefusedForGood(f"The mail server answered {code} {answer}")
    if is_final(code):
        return Unavailable(
            "mail_server_refuses_us",
            f"The mail server answered {code} {answer}; see to SMTP_URI and STEWARD_MAIL_FROM.",
        )
    return Unavailable(
        "mail_server_away", f"The mail server did not take the letter: {answer or repr(error)}."
    )


def _answer(error: OSError) -> tuple[int, str]:
    """What the server answered; 0 where it did not."""
    answer: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, answer = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return code, answer.decode(errors="replace") if isinstance(answer, bytes) else answer

"""E-mail addresses: one grammar (RFC 5321, 6531, IDNA 2008) for what is entered and where mail is sent.

People may write an address in any script. A domain is sent in its ASCII form; what stands before the @
has none, so that it arrives only where the mail servers know SMTPUTF8."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

ADDRESS_MAX = 254  # characters; RFC 5321, 4.5.3.1.3
LOCAL_MAX = 64  # octets before the @; RFC 5321, 4.5.3.1.1


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An address as it is sent, and whether that needs a mail server that knows SMTPUTF8."""

    sent: str
    needs_utf8: bool


def read_address(text: str) -> MailAddress:
    """The address that was typed; ValueError with a sentence for the one who typed it."""
    if len(text) > ADDRESS_MAX:
        raise _no_address(f"It must have {ADDRESS_MAX} characters at most.")
    try:
        found = validate_email(text, check_deliverability=False)
    except (EmailNotValidError, UnicodeError) as error:
        raise _no_address(str(error)) from error
    if len(found.local_part.encode()) > LOCAL_MAX:
        raise _no_address(f"It must have {LOCAL_MAX} octets at most before the @-sign.")
    return MailAddress(f"{found.local_part}@{found.ascii_domain}", found.smtputf8)


def _no_address(sentence: str) -> ValueError:
    return ValueError(f"{sentence} Give an e-mail address such as ann@example.com.")

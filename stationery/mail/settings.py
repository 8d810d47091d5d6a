"""Where letters go out and whom they are from: SMTP_URI (or SMTP_URI_FILE) and STEWARD_MAIL_FROM."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache

from kernel.environment import secret_of
from stationery.mail.messages import (
    DEFAULT_SENDER,
    DEFAULT_SERVER,
    Sender,
    Server,
    parse_sender,
    parse_server,
)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What the environment says of our mail."""

    server: Server
    sender: Sender


@cache
def mail_settings() -> MailSettings:
    """The settings, read once; ValueError names the one that is wrong."""
    return MailSettings(
        server=parse_server(secret_of(os.environ, "SMTP_URI") or DEFAULT_SERVER),
        sender=parse_sender(os.environ.get("STEWARD_MAIL_FROM") or DEFAULT_SENDER),
    )

"""How a notice goes out, and what may still be done with it. Pure."""

from __future__ import annotations

from datetime import datetime

from kernel.refusals import Conflict
from services.collections.procedures.rules import Channel
from services.collections.runs.rules import NoticeStatus


def choose_channel(
    level_channel: str, *, preferred_channel: str, email: str | None, is_email_refused: bool
) -> Channel:
    """E-mail or post: as the level says, else as the account likes it; by post wherever there is no
    e-mail address or the one there is was refused before."""
    wanted = preferred_channel if level_channel == Channel.PREFERRED else level_channel
    if wanted == Channel.POST or not email or is_email_refused:
        return Channel.POST
    return Channel.EMAIL


def require_printable(*, channel: str | None, status: str, printed_at: datetime | None) -> None:
    """Only a letter that was sent by post is printed, and once."""
    if channel != Channel.POST or status != NoticeStatus.SENT:
        raise Conflict("notice_not_by_post", "Only notices sent by post wait to be printed.")
    if printed_at is not None:
        raise Conflict("notice_printed", f"It was printed at {printed_at:%Y-%m-%d %H:%M} UTC.")


def require_written(subject: str | None) -> None:
    """There is a letter once the notice has been sent, or was tried to be."""
    if subject is None:
        raise Conflict(
            "letter_not_written", "The letter is written when the notice is sent; look again then."
        )

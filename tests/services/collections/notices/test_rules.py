"""Claims about how notices go out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kernel.refusals import Conflict
from services.collections.notices.rules import choose_channel, require_printable


@pytest.mark.parametrize(
    ("level", "preferred", "email", "is_refused", "channel"),
    [
        ("preferred", "email", "a@b.c", False, "email"),
        ("preferred", "post", "a@b.c", False, "post"),
        ("preferred", "phone", "a@b.c", False, "email"),  # a letter cannot be telephoned
        ("preferred", "email", None, False, "post"),
        ("preferred", "email", "a@b.c", True, "post"),
        ("email", "post", "a@b.c", False, "email"),
        ("email", "email", None, False, "post"),
        ("post", "email", "a@b.c", False, "post"),
    ],
)
def test_the_channel_is_the_levels_else_the_accounts_and_post_without_an_address(
    level: str, preferred: str, email: str | None, is_refused: bool, channel: str
) -> None:
    chosen = choose_channel(
        level, preferred_channel=preferred, email=email, is_email_refused=is_refused
    )

    assert chosen == channel


@pytest.mark.parametrize(
    ("channel", "status", "printed_at"),
    [
        ("email", "sent", None),
        ("post", "approved", None),
        ("post", "sent", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_only_letters_sent_by_post_are_printed_and_once(
    channel: str, status: str, printed_at: datetime | None
) -> None:
    with pytest.raises(Conflict):
        require_printable(channel=channel, status=status, printed_at=printed_at)

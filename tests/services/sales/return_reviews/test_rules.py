"""Which returns wait too long, and how that is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.sales.return_reviews import rules
from services.sales.return_settings.rules import DEFAULT

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("waits", "status", "days", "reason"),
    [
        ("goods", "in_transit", 10, None),
        ("goods", "in_transit", 11, "return_late"),
        ("goods", "authorised", 99, None),
        ("goods", "inspected", 99, None),
        ("inspection", "received", 3, None),
        ("inspection", "received", 4, "return_unanswered"),
        ("answer", "inspected", 4, "return_unanswered"),
        ("billing", "inspected", 4, "return_unanswered"),
        ("credit_by_hand", "inspected", 99, None),  # a person knows
        ("authorisation", "requested", 99, None),  # it expires
        (None, "credited", 99, None),
    ],
)
def test_what_is_on_its_way_or_here_for_too_long_is_late(
    waits: str | None, status: str, days: int, reason: str | None
) -> None:
    since = TODAY - timedelta(days=days)
    stood = {"status": status, "since": since, "today": TODAY}
    assert rules.why_late(waits, **stood, limits=DEFAULT) == reason


def test_it_is_said_in_words() -> None:
    named = {"number": "RT-1", "order_number": "SO-1", "since": TODAY}
    late = rules.say_late("return_late", waits="goods", **named)
    assert late == (
        "Return RT-1 of order SO-1 was sent on 2026-03-20 and has not arrived; ask where it is."
    )
    here = rules.say_late("return_unanswered", waits="answer", **named)
    assert "waits for answer since 2026-03-20" in here

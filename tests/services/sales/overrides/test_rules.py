"""Claims about how long an override holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kernel.refusals import Invalid
from services.sales.overrides.rules import DAYS_MAX, require_day

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "is_taken"), [(-1, False), (0, True), (DAYS_MAX, True), (91, False)]
)
def test_it_holds_today_at_least_and_not_for_ever(days: int, is_taken: bool) -> None:
    until = TODAY + timedelta(days=days)
    if is_taken:
        require_day(until, today=TODAY)
        return
    with pytest.raises(Invalid, match=str(TODAY)):
        require_day(until, today=TODAY)

"""Which days can still be written, and up to which a period can be closed."""

from __future__ import annotations

from datetime import date

import pytest

from kernel.refusals import Conflict, Invalid
from services.sales.stock_periods.rules import require_closable, require_open

TENTH, TODAY = date(2026, 3, 10), date(2026, 3, 18)


def test_a_day_after_the_closed_ones_is_open() -> None:
    require_open(TENTH, closed_to=None)
    require_open(date(2026, 3, 11), closed_to=TENTH)
    for day in (TENTH, date(2026, 1, 1)):
        with pytest.raises(Conflict) as refused:
            require_open(day, closed_to=TENTH)
        assert (refused.value.code, refused.value.facts["closed_to"]) == (
            "period_closed",
            "2026-03-10",
        )


@pytest.mark.parametrize(
    ("closed_to", "was", "code"),
    [
        (date(2026, 3, 17), None, None),
        (date(2026, 3, 17), TENTH, None),
        (TODAY, None, "period_open"),
        (date(2026, 3, 19), None, "period_open"),
        (TENTH, TENTH, "period_closed"),
        (date(2026, 3, 9), TENTH, "period_closed"),
    ],
)
def test_only_days_that_are_over_and_open_are_closed(
    closed_to: date, was: date | None, code: str | None
) -> None:
    if code is None:
        require_closable(closed_to, was=was, today=TODAY)
        return
    with pytest.raises((Conflict, Invalid)) as refused:
        require_closable(closed_to, was=was, today=TODAY)
    assert refused.value.code == code

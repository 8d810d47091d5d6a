"""Of which days sales are added up."""

from __future__ import annotations

from datetime import date

import pytest

from kernel.refusals import Invalid
from services.sales.sales_reports.rules import require_period

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)


@pytest.mark.parametrize(
    ("first", "last"), [(None, None), (DAY, None), (None, DAY), (DAY, DAY), (DAY, NEXT)]
)
def test_a_period_ends_on_the_day_it_begins_or_later(first: date | None, last: date | None) -> None:
    require_period(first, last)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid, match="give that day or a later one"):
        require_period(NEXT, DAY)

"""By when what is open is promised now, and how many promises were kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from kernel.refusals import Invalid, Refusal
from services.sales.promises.rules import Figures, find_moved, require_days, require_period

TODAY = date(2026, 3, 2)
LATER = date(2026, 3, 20)
OPEN = {"a": Decimal(5), "b": Decimal(0)}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ([("a", LATER)], None),
        ([("a", TODAY)], None),
        ([("a", date(2026, 3, 1))], "promised_in_past"),
        ([("a", date(2099, 1, 1))], "too_far_ahead"),
        ([("b", LATER)], "nothing_open"),
        ([("c", LATER)], "invalid_fields"),
        ([("a", LATER), ("a", LATER)], "invalid_fields"),
    ],
)
def test_what_is_open_is_promised_for_today_or_later(
    wanted: list[tuple[str, date]], code: str | None
) -> None:
    if code is None:
        assert require_days(wanted, open_lines=OPEN, today=TODAY) == dict(wanted)
        return
    with pytest.raises(Refusal) as refused:
        require_days(wanted, open_lines=OPEN, today=TODAY)
    assert refused.value.code == code


class Line(NamedTuple):
    line_id: str
    promised_on: date | None


def test_a_promise_moves_where_it_is_for_another_day() -> None:
    lines = [Line("a", LATER), Line("b", None), Line("c", TODAY), Line("d", LATER)]
    assert find_moved(lines, {"a": LATER, "b": LATER, "c": LATER}) == ["b", "c"]


@pytest.mark.parametrize(
    ("kept", "late", "waiting", "promised", "rate"),
    [
        (3, 1, 2, 6, "75.00"),
        (2, 1, 0, 3, "66.67"),
        (0, 0, 4, 4, None),
        (0, 2, 0, 2, "0.00"),
    ],
)
def test_the_rate_is_of_what_is_decided(
    kept: int, late: int, waiting: int, promised: int, rate: str | None
) -> None:
    figures = Figures(kept, late, waiting)
    assert (figures.promised, figures.rate) == (promised, rate and Decimal(rate))


def test_a_period_does_not_end_before_it_begins() -> None:
    require_period(TODAY, TODAY)
    with pytest.raises(Invalid):
        require_period(LATER, TODAY)

"""Claims about pauses of dunning: when one stands, which ones overlap, and how one ends early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.collections.holds.rules import (
    HoldAction,
    HoldStatus,
    hold_status,
    last_day_when_lifted,
    move_hold,
    require_no_overlap,
    require_period,
)

TODAY = date(2026, 3, 2)
DAYS = st.integers(-20, 20)


def _day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@dataclass(frozen=True)
class _Hold:
    item_id: str | None
    from_on: date
    last_on: date
    hold_id: str = "hld_1"


@pytest.mark.parametrize(
    ("first", "last", "code", "field"),
    [
        (0, 0, None, None),
        (0, 30, None, None),
        (5, 5, None, None),
        (-1, 5, "hold_in_the_past", "from_on"),
        (3, 2, "hold_ends_before_it_begins", "until_on"),
    ],
)
def test_a_hold_begins_today_or_later_and_ends_then_or_later(
    first: int, last: int, code: str | None, field: str | None
) -> None:
    if code is None:
        require_period(from_on=_day(first), until_on=_day(last), today=TODAY)
        return
    with pytest.raises(Invalid) as refused:
        require_period(from_on=_day(first), until_on=_day(last), today=TODAY)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)


def test_a_hold_ends_before_everybody_has_forgotten_it() -> None:
    latest = date(2076, 3, 2)
    require_period(from_on=TODAY, until_on=latest, today=TODAY)
    with pytest.raises(Invalid) as refused:
        require_period(from_on=TODAY, until_on=latest + timedelta(days=1), today=TODAY)
    assert refused.value.errors[0]["field"] == "until_on"


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        (0, 0, HoldStatus.STANDING),
        (-5, 5, HoldStatus.STANDING),
        (-5, 0, HoldStatus.STANDING),
        (1, 5, HoldStatus.COMING),
        (1, 1, HoldStatus.COMING),
        (-5, -1, HoldStatus.OVER),
        (5, 4, HoldStatus.OVER),  # lifted before it began
        (0, -1, HoldStatus.OVER),  # lifted on its first day
    ],
)
def test_where_a_hold_stands_follows_from_its_days(
    first: int, last: int, status: HoldStatus
) -> None:
    assert hold_status(from_on=_day(first), last_on=_day(last), today=TODAY) == status


@pytest.mark.parametrize(("status", "action"), list(product(HoldStatus, HoldAction)))
def test_a_hold_that_is_not_over_can_be_lifted(status: HoldStatus, action: HoldAction) -> None:
    if status is not HoldStatus.OVER:
        assert move_hold(status, action) == HoldStatus.OVER
        return
    with pytest.raises(Conflict, match="over") as refused:
        move_hold(status, action)
    assert (refused.value.code, refused.value.facts) == ("hold_is_over", {"state": "over"})


@given(first=DAYS, length=st.integers(0, 20))
def test_a_hold_that_is_lifted_is_over_and_has_paused_what_is_past(first: int, length: int) -> None:
    from_on, last_on = _day(first), _day(first + length)
    if hold_status(from_on=from_on, last_on=last_on, today=TODAY) == HoldStatus.OVER:
        with pytest.raises(Conflict):
            last_day_when_lifted(from_on=from_on, last_on=last_on, today=TODAY)
        return
    lifted = last_day_when_lifted(from_on=from_on, last_on=last_on, today=TODAY)

    assert lifted == max(from_on, TODAY) - timedelta(days=1)
    assert hold_status(from_on=from_on, last_on=lifted, today=TODAY) == HoldStatus.OVER


@pytest.mark.parametrize(
    ("first", "last", "is_refused"),
    [(0, 1, False), (0, 2, True), (3, 4, True), (5, 9, True), (6, 9, False), (0, 9, True)],
)
@pytest.mark.parametrize(
    ("held", "wanted", "is_same"),
    [(None, None, True), (None, "a", True), ("a", None, True), ("a", "a", True), ("a", "b", False)],
)
def test_a_day_of_an_item_is_paused_once(
    first: int, last: int, is_refused: bool, held: str | None, wanted: str | None, is_same: bool
) -> None:
    def place() -> None:
        require_no_overlap(
            [_Hold(held, _day(2), _day(5))],
            item_id=wanted,
            from_on=_day(first),
            until_on=_day(last),
        )

    if not (is_refused and is_same):
        place()
        return
    with pytest.raises(Conflict, match="Hold hld_1 pauses it from 2026-03-04 to 2026-03-07") as no:
        place()
    assert (no.value.code, no.value.facts) == ("hold_overlaps", {"hold_id": "hld_1"})


def test_a_hold_that_was_lifted_before_it_began_is_in_nobodys_way() -> None:
    lifted = _Hold(None, _day(5), _day(4))

    require_no_overlap([lifted], item_id=None, from_on=_day(0), until_on=_day(9))

"""Hours are stretches of the week that end after they begin, and do not overlap."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.refusals import Invalid
from services.accounts.hours.rules import read_week


def open_(weekday: int, opens: str, closes: str) -> dict[str, Any]:
    return {"weekday": weekday, "opens": opens, "closes": closes}


MORNING, AFTERNOON = open_(1, "08:00", "12:00"), open_(1, "13:00", "00:00")


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ([open_(1, "09:00", "09:00")], "closes_before_it_opens"),
        ([open_(1, "17:00", "09:00")], "closes_before_it_opens"),
        ([MORNING, open_(1, "11:59", "13:00")], "hours_overlap"),
        ([AFTERNOON, open_(1, "23:00", "00:00")], "hours_overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused(hours: list[dict[str, Any]], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_week(hours)
    assert refused.value.code == code
    assert refused.value.errors[0]["field"] == "opening_hours"


def test_stretches_may_meet_and_days_may_be_alike() -> None:
    week = [MORNING, open_(1, "12:00", "13:00"), AFTERNOON, open_(2, "00:00", "00:00")]
    assert read_week(week) == week

"""Which hours a client may have: stretches of the week that end after they begin, and do not overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from kernel.refusals import Invalid

MIDNIGHT, END_OF_DAY = "00:00", "24:00"
Stretch = Mapping[str, Any]


def read_week(hours: Sequence[Stretch]) -> list[Stretch]:
    """The stretches in their order from Monday on, each with `weekday` (1 is Monday), `opens` and
    `closes` as 09:00; 00:00 as the end is the end of the day. Refuses what ends before it begins
    (`closes_before_it_opens`) and what overlaps (`hours_overlap`)."""
    week = sorted(hours, key=lambda one: (one["weekday"], one["opens"]))
    for one in week:
        if _end(one) <= one["opens"]:
            raise Invalid(
                "closes_before_it_opens",
                f"On weekday {one['weekday']} they open at {one['opens']} and close at {one['closes']}; "
                "name a later end, or 00:00 for the end of the day.",
                field="opening_hours",
            )
    for one, following in pairwise(week):
        if one["weekday"] == following["weekday"] and following["opens"] < _end(one):
            raise Invalid(
                "hours_overlap",
                f"On weekday {one['weekday']} they open at {following['opens']} and have not closed by "
                f"then ({one['closes']}); make one stretch of the two, or part them.",
                field="opening_hours",
            )
    return week


def _end(stretch: Stretch) -> str:
    return END_OF_DAY if stretch["closes"] == MIDNIGHT else str(stretch["closes"])

"""Tests of entering rows: each refusal is noted by its row, and the clock only goes forward."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from ops.client import Refused, Unreachable
from ops.replay.hand import Hand
from ops.replay.rows import BrokenRow

DAY = date(2023, 9, 8)
AFTER = datetime(2023, 9, 9, tzinfo=UTC)


@dataclass
class System:
    """A system that answers as it is told, and remembers what it was asked for."""

    clock: datetime | Refused | None = None
    moved_to: datetime | None = None
    keys: list[str] = field(default_factory=list)

    def read_clock(self) -> datetime | None:
        if isinstance(self.clock, Refused):
            raise self.clock
        return self.clock

    def move_clock(self, now: datetime) -> None:
        self.moved_to = now

    def post(self, path: str, body: Any, *, key: str) -> None:
        self.keys.append(key)


@dataclass
class Numbered:
    line: int


def hand_of(system: System) -> Hand:
    return Hand(system, file="some.csv", console=Console(file=StringIO()))  # type: ignore[arg-type]


def refused(status: int) -> Refused:
    return Refused("GET /v1/clock", status, {"detail": "No."})


@pytest.mark.parametrize(
    ("clock", "stands", "moved_to"),
    [
        (None, AFTER, AFTER),
        (datetime(2012, 1, 1, tzinfo=UTC), AFTER, AFTER),
        (AFTER, AFTER, None),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), None),
    ],
)
def test_a_manual_clock_is_moved_after_the_last_day_and_never_back(
    clock: datetime | None, stands: datetime, moved_to: datetime | None
) -> None:
    system = System(clock)
    assert hand_of(system).stand_after(DAY) == stands
    assert system.moved_to == moved_to


def test_a_clock_that_cannot_be_moved_is_where_it_is() -> None:
    before = datetime.now(UTC)
    assert hand_of(System(refused(404))).stand_after(DAY) >= before


def test_who_may_not_move_the_clock_is_told() -> None:
    with pytest.raises(Refused):
        hand_of(System(refused(403))).stand_after(DAY)


def test_a_refused_row_is_noted_and_stops_no_other() -> None:
    hand, entered = hand_of(System()), []

    def enter(one: Numbered) -> None:
        if one.line == 2:
            raise Refused("POST /v1/cases", 422, {"detail": "subject: Too long."})
        if one.line == 3:
            raise BrokenRow("Company 'Acme' is not there")
        entered.append(one.line)

    hand.each("case", enter, [Numbered(line) for line in (2, 3, 4, 5)])
    assert sorted(entered) == [4, 5]
    assert sorted(map(str, hand.refused)) == [
        "some.csv line 2: case: subject: Too long.",
        "some.csv line 3: case: Company 'Acme' is not there.",
    ]


def test_what_is_no_refusal_ends_it() -> None:
    def enter(_: Numbered) -> None:
        raise Unreachable("Nobody answers.")

    with pytest.raises(Unreachable):
        hand_of(System()).each("case", enter, [Numbered(2)])


def test_the_same_request_has_the_same_key_and_another_another() -> None:
    system = System()
    hand = hand_of(system)
    for body in ({"a": 1}, {"a": 1}, {"a": 2}):
        hand.post("/v1/cases", body)
    first, again, other = system.keys
    assert first == again != other

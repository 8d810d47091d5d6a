"""By when what is open is promised now, and how many promises were kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from kernel.calendar import require_foreseeable
from kernel.refusals import Conflict, Invalid


class PromiseState(StrEnum):
    """What became of what a line was promised by."""

    KEPT = "kept"
    LATE = "late"
    WAITING = "waiting"


class Promised(Protocol):
    """A line of an order, as far as its promise goes."""

    @property
    def line_id(self) -> str: ...
    @property
    def promised_on(self) -> date | None: ...


def require_days(
    wanted: Sequence[tuple[str, date]], *, open_lines: Mapping[str, Decimal], today: date
) -> dict[str, date]:
    """The new days by line id. Refused: a line that is not of the order or named twice
    (`invalid_fields`), one of which nothing is open (`nothing_open`), a day that is over
    (`promised_in_past`) or too far ahead."""
    chosen: dict[str, date] = {}
    for index, (line_id, day) in enumerate(wanted):
        if line_id not in open_lines or line_id in chosen:
            problem = "is named twice" if line_id in chosen else "is not a line of this order"
            detail = f"{line_id} {problem}."
            raise Invalid.fields([{"field": f"lines/{index}/line_id", "detail": detail}])
        if not open_lines[line_id]:
            raise Conflict(
                "nothing_open",
                f"Of line {line_id} nothing is left to be sent; promise other lines.",
                field=f"lines/{index}/line_id",
            )
        require_promise(day, today=today, field=f"lines/{index}/promised_on")
        chosen[line_id] = day
    return chosen


def require_promise(day: date, *, today: date, field: str) -> None:
    """A promise is for today or a day to come."""
    if day < today:
        raise Invalid(
            "promised_in_past", f"{day} is over; promise {today} or a later day.", field=field
        )
    require_foreseeable(day, today=today, field=field)


def find_moved(lines: Iterable[Promised], days: Mapping[str, date]) -> list[str]:
    """The lines whose promise these days are not already, by their ids."""
    return [
        line.line_id
        for line in lines
        if line.line_id in days and days[line.line_id] != line.promised_on
    ]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many lines were promised for days of a period, and how many of those were kept, late, or are
    waited for yet."""

    kept: int
    late: int
    waiting: int

    @property
    def promised(self) -> int:
        return self.kept + self.late + self.waiting

    @property
    def rate(self) -> Decimal | None:
        """Of what is decided, so many percent were kept; none where nothing is decided."""
        decided = self.kept + self.late
        if not decided:
            return None
        return (Decimal(100) * self.kept / decided).quantize(Decimal("0.01"))


def require_period(first: date, last: date) -> None:
    """A period ends on the day it begins or later; Invalid otherwise."""
    if last < first:
        raise Invalid(
            "invalid_period",
            f"promised_to {last} is before promised_from {first}; give that day or a later one.",
            field="promised_to",
        )

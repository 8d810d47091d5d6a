"""What is charged for which day, what of it falls due, and what changes mean for what is recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from kernel.calendar import add_days
from kernel.money import round_half_up
from services.billing.service_periods.rules import Period, Rhythm


class Timing(StrEnum):
    """When a period falls due."""

    ADVANCE = "advance"  # on its first day
    ARREARS = "arrears"  # on the day after its last


class Price(NamedTuple):
    """What a whole period costs: so many at the price of one, in minor units, net."""

    unit_price: int
    quantity: Decimal

    @property
    def amount(self) -> int:
        return round_half_up(self.quantity * self.unit_price)[0]


class Rest(NamedTuple):
    """Days on which it is not billed; open where they have no last."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Course:
    """What a charge costs from which day on, and when it rests or is over."""

    start_on: date
    end_on: date | None
    prices: tuple[tuple[date, Price], ...]
    rests: tuple[Rest, ...] = ()

    def agreed_on(self, day: date) -> Price:
        """The price that was agreed from the latest day up to this one, or is at first."""
        known = [price for from_on, price in self.prices if from_on <= day]
        return known[-1] if known else self.prices[0][1]

    def price_on(self, day: date) -> Price | None:
        """What is billed for a day; None where nothing is."""
        if day < self.start_on or (self.end_on is not None and day > self.end_on):
            return None
        if any(
            rest.first <= day and (rest.last is None or day <= rest.last) for rest in self.rests
        ):
            return None
        return self.agreed_on(day)

    @property
    def turns(self) -> Iterator[date]:
        """The days from which on it may cost something else than before."""
        yield from (from_on for from_on, _ in self.prices)
        for first, last in [*self.rests, Rest(self.start_on, self.end_on)]:
            yield first
            if last is not None:
                yield add_days(last, 1)


class Part(NamedTuple):
    """Days of a period that are billed at a price so many `times`: once, or -1 where they are taken
    back."""

    first: date
    last: date
    price: Price
    times: int = 1

    def line(self, period: Period) -> tuple[Decimal, int] | None:
        """Quantity and unit price of what bills it: as agreed for a whole period, else once what
        falls on its days. None where that is nothing."""
        amount = period.part(self.price.amount, self.first, self.last)
        if not amount:
            return None
        if (self.first, self.last) == period:
            return self.price.quantity * self.times, self.price.unit_price
        return Decimal(self.times), amount


class Recorded(NamedTuple):
    """A part that is `pending`, or, with `is_billed`, that was billed, whole or not."""

    billable_id: str
    part: Part
    is_billed: bool
    pending: Decimal


class Stretch(NamedTuple):
    """Days of a period that fall due together."""

    period: Period
    first: date
    last: date
    bill_on: date


class Revision(NamedTuple):
    """What a change means for a stretch that is recorded."""

    stretch: Stretch
    cancelled: dict[str, Decimal]
    added: list[Part]


def find_missing(
    course: Course, first: date, last: date, standing: Iterable[Part] = ()
) -> list[Part]:
    """What is to be billed for these days, or taken back, so that with what stands each day costs what it
    should. What is taken back comes first of those that begin on a day."""
    standing = list(standing)
    turns = {first, *course.turns}
    turns |= {day for part in standing for day in (part.first, add_days(part.last, 1))}
    days = [*sorted(day for day in turns if first <= day <= last), add_days(last, 1)]
    open_parts: dict[tuple[Price, int], Part] = {}
    closed: list[Part] = []
    for day, following in pairwise(days):
        wanted = _wanted(course, day, standing)
        closed += [open_parts.pop(key) for key in [*open_parts] if key not in wanted]
        for price, times in wanted:
            begun = open_parts.get((price, times))
            begins = begun.first if begun else day
            open_parts[price, times] = Part(begins, add_days(following, -1), price, times)
    return sorted([*closed, *open_parts.values()], key=lambda part: (part.first, part.times))


def _wanted(course: Course, day: date, standing: Iterable[Part]) -> list[tuple[Price, int]]:
    counts: Counter[Price] = Counter()
    price = course.price_on(day)
    if price is not None:
        counts[price] += 1
    for part in standing:
        if part.first <= day <= part.last:
            counts[part.price] -= part.times
    return [(price, count) for price, count in counts.items() if count]


def stretches(
    course: Course, rhythm: Rhythm, timing: str, *, recorded_until: date
) -> Iterator[Stretch]:
    """What falls due, one period after the other, of what is not recorded; without end, where it has
    none."""
    first = add_days(recorded_until, 1)
    while course.end_on is None or first <= course.end_on:
        period = rhythm.period_of(first)
        last = min(period.last, course.end_on or period.last)
        yield Stretch(period, first, last, _due_on(timing, first, last))
        first = add_days(last, 1)


def revise(
    course: Course,
    rhythm: Rhythm,
    timing: str,
    recorded: Sequence[Recorded],
    *,
    since: date,
    recorded_until: date,
    today: date,
) -> Iterator[Revision]:
    """What becomes of what is recorded of the periods from that with the day `since` on. Where it is not
    as it should be, what waits to be billed is cancelled and made anew; what was billed is repaired
    today."""
    first = max(since, course.start_on)
    while first <= recorded_until:
        period = rhythm.period_of(first)
        days = max(period.first, course.start_on), min(period.last, recorded_until)
        own = [each for each in recorded if days[0] <= each.part.first <= days[1]]
        if _missing_amounts(course, period, days, [each.part for each in own]):
            billed = [each.part for each in own if each.is_billed]
            yield Revision(
                Stretch(period, *days, today if billed else _due_on(timing, *days)),
                {each.billable_id: each.pending for each in own if not each.is_billed},
                find_missing(course, *days, billed),
            )
        first = add_days(period.last, 1)


def _due_on(timing: str, first: date, last: date) -> date:
    return first if timing == Timing.ADVANCE else add_days(last, 1)


def _missing_amounts(
    course: Course, period: Period, days: tuple[date, date], standing: Iterable[Part]
) -> bool:
    return any(part.line(period) for part in find_missing(course, *days, standing))

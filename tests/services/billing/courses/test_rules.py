"""What a charge costs on which day, what falls due, and what changes mean for what is recorded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendar import each_day
from kernel.money import round_half_up
from services.billing.courses import rules
from services.billing.courses.rules import (
    Course,
    Part,
    Price,
    Recorded,
    Rest,
    Timing,
)
from services.billing.service_periods.rules import Anchor, Rhythm, Unit

ONE = Decimal(1)
MONTHLY = Rhythm(date(2026, 1, 1), 1, Unit.MONTH, Anchor.CALENDAR)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def course(start: str, *prices: tuple[str, int], end: str | None = None, rests=()) -> Course:
    return Course(
        day(start),
        day(end) if end else None,
        tuple((day(from_on), Price(amount, ONE)) for from_on, amount in prices),
        tuple(Rest(day(first), day(last) if last else None) for first, last in rests),
    )


def lines(parts, rhythm=MONTHLY) -> list[tuple[str, str, int]]:
    """The days of parts, and what bills each comes to."""
    found = []
    for part in parts:
        quantity, unit_price = part.line(rhythm.period_of(part.first))
        amount = round_half_up(quantity * unit_price)[0]
        found.append((f"{part.first:%m-%d}", f"{part.last:%m-%d}", amount))
    return found


@pytest.mark.parametrize(
    ("charge", "first", "last", "billed"),
    [
        (course("01-01", ("01-01", 29900)), "03-01", "03-31", [("03-01", "03-31", 29900)]),
        (course("03-12", ("03-12", 29900)), "03-12", "03-31", [("03-12", "03-31", 19290)]),
        (
            course("01-01", ("01-01", 29900), ("03-12", 39900)),
            "03-01",
            "03-31",
            [("03-01", "03-11", 10610), ("03-12", "03-31", 25742)],
        ),
        (
            course("01-01", ("01-01", 19999), rests=[("09-11", "09-19")]),
            "09-01",
            "09-30",
            [("09-01", "09-10", 6666), ("09-20", "09-30", 7333)],
        ),
        (
            course("01-01", ("01-01", 19999), rests=[("09-11", "10-02")]),
            "10-01",
            "10-31",
            [("10-03", "10-31", 18709)],
        ),
        (course("01-01", ("01-01", 19999), rests=[("09-11", None)]), "10-01", "10-31", []),
        (
            course("01-01", ("01-01", 3100), end="03-10"),
            "03-01",
            "03-31",
            [("03-01", "03-10", 1000)],
        ),
    ],
)
def test_each_day_costs_what_is_agreed_for_it(charge, first, last, billed):
    assert lines(rules.find_missing(charge, day(first), day(last))) == billed


MARCH = Part(day("03-01"), day("03-31"), Price(29900, ONE))
SEPTEMBER = Part(day("09-01"), day("09-30"), Price(19999, ONE))


@pytest.mark.parametrize(
    ("charge", "part", "repairs"),
    [
        (
            course("01-01", ("01-01", 29900), ("03-12", 39900)),
            MARCH,
            [("03-12", "03-31", -19290), ("03-12", "03-31", 25742)],
        ),
        (
            course("01-01", ("01-01", 19999), rests=[("09-11", "09-19")]),
            SEPTEMBER,
            [("09-11", "09-19", -6000)],
        ),
        (
            course("01-01", ("01-01", 19999), rests=[("09-11", "10-02")]),
            SEPTEMBER,
            [("09-11", "09-30", -13333)],
        ),
        (course("01-01", ("01-01", 19999), end="08-31"), SEPTEMBER, [("09-01", "09-30", -19999)]),
        (course("01-01", ("01-01", 19999), ("10-01", 1)), SEPTEMBER, []),
    ],
)
def test_what_changed_of_what_was_billed_is_repaired(charge, part, repairs):
    assert lines(rules.find_missing(charge, part.first, part.last, [part])) == repairs


def revised(charge: Course, *recorded: Recorded, until: str):
    found = rules.revise(
        charge,
        MONTHLY,
        Timing.ADVANCE,
        recorded,
        since=day("03-12"),
        recorded_until=day(until),
        today=day("03-12"),
    )
    return [([*each.cancelled], lines(each.added)) for each in found]


CHANGED = course("01-01", ("01-01", 29900), ("03-12", 39900))


def test_what_waits_is_cancelled_and_made_anew():
    assert revised(CHANGED, Recorded("march", MARCH, False, ONE), until="03-31") == [
        (["march"], [("03-01", "03-11", 10610), ("03-12", "03-31", 25742)])
    ]


def test_what_waits_of_a_repair_is_made_anew_as_well():
    blocked = Part(day("03-12"), day("03-31"), MARCH.price, -1)
    freed = course("01-01", ("01-01", 29900), rests=[("03-12", "03-21")])
    recorded = [Recorded("march", MARCH, True, 0 * ONE), Recorded("repair", blocked, False, -ONE)]
    assert revised(freed, *recorded, until="03-31") == [(["repair"], [("03-12", "03-21", -9645)])]


def test_what_is_as_it_should_be_stays():
    later = course("01-01", ("01-01", 29900), ("04-01", 39900))
    assert revised(later, Recorded("march", MARCH, False, ONE), until="03-31") == []


@pytest.mark.parametrize(
    ("timing", "end", "due"),
    [
        (Timing.ADVANCE, None, ["03-12 03-31 03-12", "04-01 04-30 04-01", "05-01 05-31 05-01"]),
        (Timing.ARREARS, None, ["03-12 03-31 04-01", "04-01 04-30 05-01", "05-01 05-31 06-01"]),
        (Timing.ADVANCE, "04-10", ["03-12 03-31 03-12", "04-01 04-10 04-01"]),
        (Timing.ARREARS, "04-10", ["03-12 03-31 04-01", "04-01 04-10 04-11"]),
        (Timing.ARREARS, "03-11", []),
    ],
)
def test_a_period_falls_due_on_its_first_day_or_on_the_day_after_its_last(timing, end, due):
    charge = course("03-12", ("03-12", 29900), end=end)
    found = rules.stretches(charge, MONTHLY, timing, recorded_until=day("03-11"))
    assert [
        f"{each.first:%m-%d} {each.last:%m-%d} {each.bill_on:%m-%d}" for each in islice(found, 3)
    ] == due


@dataclass
class Life:
    """A charge that is recorded as its days come, changed and billed, and what of it was recorded."""

    rhythm: Rhythm
    timing: Timing
    course: Course
    today: date
    recorded_until: date
    recorded: dict[str, Recorded] = field(default_factory=dict)
    count: int = 0

    def add(self, part: Part) -> None:
        if part.line(self.rhythm.period_of(part.first)) is not None:
            self.count += 1
            self.recorded[str(self.count)] = Recorded(str(self.count), part, False, ONE)

    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        found = rules.stretches(
            self.course, self.rhythm, self.timing, recorded_until=self.recorded_until
        )
        for stretch in found:
            if stretch.bill_on > self.today:
                break
            for part in rules.find_missing(self.course, stretch.first, stretch.last):
                self.add(part)
            self.recorded_until = stretch.last

    def bill(self, which: int) -> None:
        for number, (key, each) in enumerate(self.recorded.items()):
            if number % which == 0:
                self.recorded[key] = each._replace(is_billed=True)

    def void(self, which: int) -> None:
        """What was billed is to be billed again."""
        for number, (key, each) in enumerate(self.recorded.items()):
            if number % which == 0:
                self.recorded[key] = each._replace(is_billed=False)

    def become(self, since: date, **facts: object) -> None:
        self.course = replace(self.course, **facts)
        known = [*self.recorded.values()]
        for revision in rules.revise(
            self.course,
            self.rhythm,
            self.timing,
            known,
            since=since,
            recorded_until=self.recorded_until,
            today=self.today,
        ):
            for key in revision.cancelled:
                assert not self.recorded.pop(key).is_billed, "what was billed stays"
            for part in revision.added:
                self.add(part)

    def change(self, from_on: date, price: int, quantity: int) -> None:
        prices = {**dict(self.course.prices), from_on: Price(price, Decimal(quantity) / 4)}
        self.become(from_on, prices=tuple(sorted(prices.items())))

    def rest(self, first: date, days: int | None) -> None:
        last = None if days is None else first + timedelta(days=days)
        self.become(first, rests=(*self.course.rests, Rest(first, last)))

    def free(self, first: date) -> None:
        """What rests without end runs again from a day on."""
        self.become(
            self.course.start_on,
            rests=tuple(
                rest if rest.last else Rest(rest.first, max(rest.first, first))
                for rest in self.course.rests
            ),
        )

    def end(self, on: date) -> None:
        self.become(min(on, self.course.end_on or on) + timedelta(days=1), end_on=on)

    def billed(self) -> int:
        parts = [each.part for each in self.recorded.values()]
        return sum(amount for *_, amount in lines(parts, self.rhythm))

    def counts(self) -> set[int]:
        """How many times single days are billed at one price, with what was taken back."""
        counts: Counter[tuple[date, Price]] = Counter()
        for each in self.recorded.values():
            for one in each_day(each.part.first, each.part.last):
                counts[one, each.part.price] += each.part.times
        return set(counts.values())

    def should_be(self) -> int:
        """Day by day, what falls on it of what its period costs at that day's price."""
        total = 0
        for each in each_day(self.course.start_on, self.recorded_until):
            price = self.course.price_on(each)
            if price is not None:
                total += self.rhythm.period_of(each).part(price.amount, each, each)
        return total


START = date(2026, 1, 31)
NEAR = st.integers(0, 80)
PRICES = (st.integers(0, 50000), st.integers(1, 12))
ACTS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("bill"), st.integers(1, 3)),
    st.tuples(st.just("void"), st.integers(1, 3)),
    st.tuples(st.just("change"), NEAR, *PRICES),
    st.tuples(st.just("rest"), NEAR, st.none() | st.integers(0, 40)),
    st.tuples(st.just("free"), NEAR),
    st.tuples(st.just("end"), st.integers(-1, 100)),
)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Rhythm, st.just(START), st.integers(1, 3), st.sampled_from(Unit), st.sampled_from(Anchor)
    ),
    st.sampled_from(Timing),
    st.lists(ACTS, max_size=10),
)
def test_whatever_is_changed_when_what_is_billed_is_the_sum_of_its_days(rhythm, timing, acts):
    price = Price(29900, ONE)
    before = START - timedelta(days=1)
    life = Life(rhythm, timing, Course(START, None, ((START, price),)), START, before)
    for name, *values in acts:
        if name in {"change", "rest", "free", "end"}:
            values = [START + timedelta(days=values[0]), *values[1:]]
        getattr(life, name)(*values)
        life.wait(0)
        assert life.billed() == life.should_be(), (name, values)
    assert life.counts() <= {0, 1}

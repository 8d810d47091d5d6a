"""What is on hand on a day, as known at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.sales.stock import queries
from services.sales.stock_periods.usecases import close_period
from tests.services.sales.store import NOW, TODAY, Store

pytestmark = pytest.mark.server


def march(day: int) -> date:
    return date(2026, 3, day)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def on_the_page(store: Store) -> str:
    """+20 and -3 on 1 March, -4 on 12 March (two boxes), planned -5 for 25 March, planned +8 dated 5
    March and never done."""
    tea = store.offer(unit="piece", pack_size=Decimal(2))
    store.plan(tea, "8", moved_on=march(5), now=at(1))
    for quantity, day in (("20", 1), ("-3", 1), ("-4", 12)):
        store.move(tea, quantity, moved_on=march(day), today=march(day), now=at(day))
    store.plan(tea, "-5", moved_on=march(25), now=at(12))
    return tea


ON_THE_PAGE = {date(2026, 2, 28): 0, march(1): 17, march(15): 13, march(25): 8}


@pytest.mark.parametrize("is_closed", [False, True])
def test_on_hand_is_what_was_done_and_in_days_to_come_what_is_planned(
    session: Session, store: Store, is_closed: bool
) -> None:
    tea = on_the_page(store)
    if is_closed:
        close_period(session, closed_to=march(10), today=TODAY, now=NOW, by="kim")
    assert {day: store.on_hand(tea, day) for day in ON_THE_PAGE} == ON_THE_PAGE
    assert store.on_hand(tea, march(24)) == 13
    assert store.on_hand(tea, march(25), today=None) == 13, "nothing planned where nobody asks"


def test_nothing_is_dated_back_into_a_closed_period(session: Session, store: Store) -> None:
    tea = on_the_page(store)
    close_period(session, closed_to=march(10), today=TODAY, now=NOW, by="kim")
    with pytest.raises(Conflict) as refused:
        store.move(tea, "1", moved_on=march(10))
    assert (refused.value.code, refused.value.facts["closed_to"]) == ("period_closed", "2026-03-10")
    store.move(tea, "1", moved_on=march(11))
    assert [store.on_hand(tea, march(day)) for day in (10, 11, 25)] == [17, 18, 9]


def test_what_was_known_at_a_moment_stays_known(store: Store) -> None:
    tea = on_the_page(store)
    store.move(tea, "-6", moved_on=march(2), today=march(17), now=at(17))  # entered late
    known = [store.on_hand(tea, march(2), known_at=moment) for moment in (at(2), at(16), at(17))]
    assert known == [17, 17, 11]
    planned = {"known_at": at(3), "today": march(3)}
    assert store.on_hand(tea, march(5), **planned) == 25, "on 3 March 8 were to come"
    assert store.on_hand(tea, march(5), known_at=at(5), today=march(6)) == 17


def test_a_plan_counts_until_it_is_done_or_given_up(store: Store) -> None:
    tea = store.offer()
    come, gone = (store.plan(tea, "8", moved_on=march(25), now=at(1)) for _ in range(2))
    store.finish(come.key, now=at(18, 10))
    store.cancel(gone.key)  # at 9
    before, between = at(18, 8), at(18, 9)
    assert store.on_hand(tea, march(25), known_at=before) == 16
    assert store.on_hand(tea, march(25), known_at=between) == 8
    assert store.on_hand(tea, march(25)) == 8
    assert store.on_hand(tea, march(18)) == 8


def test_what_is_on_hand_is_told_for_all_products_or_some(session: Session, store: Store) -> None:
    tea, cup = store.offer(), store.offer()
    store.move(tea, "5", unit_cost=300)
    store.move(cup, "7")
    found = queries.read_on_hand(session, as_of=TODAY, known_at=None)
    assert (found[tea], found[cup]) == (5, 7)
    assert queries.read_on_hand(session, as_of=TODAY, known_at=None, product_ids=[cup]) == {cup: 7}
    assert queries.read_costs(session, product_ids=[tea, cup]) == {tea: (Decimal(300), "EUR")}


class Line(NamedTuple):
    """A move of the list beside the moves: its day when done, that it is planned for, and the moments."""

    amount: int
    moved_on: date | None
    planned_on: date | None
    planned_at: datetime | None
    ended_at: datetime | None

    def counts(self, as_of: date, known_at: datetime) -> bool:
        if self.moved_on and self.moved_on <= as_of and self.ended_at and self.ended_at <= known_at:
            return True
        is_open = self.ended_at is None or self.ended_at > known_at
        is_known = self.planned_at is not None and self.planned_at <= known_at
        is_in_time = self.planned_on is not None and TODAY <= self.planned_on <= as_of
        return is_open and is_known and is_in_time and as_of > TODAY


def play(store: Store, tea: str, step: tuple[int, int, str], moment: datetime) -> Line:
    """A move that is done, planned, or planned and finished or cancelled a moment later."""
    amount, back, how = step
    moved_on, planned_on = TODAY - timedelta(days=back), TODAY + timedelta(days=back // 4)
    if how == "done":
        store.move(tea, str(amount), moved_on=moved_on, now=moment)
        return Line(amount, moved_on, None, None, moment)
    plan = store.plan(tea, str(amount), moved_on=planned_on, now=moment)
    later = moment + timedelta(seconds=30)
    if how == "finished":
        store.finish(plan.key, moved_on=moved_on, now=later)
        return Line(amount, moved_on, planned_on, moment, later)
    if how == "cancelled":
        store.cancel(plan.key, now=later)
        return Line(amount, None, planned_on, moment, later)
    return Line(amount, None, planned_on, moment, None)


HOW = ["done", "planned", "finished", "cancelled"]
amounts, back = st.integers(-9, 9).filter(bool), st.integers(0, 80)
steps = st.lists(st.tuples(amounts, back, st.sampled_from(HOW)), max_size=12)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.integers(0, 26), st.integers(-85, 22))
def test_on_hand_is_the_sum_of_done_moves_on_every_day_as_known_at_every_moment(
    store: Store, steps: list[tuple[int, int, str]], known: int, days: int
) -> None:
    """Also of moves that were entered months late. The sums are of a list that is kept beside them."""
    tea = store.offer()
    book: list[Line] = []
    for place, step in enumerate(steps, start=1):
        there = sum(line.amount for line in book if line.moved_on)
        if step[2] in ("planned", "cancelled") or there + step[0] >= 0:
            book.append(play(store, tea, step, NOW + timedelta(minutes=place)))
    as_of = TODAY + timedelta(days=days)
    for known_at in (NOW + timedelta(seconds=30 * known), None):
        moment = known_at or datetime.max.replace(tzinfo=UTC)
        expected = sum(line.amount for line in book if line.counts(as_of, moment))
        assert store.on_hand(tea, as_of, known_at=known_at) == expected
    done = [line for line in book if line.moved_on]
    if done:
        assert Decimal(store.level(tea)[0]) == sum(line.amount for line in done)


def test_what_it_is_worth_on_a_day_is_what_its_moves_were_worth(store: Store) -> None:
    tea = store.offer()
    for quantity, day, cost in (("3", date(2026, 1, 31), 100), ("3", date(2026, 2, 1), 103)):
        store.move(tea, quantity, moved_on=day, unit_cost=cost)
    store.move(tea, "-5", moved_on=date(2026, 2, 28))
    known: dict[str, Any] = {"known_at": None, "product_ids": [tea]}

    def worth(day: date) -> tuple[Decimal, int]:
        return queries.read_values(store.session, as_of=day, **known)[tea]

    ends = [date(2026, 1, 31), date(2026, 2, 27), date(2026, 2, 28), TODAY]
    assert [worth(day) for day in ends] == [(3, 300), (6, 609), (1, 102), (1, 102)]

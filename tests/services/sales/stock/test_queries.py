"""What is on hand on a day, as known at a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

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


amounts = st.integers(-9, 9).filter(bool)
days = st.integers(1, 18)
steps = st.lists(
    st.tuples(amounts, days, st.sampled_from(["done", "planned", "finished", "cancelled"])),
    max_size=12,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.integers(0, 12), days, st.booleans())
def test_on_hand_is_the_sum_of_done_moves_on_every_day_as_known_at_every_moment(
    store: Store, steps: list[tuple[int, int, str]], known: int, day: int, is_ahead: bool
) -> None:
    """Also of moves that were entered late. The sums are of a list kept beside it."""
    tea = store.offer()
    done: list[tuple[int, date, datetime]] = []
    plans: list[tuple[int, date, datetime, datetime | None]] = []
    for place, (amount, moved, how) in enumerate(steps, start=1):
        moment = NOW + timedelta(minutes=place)
        on, until = march(moved), None
        if how in ("done", "finished"):
            if sum(one[0] for one in done) + amount < 0:
                continue
            done.append((amount, on, moment))
        if how == "done":
            store.move(tea, str(amount), moved_on=on, now=moment)
            continue
        planned_on = TODAY + timedelta(days=moved)
        plan = store.plan(tea, str(amount), moved_on=planned_on, now=moment)
        if how == "finished":
            store.finish(plan.key, moved_on=on, now=moment)
            until = moment
        elif how == "cancelled":
            store.cancel(plan.key, now=moment)
            until = moment
        plans.append((amount, planned_on, moment, until))

    known_at = NOW + timedelta(minutes=known)
    as_of = TODAY + timedelta(days=day) if is_ahead else march(day)
    expected = sum(amount for amount, on, at in done if on <= as_of and at <= known_at)
    now_expected = sum(amount for amount, on, _ in done if on <= as_of)
    if is_ahead:
        ahead = [one for one in plans if one[1] <= as_of]
        open_then = [
            one
            for one in ahead
            if one[2] <= known_at < (one[3] or datetime.max.replace(tzinfo=UTC))
        ]
        expected += sum(one[0] for one in open_then)
        now_expected += sum(one[0] for one in ahead if one[3] is None)
    assert store.on_hand(tea, as_of, known_at=known_at) == expected
    assert store.on_hand(tea, as_of) == now_expected
    if done:
        assert Decimal(store.level(tea)[0]) == sum(one[0] for one in done)

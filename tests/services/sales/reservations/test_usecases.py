"""Goods that are kept for order lines, the oldest promise first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.sales.reservations import queries, usecases
from services.sales.reservations.rules import ReservesAt, Want
from services.sales.stock.rules import MoveKind
from tests.services.sales.store import NOW, Store

pytestmark = pytest.mark.server

EARLY, LATE = date(2026, 3, 20), date(2026, 4, 20)


def stocked(store: Store, quantity: str) -> str:
    tea = store.offer()
    store.move(tea, quantity)
    return tea


def test_a_line_takes_what_is_available_and_waits_for_the_rest(store: Store) -> None:
    tea = stocked(store, "5")
    first, second = store.want(tea, "3"), store.want(tea, "3")
    assert store.reserve(first) == [3]
    assert store.reserve(second) == [2]
    assert store.reserved(first, second) == [3, 2]


def test_what_is_not_kept_in_stock_is_never_short(store: Store) -> None:
    service = store.want(store.offer(is_stocked=False), "3")
    assert store.reserve(service) == [3]
    assert queries.find_kept(store.session, line_ids=[service.line_id]) == {}


def test_what_was_reserved_stays_so_and_the_rest_goes_to_the_oldest_promise(store: Store) -> None:
    tea = stocked(store, "2")
    without, late, early = (store.want(tea, "2", day) for day in (None, LATE, EARLY))
    store.reserve(without)
    store.reserve(late, now=NOW)
    store.reserve(early, now=NOW + timedelta(hours=1))
    assert store.reserved(without, late, early) == [2, 0, 0]
    store.move(tea, "3")
    assert store.reserved(without, late, early) == [2, 1, 2]


def test_of_one_day_what_was_wanted_first_comes_first(store: Store) -> None:
    tea = stocked(store, "1")
    second, first = store.want(tea, "1", EARLY), store.want(tea, "1", EARLY)
    taken = store.want(tea, "1")
    store.reserve(taken)
    store.reserve(first, now=NOW)
    store.reserve(second, now=NOW + timedelta(minutes=1))
    store.move(tea, "1", kind=MoveKind.RETURN)
    assert store.reserved(taken, first, second) == [1, 1, 0]


def test_what_is_released_goes_to_whoever_waits(store: Store) -> None:
    tea = stocked(store, "2")
    first, second = store.want(tea, "2"), store.want(tea, "3")
    store.reserve(first)
    store.reserve(second)
    usecases.release(store.session, [first.line_id])
    assert store.reserved(first, second) == [0, 2]
    usecases.release(store.session, [first.line_id])
    assert store.reserved(first, second) == [0, 2]


def test_a_line_may_want_more_or_less_later(store: Store) -> None:
    tea = stocked(store, "5")
    line, other = store.want(tea, "3"), store.want(tea, "4")
    store.reserve(line)
    store.reserve(other)
    assert store.reserve(line._replace(quantity=Decimal(1))) == [1]
    assert store.reserved(line, other) == [1, 4]
    assert store.reserve(line._replace(quantity=Decimal(9))) == [1]


def test_what_is_reserved_is_not_sent_to_anybody_else(session: Session, store: Store) -> None:
    tea = stocked(store, "5")
    line = store.want(tea, "3")
    store.reserve(line)
    with pytest.raises(Conflict) as refused, session.begin_nested():
        store.move(tea, "-3")
    assert refused.value.facts["available"] == "2"
    store.move(tea, "-2")
    store.ship(**{line.line_id: "3"})
    assert store.level(tea)[:2] == ("0", "0")


def test_what_is_shipped_leaves_the_reservation_with_it(session: Session, store: Store) -> None:
    tea = stocked(store, "5")
    line, other = store.want(tea, "4"), store.want(tea, "1")
    store.reserve(line, other)
    store.ship(**{line.line_id: "3"})
    assert (store.reserved(line, other), store.level(tea)[:2]) == ([1, 1], ("2", "2"))
    with pytest.raises(Conflict), session.begin_nested():
        store.ship(**{line.line_id: "2"})  # one of them is the other's
    store.ship(**{line.line_id: "1"})
    assert (store.reserved(line, other), store.level(tea)[:2]) == ([0, 1], ("1", "1"))
    assert queries.find_kept(session, line_ids=[line.line_id]) == {}


def test_more_than_was_reserved_is_shipped_where_it_is_there(store: Store) -> None:
    tea = stocked(store, "1")
    line = store.want(tea, "4")
    store.reserve(line)
    other = store.want(tea, "9")
    store.move(tea, "5")
    assert store.reserve(other) == [2]
    usecases.release(store.session, [other.line_id])
    store.ship(**{line.line_id: "5"})
    assert (store.reserved(line), store.level(tea)[:2]) == ([0], ("1", "0"))


def test_what_a_count_does_not_find_is_kept_for_nobody(store: Store) -> None:
    tea = stocked(store, "5")
    early, late, none = (store.want(tea, "2", day) for day in (EARLY, LATE, None))
    store.reserve(early, late, none)
    store.move(tea, "-3", kind=MoveKind.COUNT)
    assert store.reserved(early, late, none) == [2, 0, 0]
    store.move(tea, "1", kind=MoveKind.COUNT)
    assert store.reserved(early, late, none) == [2, 1, 0]


@pytest.mark.parametrize("reserves_at", ReservesAt)
def test_goods_are_reserved_when_the_setting_says(
    session: Session, store: Store, shop: Any, reserves_at: ReservesAt
) -> None:
    usecases.change_settings(session, reserves_at=reserves_at, now=NOW, by="kim")
    tea = stocked(store, "5")
    line = {"product_id": tea, "quantity": Decimal(3), "discount_percent": Decimal(0)}
    order = shop.confirm(shop.draft(shop.open_account(), line))
    is_kept = reserves_at == ReservesAt.CONFIRMATION
    assert store.level(tea)[1] == ("3" if is_kept else "0")
    kept = queries.find_kept(session, line_ids=[order.lines[0].line_id])
    assert len(kept) == is_kept
    shop.cancel(order)
    assert store.level(tea)[1] == "0"


def test_settings_are_as_ever_until_somebody_says_otherwise(session: Session) -> None:
    setting = queries.get_settings(session)
    if setting.version == 0:
        assert (setting.reserves_at, setting.set_by) == ("assignment", None)
    changed = usecases.change_settings(
        session, reserves_at=ReservesAt.CONFIRMATION, now=NOW, by="kim"
    )
    assert (queries.get_settings(session), changed.set_by) == (changed, "kim")


steps = st.lists(
    st.tuples(
        st.sampled_from(["receive", "reserve", "release", "ship", "count", "take"]),
        st.integers(0, 3),
        st.integers(1, 6),
    ),
    max_size=14,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_happens_no_more_is_reserved_than_there_is_and_nobody_waits_beside_free_goods(
    store: Store, steps: list[tuple[str, int, int]]
) -> None:
    tea = store.offer()
    lines = [store.want(tea, "1", day) for day in (LATE, None, EARLY, EARLY)]
    store.move(tea, "4")
    for how, which, amount in steps:
        play(store, tea, lines[which], how, amount)
        store.reserved(*lines)  # as the level says
        on_hand, reserved, _ = (Decimal(one) for one in store.level(tea))
        kept = queries.find_kept(store.session, line_ids=[one.line_id for one in lines]).values()
        assert 0 <= reserved <= on_hand
        waiting = sum(one.quantity - one.reserved for one in kept)
        assert not waiting or reserved == on_hand


def play(store: Store, tea: str, line: Want, how: str, amount: int) -> None:
    """What is refused changes nothing."""
    moves: dict[str, Callable[[], object]] = {
        "receive": partial(store.move, tea, str(amount)),
        "take": partial(store.move, tea, f"-{amount}", kind=MoveKind.SCRAP),
        "count": partial(store.move, tea, f"-{amount}", kind=MoveKind.COUNT),
        "reserve": partial(store.reserve, line._replace(quantity=Decimal(amount))),
        "release": partial(usecases.release, store.session, [line.line_id]),
        "ship": partial(store.ship, **{line.line_id: str(amount)}),
    }
    if how == "ship" and not queries.find_kept(store.session, line_ids=[line.line_id]):
        return
    with suppress(Conflict), store.session.begin_nested():
        moves[how]()

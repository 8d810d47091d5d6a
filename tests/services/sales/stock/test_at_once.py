"""Many who move and reserve at once, each in a transaction of its own, on the real database."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.sales.levels.models import StockLevel
from services.sales.orders.usecases import cancel_order
from services.sales.reservations.models import StockReservation
from services.sales.reservations.rules import ReservesAt
from services.sales.reservations.usecases import change_settings, release
from services.sales.stock.models import StockMove
from services.sales.stock.queries import read_values
from services.sales.stock.rules import MoveKind
from services.sales.stock_periods.usecases import close_period
from tests.services.sales.store import NOW, TODAY, Store

pytestmark = pytest.mark.server

AT_ONCE = 100


@pytest.fixture
def many(engine: Engine) -> Iterator[Engine]:
    """As many connections as are asked for."""
    many = create_engine(engine.url, pool_size=AT_ONCE)
    yield many
    many.dispose()


def all_at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads came to, or the code of its refusal; all begin together."""
    start = threading.Barrier(count)

    def begin(place: int) -> Any:
        start.wait(timeout=60)
        try:
            return work(place)
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def sums(session: Session, product_id: str) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """On hand as the level and as the moves say; reserved as the level and as the lines say."""
    level = session.get_one(StockLevel, product_id)
    known: dict[str, Any] = {"as_of": TODAY, "known_at": None, "product_ids": [product_id]}
    assert read_values(session, **known)[product_id] == (level.on_hand, level.value)
    moved = select(func.sum(StockMove.quantity)).where(StockMove.product_id == product_id)
    kept = select(func.coalesce(func.sum(StockReservation.reserved), 0)).where(
        StockReservation.product_id == product_id
    )
    return (
        level.on_hand,
        session.scalars(moved).one(),
        level.reserved,
        Decimal(session.scalars(kept).one()),
    )


def test_of_a_hundred_orders_at_once_for_the_last_piece_one_gets_it(
    many: Engine, shop_in: Callable[[Session], Any]
) -> None:
    with Session(many) as session, session.begin():
        shop = shop_in(session)
        tea = Store(session, shop).offer()
        Store(session, shop).move(tea, "1")
        change_settings(session, reserves_at=ReservesAt.CONFIRMATION, now=NOW, by="kim")
        account_id = [shop.open_account() for _ in range(10)]
        line = {"product_id": tea, "quantity": Decimal(1), "discount_percent": Decimal(0)}
        orders = [shop.draft(account_id[n % 10], line).order_id for n in range(AT_ONCE)]

    def confirm(place: int) -> str:
        with Session(many) as session, session.begin():
            return str(shop_in(session).confirm_id(orders[place]).status)

    assert Counter(all_at_once(AT_ONCE, confirm)) == {"confirmed": AT_ONCE}
    with Session(many) as session:
        kept = session.scalars(select(StockReservation.reserved)).all()
        assert Counter(kept) == {1: 1, 0: AT_ONCE - 1}
        assert sums(session, tea) == (1, 1, 1, 1)

    def cancel(place: int) -> None:
        with Session(many) as session, session.begin():
            reason: dict[str, Any] = {"reason": "Enough.", "now": NOW, "by": "kim"}
            cancel_order(session, order_id=orders[place], **reason)

    all_at_once(AT_ONCE - 1, cancel)
    with Session(many) as session:
        [last] = session.scalars(select(StockReservation))
        assert (last.order_id, last.reserved) == (orders[-1], 1), "whoever is left gets it"
        assert sums(session, tea) == (1, 1, 1, 1)


def test_of_many_who_send_the_last_pieces_at_once_so_many_do(
    many: Engine, shop_in: Callable[[Session], Any]
) -> None:
    with Session(many) as session, session.begin():
        tea = Store(session, shop_in(session)).offer()
        Store(session, shop_in(session)).move(tea, "7")

    def send(place: int) -> str:
        with Session(many) as session, session.begin():
            Store(session, shop_in(session)).move(tea, "-1", key=f"shp:{place}")
        return "sent"

    outcomes = Counter(all_at_once(40, send))
    assert outcomes == {"sent": 7, "out_of_stock": 33}
    with Session(many) as session:
        assert sums(session, tea) == (0, 0, 0, 0)


def test_the_same_move_sent_by_many_at_once_is_one(
    many: Engine, shop_in: Callable[[Session], Any]
) -> None:
    with Session(many) as session, session.begin():
        tea = Store(session, shop_in(session)).offer()

    def receive(_: int) -> str:
        with Session(many) as session, session.begin():
            [move] = Store(session, shop_in(session)).move(tea, "5", key="receipt:1")
            return move.move_id

    assert len({*all_at_once(20, receive)}) == 1
    with Session(many) as session:
        assert sums(session, tea)[:2] == (5, 5)


def test_whoever_moves_and_reserves_at_once_leaves_sums_that_are_true(
    many: Engine, shop_in: Callable[[Session], Any]
) -> None:
    """Of three products, in any order: nobody waits for another for ever, nothing is sold twice."""
    with Session(many) as session, session.begin():
        store = Store(session, shop_in(session))
        products = [store.offer() for _ in range(3)]
        lines = [
            store.want(one, "2", TODAY + timedelta(days=n)) for one in products for n in range(9)
        ]
        store.record([store.new(one, "9", unit_cost=700) for one in products])

    def play(place: int) -> str:
        dice = Random(place)
        for _ in range(4):
            with Session(many) as session, session.begin():
                store = Store(session, shop_in(session))
                mixed = dice.sample(lines, 6)
                how = dice.choice(["reserve", "release", "receive", "scrap", "ship"])
                if how == "reserve":
                    store.reserve(*mixed)
                elif how == "release":
                    release(session, [one.line_id for one in mixed])
                elif how == "receive":
                    store.record(
                        [store.new(one, "1", key=f"{place}{_}{one}") for one in products[::-1]]
                    )
                else:
                    kind = MoveKind.SCRAP if how == "scrap" else MoveKind.SHIPMENT
                    key = f"{place}{_}"
                    store.move(dice.choice(products), "-1", kind=kind, key=key)
        return "played"

    outcomes = all_at_once(12, play)
    assert {*outcomes} <= {"played", "out_of_stock"}
    with Session(many) as session:
        for one in products:
            on_hand, moved, reserved, kept = sums(session, one)
            assert (on_hand, reserved) == (moved, kept)
            assert 0 <= reserved <= on_hand


def test_nothing_is_dated_back_into_a_period_that_is_being_closed(
    many: Engine,
    shop_in: Callable[[Session], Any],
    waits_or_ends: Callable[[Any], None],
) -> None:
    day = TODAY - timedelta(days=1)
    with Session(many) as session, session.begin():
        tea = Store(session, shop_in(session)).offer()

    def move() -> str:
        with Session(many) as session, session.begin():
            try:
                Store(session, shop_in(session)).move(tea, "5", moved_on=day)
            except Conflict as refused:
                return refused.code
        return "moved"

    with ThreadPoolExecutor(1) as pool, Session(many) as session:
        with session.begin():
            close_period(session, closed_to=day, today=TODAY, now=NOW, by="kim")
            moved = pool.submit(move)
            waits_or_ends(moved)
        assert moved.result() == "period_closed"

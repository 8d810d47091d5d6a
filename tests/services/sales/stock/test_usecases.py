"""Moves that are recorded, planned, finished and cancelled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session

from kernel.refusals import Conflict, Invalid, NotFound
from services.sales.places.usecases import create_place
from services.sales.stock import usecases
from services.sales.stock.rules import MoveKind, NewMove
from services.sales.stock_periods.usecases import close_period
from tests.services.sales.store import NOW, TODAY, Store

pytestmark = pytest.mark.server


def said(session: Session) -> list[dict[str, Any]]:
    events = session.info.get("announced", [])
    return [data for event, data, *_ in events if event.__name__ == "StockMoved"]


def test_what_moves_is_on_hand_and_is_told(session: Session, store: Store) -> None:
    tea = store.offer(sku="TEA-STOCKED", unit="box")
    [receipt] = store.move(tea, "20", unit_cost=500, currency="EUR", lot="L-1")
    [shipment] = store.move(tea, "-3", about="shp_1")
    assert store.level(tea) == ("17", "0", 8500)
    assert (receipt.status, receipt.value, receipt.done_by) == ("done", 10_000, "kim")
    assert (shipment.value, shipment.unit_cost) == (-1500, None)
    told = [
        {name: one[name] for name in ("quantity", "on_hand", "version")} for one in said(session)
    ]
    assert told == [
        {"quantity": "20", "on_hand": "20", "version": 1},
        {"quantity": "-3", "on_hand": "17", "version": 2},
    ]
    assert said(session)[1]["caused_by"] == "shp_1"
    assert said(session)[0]["unit"] == "box"


def test_one_key_is_one_move_however_often_it_is_recorded(session: Session, store: Store) -> None:
    tea = store.offer()
    move = store.new(tea, "20")
    [first] = store.record([move])
    [again] = store.record([move, move._replace(quantity=Decimal(5))])
    assert (first.move_id, store.level(tea)[0]) == (again.move_id, "20")
    assert len(said(session)) == 1


def test_what_is_not_kept_in_stock_is_passed_over(session: Session, store: Store) -> None:
    service, tea = store.offer(is_stocked=False), store.offer()
    assert [one.product_id for one in store.record([store.new(service, "-3"), store.new(tea, "1")])]
    assert store.record([store.new(service, "-1")]) == []
    assert [one["product_id"] for one in said(session)] == [tea]


def test_all_moves_are_done_or_none(session: Session, store: Store) -> None:
    tea, cup = store.offer(sku="TEA-9"), store.offer(sku="CUP-9")
    store.move(tea, "5")
    with pytest.raises(Conflict) as refused, session.begin_nested():
        store.record([store.new(tea, "-5"), store.new(cup, "-1")])
    assert (refused.value.code, refused.value.facts["sku"]) == ("out_of_stock", "CUP-9")
    assert store.level(tea)[0] == "5"


def test_what_goes_out_and_comes_in_together_is_taken_together(store: Store) -> None:
    tea = store.offer()
    store.record([store.new(tea, "-5"), store.new(tea, "5")])
    assert store.level(tea)[0] == "0"


def test_a_count_finds_what_it_finds_whatever_is_reserved(store: Store) -> None:
    tea = store.offer()
    store.move(tea, "5")
    store.move(tea, "-5", kind=MoveKind.COUNT)
    with pytest.raises(Conflict):
        store.move(tea, "-1", kind=MoveKind.COUNT)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"moved_on": date(2026, 3, 19)}, "moved_in_future"),
        ({"moved_on": date(2026, 3, 10)}, "period_closed"),
        ({"place_id": "pla_01jd3v4q6ye8z9t5k2m7n0p1xq"}, "place_not_found"),
        ({"unit_cost": 5, "currency": "USD"}, "cost_currency"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, store: Store, facts: dict[str, Any], code: str
) -> None:
    tea = store.offer()
    close_period(session, closed_to=date(2026, 3, 10), today=TODAY, now=NOW, by="kim")
    with pytest.raises((Invalid, Conflict, NotFound)) as refused:
        store.move(tea, "1", **facts)
    assert refused.value.code == code
    if code != "moved_in_future":
        with pytest.raises((Invalid, Conflict, NotFound)) as refused:
            store.plan(tea, "1", **facts)
        assert refused.value.code == code


def test_a_transfer_moves_between_places_and_takes_no_more_than_is_there(
    session: Session, store: Store
) -> None:
    tea = store.offer()
    hall, shop = (
        create_place(session, code=code, name=code, now=NOW, by="kim").place_id
        for code in ("HALL-9", "SHOP-9")
    )

    def transfer(quantity: str) -> None:
        there = {"kind": MoveKind.TRANSFER}
        store.record(
            [
                store.new(tea, f"-{quantity}", place_id=hall, **there),
                store.new(tea, quantity, place_id=shop, **there),
            ]
        )

    store.move(tea, "5", place_id=hall, unit_cost=100)
    store.move(tea, "5")
    transfer("3")
    there = [store.on_hand(tea, place_id=place_id) for place_id in (hall, shop, None)]
    assert (there, store.level(tea)) == ([2, 3, 5], ("10", "0", 1000))
    with pytest.raises(Conflict) as refused:
        transfer("3")
    assert refused.value.facts["place"] == "HALL-9"


def test_a_planned_move_is_finished_once_on_the_day_it_is_done(
    session: Session, store: Store
) -> None:
    tea = store.offer()
    planned = store.plan(tea, "8", moved_on=date(2026, 3, 25), unit_cost=100)
    assert (planned.status, planned.value, store.level(tea)[0]) == ("planned", None, "0")
    assert said(session) == []
    [done] = store.finish(planned.key)
    assert (done.status, done.moved_on, done.planned_on) == ("done", TODAY, date(2026, 3, 25))
    assert (store.level(tea), len(said(session))) == (("8", "0", 800), 1)
    for again in (store.finish, store.cancel):
        with pytest.raises(Conflict) as refused:
            again(planned.key)
        assert refused.value.code == "move_done"


def test_a_cancelled_plan_moves_nothing(session: Session, store: Store) -> None:
    tea = store.offer()
    planned = store.plan(tea, "-8", moved_on=date(2026, 3, 25))
    [cancelled] = store.cancel(planned.key)
    assert (cancelled.status, cancelled.cancelled_by) == ("cancelled", "kim")
    with pytest.raises(Conflict) as refused:
        store.finish(planned.key)
    assert (refused.value.code, said(session)) == ("move_cancelled", [])


def test_finishing_looks_at_what_is_on_hand_then(session: Session, store: Store) -> None:
    tea = store.offer()
    planned = store.plan(tea, "-8", moved_on=date(2026, 3, 25))
    with pytest.raises(Conflict) as refused, session.begin_nested():
        store.finish(planned.key)
    assert refused.value.code == "out_of_stock"
    store.move(tea, "8")
    store.finish(planned.key)
    assert store.level(tea)[0] == "0"


def test_what_is_planned_is_neither_planned_nor_recorded_twice(store: Store) -> None:
    tea = store.offer()
    planned = store.plan(tea, "8")
    assert store.plan(tea, "8", key=planned.key).move_id == planned.move_id
    with pytest.raises(Conflict) as refused:
        store.move(tea, "8", key=planned.key)
    assert refused.value.code == "move_planned"


def test_plans_of_what_is_not_kept_in_stock_are_passed_over_to_their_end(store: Store) -> None:
    service = store.offer(is_stocked=False)
    with pytest.raises(ValueError, match="not enough values"):
        store.plan(service, "8", key="a:1")
    assert store.finish("a:1") == store.cancel("a:1") == []


def test_statements_do_not_grow_with_the_moves(session: Session, store: Store) -> None:
    def play(moves: list[NewMove]) -> None:
        store.record(moves)
        planned = [one._replace(key=f"{one.key}:planned") for one in moves]
        usecases.plan_moves(session, planned, now=NOW, by="kim")
        store.finish(*[one.key for one in planned])

    counts = []
    for number in (2, 50):
        moves = [store.new(store.offer(), "5", moved_on=date(2026, 3, 1)) for _ in range(number)]
        session.flush()
        asked: list[str] = []
        note = partial(lambda asked, *given: asked.append(given[2]), asked)
        listen(session.connection(), "before_cursor_execute", note)
        play(moves)
        remove(session.connection(), "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1]

"""Goods that people receive, scrap, transfer and plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid, NotFound, Refusal
from services.sales.places.usecases import create_place
from services.sales.products.usecases import edit_product
from services.sales.stock.rules import MoveKind
from services.sales.stock_moves import queries, schemas, usecases
from services.sales.stock_periods.usecases import close_period
from tests.services.sales.store import NOW, TODAY, Store

pytestmark = pytest.mark.server

MOMENT: dict[str, Any] = {"today": TODAY, "now": NOW, "by": "kim"}


def receive(session: Session, *receipts: dict[str, Any]) -> dict[str, Any]:
    loaded = schemas.Receive().load({"receipts": list(receipts)})
    return usecases.receive_goods(session, **loaded, **MOMENT)


def test_each_receipt_is_received_or_refused_by_itself(session: Session, store: Store) -> None:
    tea, cup = store.offer(sku="TEA-R", pack_size=Decimal(2)), store.offer(sku="CUP-R")
    service = store.offer(sku="SERVICE-R", is_stocked=False)
    close_period(session, closed_to=date(2026, 3, 10), today=TODAY, now=NOW, by="kim")
    answer = receive(
        session,
        {"sku": "TEA-R", "packs": 10, "unit_cost": 500, "currency": "EUR"},
        {"sku": "NONE-R", "quantity": 1},
        {"product_id": service, "quantity": 1},
        {"sku": "TEA-R", "quantity": 1, "moved_on": "2026-03-10"},
        {"sku": "TEA-R", "quantity": 1, "moved_on": "2026-03-19"},
        {"sku": "TEA-R", "quantity": 1, "place_id": new_id("pla")},
        {"sku": "TEA-R", "quantity": 1, "unit_cost": 1, "currency": "USD"},
        {"sku": "TEA-R", "quantity": 0},
        {"sku": "CUP-R", "quantity": "1000000000"},
        {"sku": "CUP-R", "quantity": "1000000000", "unit_cost": 10**15},
        {"sku": "TEA-R", "quantity": 1},
    )
    assert (answer["received"], answer["refused"]) == (3, 8)
    codes = [one.get("code") for one in answer["results"]]
    assert codes == [
        None,
        *("product_not_found", "product_not_stocked", "period_closed", "moved_in_future"),
        *("place_not_found", "cost_currency", "invalid_fields", None, "stock_too_large", None),
    ]
    assert [one["index"] for one in answer["results"]] == list(range(11))
    assert store.level(tea) == ("21", "0", 10_500)
    assert store.level(cup)[0] == "1000000000"
    told = [data for event, data, *_ in session.info["announced"] if event.__name__ == "StockMoved"]
    assert [one["sku"] for one in told] == ["TEA-R", "CUP-R", "TEA-R"]


def test_what_was_received_under_its_reference_is_left_as_it_is(
    session: Session, store: Store
) -> None:
    tea = store.offer(sku="TEA-R")
    delivery = {"sku": "TEA-R", "quantity": 5, "reference": "DN 1"}
    [first] = receive(session, delivery)["results"]
    again = receive(session, delivery | {"quantity": "5.00"}, delivery | {"reference": "DN 2"})
    assert again["received"] == 2
    assert again["results"][0]["move_id"] == first["move_id"]
    assert store.level(tea)[0] == "10"


def test_other_goods_under_the_reference_of_some_are_refused_and_not_lost(
    session: Session, store: Store
) -> None:
    """Two lots on one delivery note, say, in one request or in two."""
    tea = store.offer(sku="TEA-R")
    first = {"sku": "TEA-R", "quantity": 5, "reference": "DN 1", "lot": "A"}
    rows = [first, first | {"lot": "B"}, first | {"quantity": 7}, first | {"lot": None}]
    for _ in range(2):
        answer = receive(session, *rows)
        codes = [one.get("code") for one in answer["results"]]
        assert codes == [None, "reference_used", "reference_used", None]
        assert (answer["received"], answer["refused"]) == (2, 2)
        assert store.level(tea)[0] == "5"
    fields = [one["errors"][0]["field"] for one in answer["results"] if "errors" in one]
    assert fields == ["lot", "quantity"]


def test_a_product_is_named_once_and_counted_one_way() -> None:
    broken = [
        {"quantity": 1},
        {"sku": "A", "product_id": new_id("prd"), "quantity": 1},
        {"sku": "A"},
    ]
    loaded = schemas.Receive().load(
        {"receipts": [*broken, {"sku": "A", "quantity": 1, "packs": 1}]}
    )
    fields = [one.errors[0]["field"] for one in loaded["receipts"]]
    assert fields == ["sku", "sku", "quantity", "quantity"]


def test_statements_do_not_grow_with_the_receipts(session: Session, store: Store) -> None:
    counts = []
    for number in (2, 50):
        receipts = [{"product_id": store.offer(), "quantity": 5} for _ in range(number)]
        session.flush()
        asked: list[str] = []
        note = _note(asked)
        listen(session.connection(), "before_cursor_execute", note)
        receive(session, *receipts)
        remove(session.connection(), "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _note(asked: list[str]) -> Any:
    return lambda *given: asked.append(given[2])


def test_what_is_scrapped_has_a_reason_and_is_not_reserved(session: Session, store: Store) -> None:
    tea = store.offer(sku="TEA-S")
    store.move(tea, "5")
    store.reserve(store.want(tea, "3"))
    loaded = schemas.Scrap().load({"sku": "TEA-S", "quantity": 2, "reason": "Broken."})
    move = usecases.scrap_goods(session, **loaded, **MOMENT)
    assert (move.kind, move.quantity, move.note) == ("scrap", -2, "Broken.")
    with pytest.raises(Conflict) as refused:
        usecases.scrap_goods(session, **loaded, **MOMENT)
    assert refused.value.code == "out_of_stock"


def test_a_transfer_takes_no_more_than_is_where_it_is_from(session: Session, store: Store) -> None:
    tea = store.offer()
    hall = create_place(session, code="HALL-T", name="Hall", now=NOW, by="kim").place_id
    store.move(tea, "5")
    told = {"product_id": tea, "quantity": 4, "to_place_id": hall}
    loaded = schemas.Transfer().load(told)
    answer = usecases.transfer_goods(session, **loaded, **MOMENT)
    assert [one.quantity for one in answer["moves"]] == [-4, 4]
    assert [store.on_hand(tea, place_id=at) for at in (None, hall)] == [1, 4]
    with pytest.raises(Conflict) as refused:
        usecases.transfer_goods(session, **loaded, **MOMENT)
    assert refused.value.facts["place"] == "the one store"
    with pytest.raises(Invalid) as same:
        usecases.transfer_goods(session, **loaded | {"from_place_id": hall}, **MOMENT)
    assert same.value.code == "same_place"


def test_what_is_planned_by_hand_is_finished_or_cancelled_by_hand(
    session: Session, store: Store
) -> None:
    tea = store.offer()
    plan = {"kind": "receipt", "product_id": tea, "quantity": 8, "planned_on": "2026-03-25"}
    loaded = schemas.PlanGoods().load({"moves": [plan, plan | {"kind": "scrap", "quantity": 5}]})
    come, gone = usecases.plan_goods(session, **loaded, now=NOW, by="kim")["moves"]
    assert [one.quantity for one in (come, gone)] == [8, -5]
    done = usecases.finish_move(session, move_id=come.move_id, moved_on=None, **MOMENT)
    assert (done.status, done.moved_on) == ("done", TODAY)
    given_up = usecases.cancel_move(session, move_id=gone.move_id, now=NOW, by="kim")
    assert (given_up.status, store.level(tea)[0]) == ("cancelled", "8")


def test_what_cannot_be_planned_is_named_by_its_place(session: Session, store: Store) -> None:
    tea = store.offer()
    close_period(session, closed_to=date(2026, 2, 20), **MOMENT)
    good = {"kind": "receipt", "product_id": tea, "quantity": 8, "planned_on": "2026-03-25"}
    wrong: dict[str, dict[str, Any]] = {
        "product_id": {"product_id": new_id("prd")},
        "planned_on": {"planned_on": "2026-02-20"},
        "place_id": {"place_id": new_id("pla")},
        "currency": {"currency": "USD", "unit_cost": 1},
        "unit_cost": {"kind": "scrap", "currency": "EUR", "unit_cost": 1},
        "packs": {"quantity": None, "packs": 10**9},
    }
    edit_product(session, product_id=tea, pack_size=Decimal(2))
    for name, facts in wrong.items():
        loaded = schemas.PlanGoods().load({"moves": [good, good | facts]})
        with pytest.raises(Refusal) as refused:
            usecases.plan_goods(session, **loaded, now=NOW, by="kim")
        assert [one["field"] for one in refused.value.errors] == [f"moves/1/{name}"]


def test_a_transfer_names_the_place_that_there_is_not(session: Session, store: Store) -> None:
    for name in ("from_place_id", "to_place_id"):
        told = {"product_id": store.offer(), "quantity": 4, name: new_id("pla")}
        with pytest.raises(NotFound) as refused:
            usecases.transfer_goods(session, **schemas.Transfer().load(told), **MOMENT)
        assert [one["field"] for one in refused.value.errors] == [name]


def test_what_something_else_planned_is_left_to_it(session: Session, store: Store) -> None:
    planned = store.plan(store.offer(), "8", about="shp_1")
    with pytest.raises(Conflict) as refused:
        usecases.cancel_move(session, move_id=planned.move_id, now=NOW, by="kim")
    assert refused.value.code == "move_of_another"
    with pytest.raises(NotFound):
        usecases.cancel_move(session, move_id=new_id("mov"), now=NOW, by="kim")


def test_moves_are_listed_the_last_day_first(session: Session, store: Store) -> None:
    tea = store.offer()
    store.move(tea, "5", moved_on=date(2026, 3, 1))
    store.move(tea, "-1", moved_on=date(2026, 3, 2), about="shp_7")
    store.move(tea, "2", moved_on=date(2026, 3, 1), kind=MoveKind.RETURN)

    def listed(**filters: Any) -> list[Decimal]:
        names = (*queries.SAME, "moved_from", "moved_to", "after")
        asked: dict[str, Any] = dict.fromkeys(names) | {"limit": 50, "product_id": tea} | filters
        return [one.quantity for one in queries.list_moves(session, **asked)["items"]]

    assert listed() == [-1, 2, 5]
    assert listed(about="shp_7") == listed(kind="shipment") == [-1]
    assert listed(moved_to=date(2026, 3, 1)) == [2, 5]
    assert listed(moved_from=date(2026, 3, 2)) == [-1]
    assert listed(status="planned") == []
    with pytest.raises(NotFound):
        listed(product_id=new_id("prd"))

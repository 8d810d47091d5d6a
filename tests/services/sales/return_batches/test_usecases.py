"""Many returns are taken at once, each by itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from services.sales.return_batches import schemas
from services.sales.return_batches.usecases import take_returns
from services.sales.returns.models import Return, ReturnStep
from services.sales.stock.models import StockMove
from tests.services.sales.dispatches.test_usecases import counted
from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


def send(desk: Desk, *rows: dict[str, Any]) -> Any:
    rows_ = [{"reason": "Too low."} | row for row in rows]
    loaded = schemas.NewReturnBatch().load({"returns": rows_})
    return schemas.ReturnBatch().dump(take_returns(desk.session, **loaded, **desk.moment))


def bring(desk: Desk, *quantities: str) -> str:
    """An order that brings back goods that no order had sold; its id."""
    lines = [desk.shop.line(desk.product, many, unit_price=500) for many in quantities]
    order = desk.shop.confirm(desk.shop.draft(desk.shop.open_account(), *lines))
    return str(order.order_id)


def one(desk: Desk, result: dict[str, Any]) -> Return:
    desk.session.expire_all()
    return desk.session.get_one(Return, result["return_id"])


def test_each_is_taken_or_refused_by_itself_in_its_place(desk: Desk) -> None:
    order, other = desk.sell("8"), desk.sell("2")
    part = {"line_id": order.lines[0].line_id, "quantity": "3"}
    answer = send(
        desk,
        {"order_id": order.order_id, "lines": [part]},
        {"order_id": order.order_id, "lines": [{**part, "quantity": "6"}]},
        {"order_id": other.order_id, "outcome": "burnt"},
        {"order_id": other.order_id},
        {"order_id": other.order_id},
        {"order_id": order.order_id, "received_on": "2026-03-03"},
        {"order_id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xw"},
        {"order_id": order.order_id, "lines": [{"position": 1, "quantity": "5"}]},
    )
    assert (answer["done"], answer["found"], answer["refused"]) == (3, 0, 5)
    assert [each.get("status") or each["code"] for each in answer["results"]] == [
        "inspected",
        "more_than_shipped",
        "invalid_fields",
        "inspected",
        "more_than_shipped",
        "day_to_come",
        "order_not_found",
        "inspected",
    ]
    assert [each["index"] for each in answer["results"]] == list(range(8))


def test_what_came_back_before_it_left_is_refused_and_the_others_are_taken(desk: Desk) -> None:
    order, other = desk.sell("8"), desk.sell("2")
    desk.wait(days=3)
    before, left = desk.shop.today - timedelta(days=1), desk.shop.today
    answer = send(
        desk,
        {"order_id": order.order_id, "received_on": f"{before}"},
        {"order_id": other.order_id, "received_on": f"{left}"},
        {"order_id": order.order_id, "received_on": f"{left}"},
        {"for_order_id": bring(desk, "-2"), "received_on": f"{before}"},
    )
    first, *rest = answer["results"]
    assert (first["code"], first["errors"][0]["field"]) == ("back_before_shipped", "received_on")
    assert [one["status"] for one in rest] == ["inspected"] * 3


def test_what_would_be_credited_with_nothing_is_refused(desk: Desk) -> None:
    order = desk.sell("8")
    for_nothing = {"position": 1, "quantity": "1", "unit_price": 0}
    brings = {"for_order_id": bring(desk, "-2")}
    answer = send(
        desk,
        {"order_id": order.order_id, "restocking_fee_percent": "100"},
        {"order_id": order.order_id, "lines": [for_nothing]},
        brings | {"restocking_fee_percent": "100"},
        brings | {"restocking_fee_percent": "10"},
        {"order_id": order.order_id, "restocking_fee_percent": "99"},
    )
    *refused, brought, taken = answer["results"]
    assert [one["code"] for one in refused] == ["nothing_credited"] * 3
    assert [one["errors"][0]["field"] for one in refused] == [
        "restocking_fee_percent",
        "lines",
        "restocking_fee_percent",
    ]
    assert (brought["status"], taken["status"]) == ("inspected", "inspected")


def test_one_goes_its_whole_way_and_each_step_is_kept_and_told(desk: Desk) -> None:
    order = desk.sell("8")
    desk.wait(days=1)
    row = {"order_id": order.order_id, "received_on": "2026-03-02", "restocking_fee_percent": "10"}
    [result] = send(desk, row)["results"]
    found = one(desk, result)
    assert (found.status, found.waits_for, found.number) == (
        "inspected",
        "billing",
        result["number"],
    )
    assert desk.quantities(found) == {"asked": "8", "received": "8", "restocked": "8"}
    of_it = select(ReturnStep).where(ReturnStep.return_id == found.return_id)
    steps = [*desk.session.scalars(of_it.order_by(ReturnStep.position))]
    assert [(step.position, step.action, step.event) for step in steps] == [
        (1, "requested", "return_requested"),
        (2, "authorised", "return_authorised"),
        (3, "received", "return_received"),
        (4, "inspected", "return_inspected"),
        (5, "credited", "return_accepted"),
    ]
    for step in steps:
        [told] = desk.told(str(step.event))
        assert told["return_id"] == found.return_id
    assert desk.told("return_received")[0]["received_on"] == "2026-03-02"
    assert desk.told("return_accepted")[0]["lines"][0]["kept_back"] == 1728  # 8 x 21.60, 10 %
    desk.settle(found)
    assert found.status == "credited"


@pytest.mark.parametrize(("outcome", "moved"), [("restocked", [3]), ("scrapped", [3, -3])])
def test_the_stock_moves_as_what_comes_back_is_restocked_or_scrapped(
    shop: Any, store: Any, outcome: str, moved: list[int]
) -> None:
    desk = Desk(shop, is_stocked=True)
    store.move(desk.product.product_id, "10", moved_on=desk.today, today=desk.today, now=desk.now)
    order = desk.sell("3")
    [result] = send(desk, {"order_id": order.order_id, "outcome": outcome})["results"]
    found = select(StockMove).where(StockMove.about == result["return_id"])
    moves = sorted((int(move.quantity) for move in desk.session.scalars(found)), reverse=True)
    assert moves == moved
    assert desk.on_hand() == 7 + sum(moved)


def test_what_is_made_good_for_less_is_credited_so(desk: Desk) -> None:
    order = desk.sell("8")
    lines = [{"position": 1, "quantity": "3", "unit_price": 2000}]
    send(desk, {"order_id": order.order_id, "lines": lines})
    [told] = desk.told("return_accepted")
    assert told["lines"][0]["kept_back"] == 3 * 160


def test_a_return_is_known_again_by_what_another_system_calls_it(desk: Desk) -> None:
    order, other = desk.sell("8"), desk.sell("8")
    row = {
        "order_id": order.order_id,
        "external_id": "C1",
        "lines": [{"position": 1, "quantity": "1"}],
    }
    first, second = send(desk, row, row)["results"]
    assert (first["is_new"], second["code"]) == (True, "return_named_twice")
    answer = send(desk, row, {**row, "order_id": other.order_id})
    again, others = answer["results"]
    assert (again["return_id"], again["is_new"]) == (first["return_id"], False)
    assert others["is_new"], "another account's name is its own"
    assert (answer["done"], answer["found"]) == (1, 1)
    assert len(desk.told("return_accepted")) == 2


def test_other_goods_under_the_name_of_a_return_are_refused_and_not_passed_over(desk: Desk) -> None:
    order = desk.sell("8")
    other = desk.shop.confirm(
        desk.shop.draft(order.account_id, desk.shop.line(desk.shop.offer(), "1"))
    )
    one_ = {"position": 1, "quantity": "1"}
    row = {"order_id": order.order_id, "external_id": "C1", "lines": [one_]}
    [first] = send(desk, row)["results"]
    rows: list[Any] = [
        {**row, "lines": [{"line_id": order.lines[0].line_id, "quantity": "1.00"}]},
        {**row, "lines": None},
        {**row, "lines": [{**one_, "quantity": "2"}]},
        {**row, "order_id": other.order_id},
    ]
    told = [send(desk, each)["results"][0] for each in rows]
    assert [one.get("return_id") for one in told[:2]] == [first["return_id"]] * 2
    assert [one.get("code") for one in told[2:]] == ["external_id_used"] * 2
    assert len(desk.told("return_accepted")) == 1


@pytest.mark.parametrize("is_heard", [True, False])
def test_goods_that_no_order_had_sold_come_by_the_order_that_brings_them(
    desk: Desk, is_heard: bool
) -> None:
    """Whether its return was opened by the event before or not."""
    order_id = bring(desk, "-2", "-1")
    if is_heard:
        desk.open_ordered(desk.shop.fetch(order_id))
    row = {"for_order_id": order_id, "external_id": "C2"}
    first, second = send(desk, row, {**row, "external_id": "C3"})["results"]
    assert (first["status"], second["code"]) == ("inspected", "nothing_to_come_back")
    found = one(desk, first)
    assert (found.for_order_id, found.external_id) == (order_id, "C2")
    [told] = desk.told("return_accepted")
    assert [line["quantity"] for line in told["lines"]] == ["2", "1"]
    assert {line["unsold"]["unit_price"] for line in told["lines"]} == {500}
    order = desk.shop.fetch(order_id)
    assert (order.status, [line.quantities.returned for line in order.lines]) == (
        "done",
        [Decimal(2), Decimal(1)],
    )
    assert desk.told("return_requested") == []
    [again] = send(desk, row)["results"]
    assert again["is_new"] is False
    desk.open_ordered(order)
    assert len([*desk.session.scalars(select(Return).filter_by(for_order_id=order_id))]) == 1


def test_what_was_received_by_hand_is_not_taken(desk: Desk) -> None:
    order_id = bring(desk, "-2")
    desk.open_ordered(desk.shop.fetch(order_id))
    [found] = desk.session.scalars(select(Return).filter_by(for_order_id=order_id))
    desk.receive(found)
    [result] = send(desk, {"for_order_id": order_id})["results"]
    assert result["code"] == "nothing_to_come_back"


def test_an_order_that_is_not_agreed_to_brings_nothing(desk: Desk) -> None:
    line = desk.shop.line(desk.product, "-1")
    order = desk.shop.draft(desk.shop.open_account(), line)
    [result] = send(desk, {"for_order_id": order.order_id})["results"]
    assert result["code"] == "nothing_to_come_back"


def test_the_statements_do_not_grow_with_the_batch(shop: Any, store: Any) -> None:
    desk = Desk(shop, is_stocked=True)
    moment: dict[str, Any] = {"moved_on": desk.today, "today": desk.today, "now": desk.now}
    store.move(desk.product.product_id, "1000", **moment)

    def statements(count: int) -> int:
        sold = [{"order_id": desk.sell("5").order_id, "external_id": f"S{n}"} for n in range(count)]
        brought = [bring(desk, "-1") for _ in range(count)]
        for order_id in brought[::2]:
            desk.open_ordered(desk.shop.fetch(order_id))
        rows = [*sold, *({"for_order_id": order_id} for order_id in brought)]
        desk.session.flush()
        desk.session.expire_all()
        with counted(desk.session) as sent:
            assert send(desk, *rows)["refused"] == 0
        return len(sent)

    assert statements(2) == statements(50)

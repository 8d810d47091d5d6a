"""Asking for returns, deciding them, and the way of the goods."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from kernel.refusals import Conflict, Invalid
from services.sales.orders.models import Order
from services.sales.returns import queries, schemas
from services.sales.returns.rules import LINES_MAX
from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


def test_a_return_is_asked_for_authorised_and_sent_and_each_step_is_told(desk: Desk) -> None:
    order = desk.sell()
    found = desk.ask(order)
    assert (found.status, found.waits_for, found.number[:3]) == (
        "requested",
        "authorisation",
        "RT-",
    )
    desk.authorise(found)
    assert (found.status, found.waits_for) == ("authorised", "goods")
    desk.post(found)
    assert (found.status, found.carrier, found.sent_on) == ("in_transit", "DHL", desk.today)
    line = {"line_id": order.lines[0].line_id, "quantity": "3"}
    [asked], [authorised] = desk.told("return_requested"), desk.told("return_authorised")
    assert (asked["lines"], asked["reason"]) == ([line], "Too low.")
    assert (authorised["lines"], authorised["expires_on"]) == ([line], "2026-04-01")
    assert authorised["remedy_id"] is None
    assert [sent["tracking_number"] for sent in desk.told("return_sent")] == ["17"]
    steps = queries.read_steps(desk.session, return_id=found.return_id)
    assert [(step.action, step.event) for step in steps] == [
        ("requested", "return_requested"),
        ("authorised", "return_authorised"),
        ("sent", "return_sent"),
    ]


def test_no_more_is_asked_than_was_sent_and_is_not_returned(desk: Desk) -> None:
    order = desk.sell("8", sent="5")
    desk.ask(order, "3")
    with pytest.raises(Conflict) as refused:
        desk.ask(order, "3")
    assert (refused.value.code, refused.value.facts["left"]) == ("more_than_shipped", "2")
    assert "2 was shipped" in refused.value.detail
    desk.ask(order, "2")


def test_what_was_declined_or_rejected_or_did_not_come_may_be_asked_for_again(desk: Desk) -> None:
    order = desk.sell("3")
    desk.decline(desk.ask(order))
    rejected = desk.authorise(desk.ask(order))
    desk.inspect(desk.receive(rejected), "1", "0", "2")
    kept = desk.authorise(desk.ask(order, "2"))
    desk.close(desk.receive(kept, "1"))
    desk.ask(order, "1")
    with pytest.raises(Conflict, match="Nothing of that line was shipped"):
        desk.ask(order, "1")


def test_a_line_of_another_order_is_refused(desk: Desk) -> None:
    mine, other = desk.sell(), desk.sell()
    lines = [{"line_id": other.lines[0].line_id, "quantity": Decimal(1)}]
    with pytest.raises(Invalid) as refused:
        desk.ask(mine, lines=lines)
    assert refused.value.errors[0]["field"] == "lines/0/line_id"


def test_what_is_on_its_way_is_not_declined_but_closed(desk: Desk) -> None:
    found = desk.post(desk.authorise(desk.ask(desk.sell())))
    with pytest.raises(Conflict, match="closed"):
        desk.decline(found)
    desk.close(found)
    assert (found.status, found.waits_for, found.ended_at) == ("refused", None, desk.now)
    assert [one["reason"] for one in desk.told("return_rejected")] == ["They keep it."]


def test_returns_are_listed_by_account_order_and_status(desk: Desk) -> None:
    order = desk.sell()
    first, second = desk.ask(order, "1"), desk.authorise(desk.ask(order, "2"))
    none: dict[str, Any] = {"order_id": None, "status": None, "waits_for": None, "after": None}

    def listed(**wanted: Any) -> list[str]:
        asked = none | {"account_id": order.account_id, "limit": 10} | wanted
        page = queries.list_returns(desk.session, **asked)
        return [schemas.ReturnSummary().dump(one)["number"] for one in page["items"]]

    assert listed() == [second.number, first.number]
    assert listed(status="requested") == [first.number]
    assert listed(order_id=order.order_id, waits_for="goods") == [second.number]
    assert listed(order_id=desk.sell().order_id) == []


def test_asking_for_fifty_lines_takes_as_many_statements_as_for_two(
    desk: Desk,
) -> None:
    def asking(many: int) -> int:
        more = [desk.shop.line(desk.product, "1") for _ in range(many - 1)]
        order = desk.sell("1", *more, sent=None)
        desk.session.flush()
        desk.send_all(order)
        lines = [{"line_id": line.line_id, "quantity": Decimal(1)} for line in order.lines]
        asked: list[str] = []
        connection = desk.session.connection()

        def note(*given: Any) -> None:
            asked.append(given[2])

        event.listen(connection, "before_cursor_execute", note)
        desk.ask(order, lines=lines)
        event.remove(connection, "before_cursor_execute", note)
        return len(asked)

    assert asking(50) <= asking(2) + 1
    assert LINES_MAX >= 50


def test_two_who_ask_at_once_never_get_more_than_was_sent(
    engine: Engine, shop_in: Callable[[Session], Any]
) -> None:
    with Session(engine) as session, session.begin():
        order_id = Desk(shop_in(session)).sell("5").order_id
    start = threading.Barrier(4)

    def ask_two(_: int) -> str:
        with Session(engine) as session, session.begin():
            desk = Desk(shop_in(session), sku=f"SKU-{_}")
            order = session.get_one(Order, order_id)
            start.wait(timeout=30)
            try:
                desk.ask(order, "2")
            except Conflict as refused:
                return refused.code
        return "asked"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(ask_two, range(4)))
    assert outcomes == ["asked"] * 2 + ["more_than_shipped"] * 2

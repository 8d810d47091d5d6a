"""Remedies and lines below nothing open returns, once for each, in whatever order and however often."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from services.sales.orders.models import Order
from services.sales.return_causes import usecases
from services.sales.returns.models import Return
from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


def opened(desk: Desk, **wanted: Any) -> list[Return]:
    found = select(Return).filter_by(**wanted).order_by(Return.number)
    return [*desk.session.scalars(found)]


def test_a_remedy_opens_one_return_whatever_is_repeated_and_is_answered(desk: Desk) -> None:
    order = desk.sell()
    remedy_id = desk.grant(order)
    desk.grant(order, remedy_id=remedy_id)
    [found] = opened(desk, remedy_id=remedy_id)
    assert (found.status, found.reason) == ("authorised", "Return granted: Broken")
    assert desk.quantities(found) == {"asked": "2"}
    [answer] = desk.told("return_authorised")
    assert (answer["remedy_id"], answer["return_id"]) == (remedy_id, found.return_id)
    assert desk.told("return_requested") == []


def test_what_is_made_good_for_less_keeps_the_rest_back_and_what_stays_is_lowered(
    desk: Desk, shop: Any
) -> None:
    table = shop.line(shop.offer(unit_price=9900), "1")
    order = desk.sell("8", table, sent=None)
    desk.send_all(order)
    stays = {"position": 2, "order_line_id": order.lines[1].line_id, "is_returned": False}
    stays |= {"quantity": Decimal(1), "unit_price": 1000}
    [found] = opened(desk, remedy_id=desk.grant(order, {"unit_price": 1400}, stays))
    desk.credit(desk.inspect(desk.receive(found, "1"), "1"))
    desk.credit(desk.inspect(desk.receive(found), "1"))
    first, second = (one["lines"] for one in desk.told("return_accepted"))
    assert [(one["kept_back"], one["lowered_by"]) for one in first] == [(760, None), (0, 1000)]
    assert [(one["kept_back"], one["lowered_by"]) for one in second] == [(760, None)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"order_line_id": None}, "order_line_unknown"),
        ({"quantity": Decimal(9)}, "more_than_shipped"),
        ({"is_returned": False}, "nothing_returned"),
    ],
)
def test_what_cannot_come_back_is_refused_once_with_a_sentence(
    desk: Desk, line: dict[str, Any], code: str
) -> None:
    order = desk.sell()
    remedy_id = desk.grant(order, line)
    desk.grant(order, remedy_id=remedy_id)
    [refused] = desk.told("remedy_refused")
    assert (refused["remedy_id"], refused["code"]) == (remedy_id, code)
    assert refused["reason"].endswith(".")
    assert opened(desk, remedy_id=remedy_id) == []


def test_another_accounts_goods_are_refused_and_other_kinds_let_be(desk: Desk) -> None:
    order = desk.sell()
    desk.grant(order, account_id=desk.sell().account_id)
    desk.grant(order, kind="credit")
    assert [one["code"] for one in desk.told("remedy_refused")] == ["order_line_unknown"]


def test_a_replacement_is_ordered_at_once_and_nothing_comes_back(desk: Desk) -> None:
    order = desk.sell()
    remedy_id = new_id("rem")
    for _ in range(2):
        desk.grant(order, {"is_returned": False}, kind="replacement", remedy_id=remedy_id)
    [found] = opened(desk, remedy_id=remedy_id)
    [answer] = desk.told("replacement_ordered")
    placed = desk.session.get_one(Order, answer["order_id"])
    assert (found.status, found.lines, answer["remedy_id"]) == ("replaced", [], remedy_id)
    assert (placed.status, placed.total_gross) == ("confirmed", 0)
    assert placed.replaces_return_id == found.return_id
    assert placed.lines[0].quantities.ordered == 2
    assert desk.told("return_authorised") == []


def test_a_replacement_that_cannot_be_confirmed_is_refused_and_leaves_nothing(
    desk: Desk, shop: Any
) -> None:
    order = desk.sell()
    shop.hold(order.account_id)
    remedy_id = desk.grant(order, {"is_returned": False}, kind="replacement")
    assert [one["code"] for one in desk.told("remedy_refused")] == ["credit_hold"]
    assert opened(desk, remedy_id=remedy_id) == []
    assert opened(desk, account_id=order.account_id) == []


def bring_back(desk: Desk, sold: Order | None, *quantities: str) -> Order:
    """A confirmed order of one chair out, and so many back."""
    shop = desk.shop
    sold_by = None if sold is None else sold.lines[0].line_id
    back = [shop.line(desk.product, many, returns_line_id=sold_by) for many in quantities]
    account_id = shop.open_account() if sold is None else sold.account_id
    order: Order = shop.confirm(shop.draft(account_id, shop.line(desk.product), *back))
    for _ in range(2):
        desk.open_ordered(order)
    return order


def test_a_line_below_nothing_opens_a_return_of_the_order_that_sold_the_goods(desk: Desk) -> None:
    sold = desk.sell()
    order = bring_back(desk, sold, "-2")
    [found] = opened(desk, for_order_id=order.order_id)
    assert (found.status, found.order_id) == ("authorised", sold.order_id)
    desk.credit(desk.inspect(desk.receive(found), "1", "0", "1"))
    [told] = desk.told("return_accepted")
    assert told["lines"][0]["line_id"] == sold.lines[0].line_id
    assert told["lines"][0]["unsold"] is None
    assert order.lines[1].quantities.returned == 1


def test_what_no_order_had_sold_is_credited_at_the_lines_own_price(desk: Desk) -> None:
    order = bring_back(desk, None, "-3")
    [found] = opened(desk, for_order_id=order.order_id)
    desk.credit(desk.inspect(desk.receive(found), "3"), "10")
    [line] = desk.told("return_accepted")[0]["lines"]
    assert line == {
        "line_id": order.lines[1].line_id,
        "quantity": "3",
        "kept_back": 720,
        "lowered_by": None,
        "unsold": {"description": "Chair", "unit_price": 2400, "tax_percent": "20.00"},
    }
    assert order.lines[1].quantities.open == 0


def test_more_than_was_sold_is_declined_and_raised_to_a_person(desk: Desk) -> None:
    sold = desk.sell("3")
    order = bring_back(desk, sold, "-2", "-2")
    first, second = opened(desk, for_order_id=order.order_id)
    assert (first.status, second.status) == ("authorised", "declined")
    [due] = desk.told("contact_due")
    assert (due["reason"], due["about"]) == ("return_impossible", second.return_id)
    assert "1 was shipped" in due["sentence"]
    assert len(desk.told("return_declined")) == 1


def test_where_the_order_is_cancelled_nothing_is_waited_for(desk: Desk) -> None:
    sold = desk.sell()
    order = bring_back(desk, sold, "-2")
    desk.shop.cancel(order)
    [found] = opened(desk, for_order_id=order.order_id)
    for _ in range(2):
        usecases.end_ordered(desk.session, order_ids=[order.order_id], now=desk.now, by="sales")
    assert (found.status, found.waits_for) == ("declined", None)
    desk.open_ordered(order)
    assert len(opened(desk, for_order_id=order.order_id)) == 1


def test_what_came_back_by_an_order_that_is_cancelled_meanwhile_is_credited_all_the_same(
    desk: Desk,
) -> None:
    order = bring_back(desk, desk.sell(), "-2")
    [found] = opened(desk, for_order_id=order.order_id)
    desk.inspect(desk.receive(found), "2")
    desk.shop.cancel(order)
    desk.credit(found)
    desk.settle(found)
    assert (found.status, order.lines[1].quantities.returned) == ("credited", 0)


def test_what_stops_in_the_middle_leaves_nothing_and_is_done_whole_when_it_is_heard_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, remedy_id = desk.sell(), new_id("rem")
    wanted: dict[str, Any] = {"kind": "replacement", "remedy_id": remedy_id}

    def die(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("services.sales.return_answers.usecases.confirm_order", die)
        with pytest.raises(RuntimeError), desk.session.begin_nested():
            desk.grant(order, {"is_returned": False}, **wanted)
    assert opened(desk, remedy_id=remedy_id) == []
    for _ in range(2):
        desk.grant(order, {"is_returned": False}, **wanted)
    assert [one.status for one in opened(desk, remedy_id=remedy_id)] == ["replaced"]
    assert len(desk.told("replacement_ordered")) == 1

"""Claims about what is cancelled after it was billed: a person is told, once, until it is credited or
left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.sales.billed_too_much.usecases import judge_changed
from services.sales.invoices.usecases import (
    record_credit_voids,
    record_credits,
    record_invoices,
    record_returns,
)
from services.sales.order_exceptions.queries import find_open
from services.sales.order_money.queries import get_order_money, read_money
from services.sales.order_settling.usecases import settle_exception
from services.sales.orders.usecases import cancel_quantities

pytestmark = pytest.mark.server


class Desk:
    """An order of ten, billed on order, of which all is billed."""

    def __init__(self, session: Any, shop: Any, **facts: Any) -> None:
        self.session, self.shop = session, shop
        self.moment: Any = {"today": shop.today, "now": shop.now}
        line = shop.line(shop.offer(unit_price=1000, tax_percent=0), "10")
        self.order = shop.confirm(
            shop.draft(shop.open_account(), line, **{"bills_on": "order"} | facts)
        )
        [self.line] = self.order.lines
        self.invoice_id = new_id("inv")
        line = {"position": 1, "order_line_id": self.line.line_id, "shipment_id": None}
        self.issued = {
            "account_id": self.order.account_id,
            "invoice_id": self.invoice_id,
            "number": "R-1",
            "order_id": self.order.order_id,
            "shipment_id": None,
            "currency": "EUR",
            "total": 10_000,
            "taken_off": 0,
            "account_balance": None,
            "lines": [line | {"quantity": Decimal(10)}],
        }

    def bill(self) -> None:
        record_invoices(self.session, [self.issued], **self.moment)

    def cancel(self, quantity: int) -> None:
        """Cancel so much of the line, and hear of it."""
        names = {self.line.line_id: Decimal(quantity)}
        cancel_quantities(self.session, self.order, quantities=names)
        for _ in range(2):
            judge_changed(self.session, [self.order.order_id], **self.moment)

    def credit(self, quantity: int, *, return_id: str | None = None) -> str:
        line = {"invoice_position": 1, "order_line_id": self.line.line_id}
        line |= {"quantity": Decimal(quantity), "is_price_reduction": False}
        told = {
            **{name: self.issued[name] for name in ("account_id", "order_id", "currency")},
            "credit_note_id": new_id("crn"),
            "taken_back": 0,
            "invoice_id": self.invoice_id,
            "return_id": return_id,
            "lines": [line],
        }
        record_credits(self.session, [told], **self.moment)
        return str(told["credit_note_id"])

    def void_credit(self, credit_note_id: str) -> None:
        names = {name: self.issued[name] for name in ("account_id", "order_id", "currency")}
        record_credit_voids(
            self.session, [names | {"credit_note_id": credit_note_id}], **self.moment
        )

    def come_back(self, quantity: int) -> str:
        return_id = new_id("ret")
        line = {"line_id": self.line.line_id, "quantity": Decimal(quantity)}
        line |= {"lowered_by": None, "unsold": None}
        told = {"return_id": return_id, "part": 1, "order_id": self.order.order_id}
        record_returns(self.session, [told | {"lines": [line]}])
        judge_changed(self.session, [self.order.order_id], **self.moment)
        return return_id

    def settle(self, how: str) -> Any:
        [raised] = find_open(self.session, order_id=self.order.order_id)
        return settle_exception(
            self.session,
            exception_id=raised.exception_id,
            settled_as=how,
            reason="So.",
            by="lee",
            **self.moment,
        )

    def open(self) -> list[tuple[str, list[int]]]:
        """What of which kind nobody has settled, and how much of its lines."""
        found = find_open(self.session, order_id=self.order.order_id)
        return [(one.kind, [int(line.quantity) for line in one.lines]) for one in found]

    def money(self) -> tuple[int, int, int]:
        """What is to be billed, kept, and billed too much of the line."""
        [one] = read_money(self.session, self.order)
        return int(one.to_bill), int(one.kept), int(one.too_much)

    def told(self, name: str) -> list[Any]:
        announced = self.session.info.get("announced", [])
        return [data for event, data, *_ in announced if event.__name__ == name]


@pytest.fixture
def desk(session: Any, shop: Any) -> Desk:
    return Desk(session, shop)


def test_what_is_cancelled_after_it_was_billed_is_told_once_and_credited_by_billing(
    desk: Desk,
) -> None:
    desk.bill()
    assert (desk.money(), desk.open()) == ((0, 0, 0), [])
    desk.cancel(3)
    assert (desk.money(), desk.open()) == ((-3, 0, 3), [("billed_too_much", [3])])
    desk.cancel(1)
    assert desk.open() == [("billed_too_much", [4])]
    [raised], [due] = desk.told("OrderExceptionRaised"), desk.told("ContactDue")
    assert (raised["about"], raised["about_number"]) == (desk.order.order_id, desk.order.number)
    assert due["reason"] == "order_exception" and "more is billed than is agreed" in due["sentence"]
    with pytest.raises(Conflict) as refused:
        desk.settle("again")
    assert refused.value.code == "credited_in_billing"
    note_id = desk.credit(4)
    assert (desk.money(), desk.open()) == ((0, 0, 0), [])
    [settled] = desk.told("OrderExceptionSettled")
    assert (settled["settled_as"], settled["settled_by"]) == ("mended", "sales")
    assert len(desk.told("ContactSettled")) == 1
    desk.void_credit(note_id)
    assert desk.open() == [("billed_too_much", [4])], "it may happen again"


def test_a_part_that_is_credited_leaves_the_rest_to_be_looked_at(desk: Desk) -> None:
    desk.bill()
    desk.cancel(4)
    desk.credit(1)
    assert desk.open() == [("billed_too_much", [3])]
    assert len(desk.told("OrderExceptionRaised")) == 1


def test_what_is_cancelled_before_its_invoice_comes_is_told_when_it_comes(desk: Desk) -> None:
    desk.cancel(10)
    assert desk.open() == []
    desk.bill()
    assert desk.open() == [("billed_too_much", [10])]


def test_what_is_left_stays_billed_and_only_more_is_told_again(desk: Desk) -> None:
    desk.bill()
    desk.cancel(3)
    settled = desk.settle("leave")
    assert ([line.left for line in settled.lines], settled.settled_as) == ([3], "leave")
    assert (desk.money(), desk.open()) == ((0, 3, 0), [])
    assert get_order_money(desk.session, order_id=desk.order.order_id)["is_billed"]
    desk.cancel(2)
    assert (desk.money(), desk.open()) == ((-2, 3, 2), [("billed_too_much", [2])])


def test_goods_that_come_back_are_not_billed_too_much(desk: Desk) -> None:
    """They are credited by their return."""
    desk.bill()
    return_id = desk.come_back(2)
    assert (desk.money(), desk.open()) == ((-2, 0, 0), [])
    desk.cancel(4)
    assert desk.open() == [("billed_too_much", [4])]
    desk.credit(2, return_id=return_id)
    assert desk.open() == [("billed_too_much", [4])]
    desk.credit(4)
    assert (desk.money(), desk.open()) == ((0, 0, 0), [])


def test_what_is_to_be_billed_in_all_is_told_of_each_version(desk: Desk) -> None:
    def told() -> list[tuple[int, str, str]]:
        return [
            (one["version"], one["lines"][0]["quantity"], one["lines"][0]["kept"])
            for one in desk.told("OrderBillableChanged")
        ]

    def hear() -> None:
        judge_changed(desk.session, [desk.order.order_id], **desk.moment)

    hear()
    desk.bill()
    desk.cancel(3)
    hear()
    desk.settle("leave")
    first, second, third = sorted({version for version, *_ in told()})
    assert first < second < third, "the newest is known"
    said = list(dict.fromkeys(tuple(rest) for _, *rest in told()))
    assert said == [("10", "0"), ("7", "0"), ("7", "3")]


def test_orders_that_are_billed_as_they_are_shipped_are_passed_over(
    session: Any, shop: Any
) -> None:
    desk = Desk(session, shop, bills_on="shipment")
    desk.bill()
    desk.cancel(4)
    judge_changed(session, [desk.order.order_id], **desk.moment)
    assert (desk.open(), desk.told("OrderBillableChanged")) == ([], [])

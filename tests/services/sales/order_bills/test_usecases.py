"""Claims about asking billing: at confirming, once, and what it refuses is never silent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Conflict
from services.sales.order_bills import queries, usecases
from services.sales.order_bills.models import OrderBill
from services.sales.order_money import usecases as order_money
from services.sales.order_money.queries import get_order_money

pytestmark = pytest.mark.server


class Desk:
    """What is asked, answered and told of the orders of one shop."""

    def __init__(self, session: Any, shop: Any) -> None:
        self.session, self.shop = session, shop
        self.moment: Any = {"now": shop.now, "by": "kim"}

    def confirm(self, quantity: str = "4", price: int = 1000, **facts: Any) -> Any:
        line = self.shop.line(self.shop.offer(unit_price=price), quantity)
        return self.shop.confirm(self.shop.draft(self.shop.open_account(), line, **facts))

    def bills(self, order: Any) -> list[OrderBill]:
        listed: list[OrderBill] = queries.list_order_bills(
            self.session,
            account_id=None,
            order_id=order.order_id,
            status=None,
            limit=10,
            after=None,
        )["items"]
        return listed

    def refuse(self, bill: OrderBill) -> None:
        answer = {"code": "account_closed", "reason": "Account A-1 is closed."}
        moment = {"today": self.shop.today, "now": self.shop.now}
        usecases.hear_refused(self.session, [{"bill_id": bill.bill_id, **answer}], **moment)

    def bill(self, bill: OrderBill, invoice_id: str = "inv_1") -> None:
        answer = {"invoice_id": invoice_id, "invoice_number": "R1", "total": 4760}
        told = {"bill_id": bill.bill_id, **answer}
        usecases.hear_billed(self.session, [told], now=self.shop.now)

    def told(self, name: str) -> list[Any]:
        announced = self.session.info.get("announced", [])
        return [data for event, data, *_ in announced if event.__name__ == name]


@pytest.fixture
def desk(session: Any, shop: Any) -> Desk:
    return Desk(session, shop)


def test_what_is_billed_on_order_is_asked_for_as_it_is_confirmed(desk: Desk) -> None:
    order = desk.confirm(bills_on="order", reference="PO 7")
    [asked] = desk.told("OrderBillAsked")
    [line] = asked["lines"]
    assert (asked["order_id"], asked["client_order_number"]) == (order.order_id, "PO 7")
    assert (line["line_id"], line["quantity"], line["unit_price"]) == (
        order.lines[0].line_id,
        "4",
        1000,
    )
    [bill] = desk.bills(order)
    assert (bill.bill_id, bill.status, bill.kind) == (asked["bill_id"], "asked", "lines")
    [money] = get_order_money(desk.session, order_id=order.order_id)["lines"]
    assert (money.to_bill, money.asked, money.to_ask) == (4, 4, 0)


@pytest.mark.parametrize(
    ("price", "facts"), [(1000, {}), (0, {"bills_on": "order"}), (0, {"deposit_percent": 25})]
)
def test_nothing_is_asked_of_what_is_billed_as_it_is_shipped_or_given_away(
    desk: Desk, price: int, facts: Any
) -> None:
    assert desk.bills(desk.confirm(price=price, **facts)) == []
    assert desk.told("OrderBillAsked") == desk.told("DepositAsked") == []


def test_a_deposit_is_asked_for_as_the_order_is_confirmed_and_shown(desk: Desk) -> None:
    order = desk.confirm(deposit_percent=Decimal(25))
    [asked] = desk.told("DepositAsked")
    assert (asked["order_id"], asked["percent"]) == (order.order_id, "25.00")
    assert [(one["tax_percent"], one["net"]) for one in asked["ordered"]] == [("19.00", 4000)]
    for _ in range(2):
        desk.bill(*desk.bills(order))
    [shown] = get_order_money(desk.session, order_id=order.order_id)["bills"]
    assert (shown.bill_id, shown.status, shown.total) == (asked["deposit_id"], "billed", 4760)
    with pytest.raises(Conflict) as refused:
        order_money.ask_deposit_again(desk.session, order_id=order.order_id, **desk.moment)
    assert refused.value.code == "deposit_asked"


def test_a_refused_deposit_goes_to_the_worklist_until_it_is_asked_for_again(desk: Desk) -> None:
    order = desk.confirm(deposit_percent=Decimal(25))
    for _ in range(2):
        desk.refuse(*desk.bills(order))
    [due] = desk.told("ContactDue")
    assert (due["reason"], due["account_id"]) == ("deposit_refused", order.account_id)
    assert due["sentence"].endswith("could not be billed. Account A-1 is closed.")
    order_money.ask_deposit_again(desk.session, order_id=order.order_id, **desk.moment)
    [settled] = desk.told("ContactSettled")
    assert (settled["about"], settled["version"]) == (due["about"], 2)
    assert sorted(bill.status for bill in desk.bills(order)) == ["asked", "given_up"]
    assert len(desk.told("DepositAsked")) == 2


def test_no_deposit_is_asked_for_of_an_order_that_ended(desk: Desk) -> None:
    order = desk.confirm(deposit_percent=Decimal(25))
    desk.refuse(*desk.bills(order))
    desk.shop.cancel(order)
    usecases.give_up_deposits(desk.session, order_ids=[order.order_id], **desk.moment)
    assert len(desk.told("ContactSettled")) == 1
    with pytest.raises(Conflict, match="no deposit"):
        order_money.ask_deposit_again(desk.session, order_id=order.order_id, **desk.moment)


def test_what_was_refused_is_drafted_again_edited_and_asked_for(desk: Desk) -> None:
    order = desk.confirm(bills_on="order", quantity="10")
    [first] = desk.bills(order)
    [line] = order.lines
    desk.refuse(first)
    draft = order_money.draft_order_bill(
        desk.session, order_id=order.order_id, lines=None, **desk.moment
    )
    assert [one.quantity for one in draft.lines] == [10]
    lines = [{"line_id": line.line_id, "quantity": Decimal(5)}]
    order_money.change_order_bill(desk.session, bill_id=draft.bill_id, lines=lines)
    order_money.ask_order_bill(desk.session, bill_id=draft.bill_id, **desk.moment)
    assert (first.status, draft.status) == ("given_up", "asked")
    [money] = get_order_money(desk.session, order_id=order.order_id)["lines"]
    assert (money.asked, money.to_ask, money.to_bill) == (5, 5, 10)
    other = order_money.draft_order_bill(
        desk.session, order_id=order.order_id, lines=None, **desk.moment
    )
    assert [one.quantity for one in other.lines] == [5]
    order_money.withdraw_order_bill(desk.session, bill_id=other.bill_id, **desk.moment)
    with pytest.raises(Conflict) as refused:
        order_money.ask_order_bill(desk.session, bill_id=other.bill_id, **desk.moment)
    assert refused.value.code == "order_bill_withdrawn"


def test_a_draft_that_was_overtaken_is_not_asked_for(desk: Desk) -> None:
    order = desk.confirm(bills_on="order", quantity="10")
    desk.refuse(*desk.bills(order))
    drafts = [
        order_money.draft_order_bill(
            desk.session, order_id=order.order_id, lines=None, **desk.moment
        )
        for _ in range(2)
    ]
    order_money.ask_order_bill(desk.session, bill_id=drafts[0].bill_id, **desk.moment)
    with pytest.raises(Conflict) as refused:
        order_money.ask_order_bill(desk.session, bill_id=drafts[1].bill_id, **desk.moment)
    assert refused.value.code == "more_than_to_bill"
    order_money.withdraw_order_bill(desk.session, bill_id=drafts[1].bill_id, **desk.moment)


def test_what_was_refused_is_given_up_by_hand_and_stays_to_be_billed(desk: Desk) -> None:
    order = desk.confirm(bills_on="order")
    [bill] = desk.bills(order)
    desk.refuse(bill)
    order_money.give_up_order_bill(desk.session, bill_id=bill.bill_id, **desk.moment)
    assert len(desk.told("ContactSettled")) == 1
    [money] = get_order_money(desk.session, order_id=order.order_id)["lines"]
    assert (money.to_bill, money.asked) == (4, 0)


def test_an_order_that_is_billed_as_it_is_shipped_is_not_drafted_a_bill_of(desk: Desk) -> None:
    order = desk.confirm()
    with pytest.raises(Conflict) as refused:
        order_money.draft_order_bill(
            desk.session, order_id=order.order_id, lines=None, **desk.moment
        )
    assert refused.value.code == "billed_on_shipment"

"""Claims about shipping on payment, and about what is added to an order that is billed on order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.sales.amendments.usecases import amend_order
from services.sales.billed.usecases import keep_invoices
from services.sales.dispatches.usecases import draft_shipment, move_shipment, send_shipment
from services.sales.order_exceptions.queries import find_open
from services.sales.order_money.queries import read_money
from services.sales.shipments.rules import Step
from services.sales.shipments.usecases import cancel_shipment

pytestmark = pytest.mark.server


class Desk:
    """An order of nine that is billed on order and shipped on payment."""

    def __init__(self, session: Any, shop: Any) -> None:
        self.session = session
        self.moment: Any = {"today": shop.today, "now": shop.now, "by": "kim"}
        line = shop.line(shop.offer(unit_price=1000), "9")
        facts = {"bills_on": "order", "ships_on": "payment"}
        self.order = shop.confirm(shop.draft(shop.open_account(), line, **facts))
        [self.line] = self.order.lines

    def bill(self, quantity: int) -> str:
        line = {"order_line_id": self.line.line_id, "position": 1, "quantity": Decimal(quantity)}
        names = {"account_id": self.order.account_id, "invoice_id": new_id("inv"), "number": "R1"}
        facts = {"order_id": self.order.order_id, "shipment_id": None, "lines": [line]}
        keep_invoices(self.session, [names | facts])
        return names["invoice_id"]

    def pay(self, invoice_id: str, version: int, *, is_paid: bool = True) -> None:
        told = {"account_id": self.order.account_id, "invoice_id": invoice_id}
        keep_invoices(self.session, [told | {"settled_version": version, "is_paid": is_paid}])

    def send(self, quantity: int | None = None) -> int:
        line = {"line_id": self.line.line_id, "quantity": quantity and Decimal(quantity)}
        lines = None if quantity is None else [line]
        names = {"order_id": self.order.order_id, "lines": lines}
        sent = send_shipment(self.session, **names, shipped_on=None, **self.moment)
        return int(sent.lines[0].quantity)

    def refused(self, quantity: int | None = None) -> str:
        with pytest.raises(Conflict) as refused:
            self.send(quantity)
        return refused.value.code


@pytest.fixture
def desk(session: Any, shop: Any) -> Desk:
    return Desk(session, shop)


def test_of_nine_the_invoice_for_six_paid_six_go_and_the_rest_when_the_next_is(desk: Desk) -> None:
    six, three = desk.bill(6), desk.bill(3)
    assert desk.refused() == desk.refused(1) == "not_paid"
    desk.pay(six, 2)
    assert desk.refused(7) == "not_paid"
    assert desk.send() == 6
    assert desk.refused() == "not_paid"
    desk.pay(three, 2)
    assert desk.send() == 3
    assert desk.order.status == "done"


def test_what_was_planned_before_an_invoice_was_opened_again_does_not_leave(desk: Desk) -> None:
    invoice_id = desk.bill(9)
    desk.pay(invoice_id, 2)
    names = {"order_id": desk.order.order_id, "lines": None, "ships_on": None}
    shipment = draft_shipment(desk.session, **names, **desk.moment)
    for step in (Step.ASSIGN, Step.PICK):
        move_shipment(desk.session, step=step, shipment_id=shipment.shipment_id, **desk.moment)
    desk.pay(invoice_id, 3, is_paid=False)
    ship = {"step": Step.SHIP, "shipment_id": shipment.shipment_id}
    with pytest.raises(Conflict) as refused:
        move_shipment(desk.session, **ship, **desk.moment)
    assert refused.value.code == "not_paid"
    desk.pay(invoice_id, 4)
    assert move_shipment(desk.session, **ship, **desk.moment).status == "shipped"


def test_a_shipment_that_somebody_cancels_is_an_exception(desk: Desk) -> None:
    desk.pay(desk.bill(9), 2)
    names = {"order_id": desk.order.order_id, "lines": None, "ships_on": None}
    shipment = draft_shipment(desk.session, **names, **desk.moment)
    cancel_shipment(
        desk.session, shipment_id=shipment.shipment_id, reason="No lorry.", **desk.moment
    )
    [raised] = find_open(desk.session, order_id=desk.order.order_id)
    assert (raised.kind, raised.about_number) == ("shipment_cancelled", shipment.number)
    assert [line.quantity for line in raised.lines] == [9]


def test_what_is_added_to_an_order_is_asked_to_be_billed(
    session: Any, shop: Any, desk: Desk
) -> None:
    stool = shop.line(shop.offer(unit_price=500), "2")
    more = {"line_id": desk.line.line_id, "quantity": Decimal(12)}
    amend_order(
        session,
        order_id=desk.order.order_id,
        reason="They want more.",
        reference=None,
        add_lines=[stool | {"promised_on": None, "note": None, "returns_line_id": None}],
        change_lines=[more],
        acceptance=None,
        **desk.moment,
    )
    asked = [
        data for event, data, *_ in session.info["announced"] if event.__name__ == "OrderBillAsked"
    ]
    assert [[line["quantity"] for line in one["lines"]] for one in asked] == [["9"], ["3", "2"]]
    assert [(one.to_bill, one.to_ask) for one in read_money(session, desk.order)] == [
        (12, 0),
        (2, 0),
    ]

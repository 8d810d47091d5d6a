"""Claims about what was undone of orders: raised once, never silent, settled by a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.sales.dispatches.usecases import draft_shipment, send_shipment
from services.sales.invoices.usecases import record_invoices, record_voids
from services.sales.order_bills.queries import list_order_bills
from services.sales.order_exceptions import queries
from services.sales.order_exceptions.rules import ExceptionKind
from services.sales.order_exceptions.usecases import raise_exception
from services.sales.order_money.queries import read_money
from services.sales.order_settling.usecases import settle_exception
from services.sales.orders.queries import get_standing

pytestmark = pytest.mark.server


class Desk:
    """One order of ten, at 10.00 without tax, and what billing tells of it."""

    def __init__(self, session: Any, shop: Any, **facts: Any) -> None:
        self.session, self.shop = session, shop
        self.moment: Any = {"today": shop.today, "now": shop.now}
        line = shop.line(shop.offer(unit_price=1000, tax_percent=0), "10")
        self.order = shop.confirm(shop.draft(shop.open_account(), line, **facts))
        [self.line] = self.order.lines

    def ship(self, quantity: int) -> Any:
        lines = [{"line_id": self.line.line_id, "quantity": Decimal(quantity)}]
        names = {"order_id": self.order.order_id, "lines": lines, "by": "kim"}
        return send_shipment(self.session, **names, shipped_on=None, **self.moment)

    def told(self, invoice_id: str, quantity: int, shipment: Any = None) -> dict[str, Any]:
        line = {"position": 1, "order_line_id": self.line.line_id, "shipment_id": None}
        return {
            "account_id": self.order.account_id,
            "invoice_id": invoice_id,
            "number": f"R-{invoice_id[-4:]}",
            "order_id": self.order.order_id,
            "shipment_id": shipment and shipment.shipment_id,
            "currency": "EUR",
            "total": 1000 * quantity,
            "taken_off": 0,
            "account_balance": None,
            "lines": [line | {"quantity": Decimal(quantity)}] if quantity else [],
        }

    def bill(self, quantity: int, shipment: Any = None) -> str:
        invoice_id = new_id("inv")
        record_invoices(self.session, [self.told(invoice_id, quantity, shipment)], **self.moment)
        return invoice_id

    def void(self, invoice_id: str) -> None:
        names = {"account_id": self.order.account_id, "invoice_id": invoice_id}
        record_voids(self.session, [names], **self.moment)

    def settle(self, how: str) -> Any:
        [raised] = queries.find_open(self.session, order_id=self.order.order_id)
        return settle_exception(
            self.session,
            exception_id=raised.exception_id,
            settled_as=how,
            reason="So.",
            by="lee",
            **self.moment,
        )

    def money(self) -> tuple[int, ...]:
        """What is billed, to be billed and left of the line, and what is open in the standing."""
        [one] = read_money(self.session, self.order)
        self.session.expire_all()
        standing = get_standing(self.session, account_id=self.order.account_id, currency=None)
        return int(one.billed), int(one.to_bill), int(one.left), standing.open_orders

    def asked(self) -> list[tuple[str, str]]:
        page = {"account_id": None, "status": None, "limit": 10, "after": None}
        listed = list_order_bills(self.session, order_id=self.order.order_id, **page)["items"]
        return [(bill.kind, bill.status) for bill in reversed(listed)]

    def announced(self, name: str) -> list[Any]:
        announced = self.session.info.get("announced", [])
        return [data for event, data, *_ in announced if event.__name__ == name]


@pytest.mark.parametrize("is_void_first", [True, False])
def test_a_voided_invoice_raises_an_exception_once_whichever_is_heard_of_first(
    session: Any, shop: Any, is_void_first: bool
) -> None:
    desk = Desk(session, shop)
    shipment = desk.ship(10)
    invoice_id = new_id("inv")
    issued = desk.told(invoice_id, 10, shipment)
    for step in (0, 1, 0, 1) if is_void_first else (1, 0, 1, 0):
        if step:
            record_invoices(session, [issued], **desk.moment)
        else:
            desk.void(invoice_id)
    [raised] = queries.find_open(session, order_id=desk.order.order_id)
    assert (raised.kind, raised.about) == ("invoice_voided", invoice_id)
    assert [(line.line_id, line.quantity) for line in raised.lines] == [(desk.line.line_id, 10)]
    [due] = desk.announced("ContactDue")
    assert (due["reason"], due["about"]) == ("order_exception", raised.exception_id)
    assert len(desk.announced("OrderExceptionRaised")) == 1
    assert desk.money() == (0, 10, 0, 10_000)


def test_a_shipment_is_asked_to_be_billed_again_or_left(session: Any, shop: Any) -> None:
    desk = Desk(session, shop)
    shipment = desk.ship(10)
    desk.void(desk.bill(10, shipment))
    settled = desk.settle("again")
    assert (settled.settled_as, settled.settled_by) == ("again", "lee")
    assert desk.asked() == [("shipment", "asked")]
    [asked] = desk.announced("OrderBillAsked")
    assert (asked["shipment_id"], asked["lines"]) == (shipment.shipment_id, [])
    assert len(desk.announced("ContactSettled")) == 1
    with pytest.raises(Conflict) as refused:
        settle_exception(
            session,
            exception_id=settled.exception_id,
            settled_as="leave",
            reason="So.",
            by="lee",
            **desk.moment,
        )
    assert refused.value.code == "exception_settled"
    desk.void(desk.bill(10, shipment))
    desk.settle("leave")
    assert desk.money() == (0, 0, 10, 0), "it is exposed by nothing any more"


def test_what_is_billed_on_order_is_billed_again_as_far_as_it_is_not_meanwhile(
    session: Any, shop: Any
) -> None:
    desk = Desk(session, shop, bills_on="order")
    first = desk.bill(10)
    [bill] = list_order_bills(
        session, account_id=None, order_id=desk.order.order_id, status=None, limit=2, after=None
    )["items"]
    bill.status, bill.invoice_id = "billed", first
    assert desk.money() == (10, 0, 0, 0)
    desk.void(first)
    assert desk.money() == (0, 10, 0, 10_000)
    desk.bill(4)
    assert desk.money() == (4, 6, 0, 6000)
    desk.settle("again")
    *_, asked = desk.announced("OrderBillAsked")
    assert [line["quantity"] for line in asked["lines"]] == ["6"]
    assert desk.asked() == [("lines", "billed"), ("lines", "asked")]


def test_what_is_billed_on_order_and_left_is_not_billed_any_more(session: Any, shop: Any) -> None:
    desk = Desk(session, shop, bills_on="order")
    first = desk.bill(10)
    [bill] = list_order_bills(
        session, account_id=None, order_id=desk.order.order_id, status=None, limit=2, after=None
    )["items"]
    bill.status, bill.invoice_id = "billed", first
    desk.void(first)
    desk.bill(4)
    desk.settle("leave")
    assert desk.money() == (4, 0, 6, 0)


def test_an_invoice_by_hand_is_billed_again_by_hand(session: Any, shop: Any) -> None:
    desk = Desk(session, shop)
    desk.void(desk.bill(0))
    with pytest.raises(Conflict) as refused:
        desk.settle("again")
    assert refused.value.code == "billed_by_hand"
    desk.settle("leave")


def test_anothers_invoice_raises_nothing(session: Any, shop: Any) -> None:
    desk = Desk(session, shop)
    invoice_id = new_id("inv")
    told = desk.told(invoice_id, 10) | {"account_id": shop.open_account()}
    record_invoices(session, [told], **desk.moment)
    desk.void(invoice_id)
    assert queries.find_open(session, order_id=desk.order.order_id) == []


@pytest.mark.parametrize(("how", "cancelled"), [("again", 0), ("leave", 4)])
def test_what_was_in_a_cancelled_shipment_is_shipped_again_or_not_any_more(
    session: Any, shop: Any, how: str, cancelled: int
) -> None:
    desk = Desk(session, shop)
    desk.ship(5)
    shipment_id = new_id("shp")
    facts = {"account_id": desk.order.account_id, "order_id": desk.order.order_id}
    facts |= {"order_number": desk.order.number, "currency": "EUR", "about_number": "SH-1"}
    for _ in range(2):
        raise_exception(
            session,
            **facts,
            kind=ExceptionKind.SHIPMENT_CANCELLED,
            about=shipment_id,
            quantities={desk.line.line_id: Decimal(4)},
            **desk.moment,
        )
    desk.settle(how)
    session.expire_all()
    assert desk.line.quantities.cancelled == cancelled
    assert desk.line.quantities.open == 5 - cancelled


def test_what_is_in_another_shipment_by_now_is_not_left(session: Any, shop: Any) -> None:
    desk = Desk(session, shop)
    lines = [{"line_id": desk.line.line_id, "quantity": Decimal(8)}]
    names = {"order_id": desk.order.order_id, "lines": lines, "ships_on": None, "by": "kim"}
    draft_shipment(session, **names, **desk.moment)
    raise_exception(
        session,
        account_id=desk.order.account_id,
        order_id=desk.order.order_id,
        order_number=desk.order.number,
        currency="EUR",
        kind=ExceptionKind.SHIPMENT_CANCELLED,
        about=new_id("shp"),
        about_number="SH-1",
        quantities={desk.line.line_id: Decimal(8)},
        **desk.moment,
    )
    settled = desk.settle("leave")
    assert [line.left for line in settled.lines] == [2]
    session.expire_all()
    assert desk.line.quantities.cancelled == 2

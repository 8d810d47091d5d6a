"""What an order that is billed on order adds to the account's exposure is what is to be billed of it,
whatever is billed too much of its other lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from services.sales.amendments.usecases import amend_order
from services.sales.dispatches.usecases import send_shipment
from services.sales.invoices.entrypoints import Invoices
from services.sales.invoices.usecases import record_invoices
from services.sales.orders.queries import get_standing
from services.sales.tolerances.usecases import set_account_tolerance
from tests.services.sales.conftest import LINE

pytestmark = pytest.mark.server
MORE = {"reason": "They say so.", "reference": None, "acceptance": None}


class Desk:
    """An order of ten chairs and five stools, each at 10.00 without tax, billed on order; the chairs are
    billed."""

    def __init__(self, session: Any, shop: Any) -> None:
        self.session, self.shop = session, shop
        self.moment: Any = {"today": shop.today, "now": shop.now, "by": "kim"}
        lines = [self.line("10"), self.line("5")]
        self.order = shop.confirm(shop.draft(shop.open_account(), *lines, bills_on="order"))
        self.chair, self.stool = self.order.lines
        line = {"position": 1, "order_line_id": self.chair.line_id, "shipment_id": None}
        told = {"account_id": self.order.account_id, "invoice_id": new_id("inv"), "number": "R-1"}
        told |= {"order_id": self.order.order_id, "shipment_id": None, "currency": "EUR"}
        told |= {"total": 10_000, "taken_off": 0, "account_balance": None}
        told |= {"lines": [line | {"quantity": Decimal(10)}]}
        record_invoices(session, [told], today=shop.today, now=shop.now)

    def line(self, quantity: str) -> dict[str, Any]:
        product = self.shop.offer(unit_price=1000, tax_percent=0)
        line: dict[str, Any] = self.shop.line(product, quantity)
        return LINE | line

    def amend(self, **said: Any) -> None:
        changes: dict[str, Any] = {"add_lines": [], "change_lines": [], **MORE, **said}
        amend_order(self.session, order_id=self.order.order_id, **changes, **self.moment)

    def send(self, line: Any, quantity: int) -> None:
        lines = [{"line_id": line.line_id, "quantity": Decimal(quantity)}]
        names = {"order_id": self.order.order_id, "lines": lines, "shipped_on": None}
        send_shipment(self.session, **names, **self.moment)

    def exposed(self) -> int:
        self.session.flush()
        self.session.expire_all()
        return get_standing(
            self.session, account_id=self.order.account_id, currency=None
        ).open_orders


@pytest.fixture
def desk(session: Any, shop: Any) -> Desk:
    return Desk(session, shop)


def test_what_is_added_counts_beside_what_is_billed_too_much(desk: Desk) -> None:
    assert desk.exposed() == 5000
    desk.amend(change_lines=[{"line_id": desk.chair.line_id, "quantity": Decimal(6)}])
    assert desk.exposed() == 5000
    desk.amend(add_lines=[desk.line("2")])
    assert desk.exposed() == 7000


def test_what_is_cancelled_as_short_takes_nothing_off_what_is_to_be_billed(desk: Desk) -> None:
    set_account_tolerance(
        desk.session,
        account_id=desk.order.account_id,
        under=Decimal("0.8"),
        over=Decimal(1),
        now=desk.shop.now,
        by="kim",
    )
    desk.send(desk.chair, 8)
    assert desk.chair.quantities.cancelled == 2
    assert desk.exposed() == 5000


def test_what_left_and_is_not_billed_counts_once_the_rest_is_cancelled(
    desk: Desk,
) -> None:
    desk.send(desk.stool, 5)
    desk.shop.cancel(desk.order)
    ended = {"account_id": desk.order.account_id, "order_id": desk.order.order_id}
    Invoices().recount_ended(desk.session, [ended])
    assert desk.exposed() == 5000

"""What is kept of the stock for a line is no more than may leave of it, and waits as it is promised."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.sales.order_exceptions.queries import find_open
from services.sales.order_settling.usecases import settle_exception
from services.sales.promises.usecases import move_promises
from services.sales.reservations.queries import find_kept
from services.sales.reservations.usecases import change_settings
from services.sales.shipments.rules import Step
from services.sales.stock.rules import MoveKind, NewMove
from services.sales.stock.usecases import record_moves
from tests.services.sales.dispatches.test_stock import Warehouse

pytestmark = pytest.mark.server


@pytest.fixture
def early(shop: Any) -> Warehouse:
    """A warehouse where orders have their goods from their confirmation on."""
    change_settings(shop.session, reserves_at="confirmation", now=shop.now, by="kim")
    return Warehouse(shop)


def kept(house: Warehouse, order: Any) -> list[tuple[int, int]]:
    """What is kept for each line in all, and what of it is reserved."""
    found = find_kept(house.session, line_ids=[line.line_id for line in order.lines])
    lines = [found[line.line_id] for line in order.lines if line.line_id in found]
    return [(int(one.quantity), int(one.reserved)) for one in lines]


def test_of_a_shipment_that_is_left_nothing_is_kept_any_more(early: Warehouse) -> None:
    product = early.stock("12")
    order, waiting = early.order_of(product, "10"), early.order_of(product, "6")
    assert (kept(early, order), kept(early, waiting)) == ([(10, 10)], [(6, 2)])
    early.cancel(early.draft(order, "4"))
    [raised] = find_open(early.session, order_id=order.order_id)
    said = {"settled_as": "leave", "reason": "They want less.", "by": "kim"}
    when = {"today": early.shop.now.date(), "now": early.shop.now}
    settle_exception(early.session, exception_id=raised.exception_id, **said, **when)
    assert (kept(early, order), kept(early, waiting)) == ([(6, 6)], [(6, 6)])
    assert early.level(product) == (12, 12)


def test_of_a_shipment_of_more_than_was_ordered_what_was_ordered_stays_kept(
    early: Warehouse,
) -> None:
    product = early.stock("50")
    order = early.order_of(product, "40")
    early.tolerate(order)
    shipment = early.move(early.draft(order, "42"), Step.ASSIGN)
    assert early.level(product) == (50, 42)
    early.cancel(shipment)
    assert early.level(product) == (50, 40)


def test_what_is_cancelled_as_short_is_kept_no_more_where_another_shipment_has_some(
    early: Warehouse,
) -> None:
    product = early.stock("50")
    order = early.order_of(product, "40")
    early.tolerate(order)
    early.move(early.draft(order, "1"), Step.ASSIGN)
    early.send(order, "38")
    assert order.lines[0].quantities.open == 1
    assert (early.level(product), kept(early, order)) == ((12, 1), [(1, 1)])


def test_whose_promise_is_moved_waits_in_its_new_turn(early: Warehouse) -> None:
    product = early.stock("1")
    early.order_of(product, "1")
    first, second = early.order_of(product, "2"), early.order_of(product, "2")
    for order, day in ((first, date(2026, 3, 20)), (second, date(2026, 3, 10))):
        line = {"line_id": order.lines[0].line_id, "promised_on": day}
        said = {"lines": [line], "reason": "The mill is late."}
        move_promises(early.session, order_id=order.order_id, **said, **early.when)
    came = NewMove(
        product.product_id, Decimal(2), MoveKind.RECEIPT, early.shop.today, key="receipt:2"
    )
    record_moves(early.session, [came], **early.when)
    assert (kept(early, first), kept(early, second)) == ([(2, 0)], [(2, 2)])

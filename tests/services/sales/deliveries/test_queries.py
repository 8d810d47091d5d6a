"""How an order's goods come to the client, on one page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.sales.deliveries import queries, schemas
from services.sales.shipments.rules import Step
from tests.services.sales.dispatches.test_usecases import Yard, counted
from tests.services.sales.late_shipments.test_usecases import late, note, review, tell
from tests.services.sales.promises.test_usecases import move, promised

pytestmark = pytest.mark.server


@pytest.fixture
def yard(shop: Any) -> Yard:
    return Yard(shop)


def read(yard: Yard, order: Any) -> dict[str, Any]:
    yard.session.flush()
    yard.session.expire_all()
    page: dict[str, Any] = schemas.Delivery().dump(
        queries.get_delivery(yard.session, order_id=order.order_id)
    )
    return page


def test_the_chain_from_the_order_to_the_client_is_one_page(yard: Yard) -> None:
    order = promised(yard, "20")
    assert read(yard, order)["waits_for"] == "shipment"
    note(yard)
    tell(yard, late(yard, order)[0])
    move(yard, order, date(2026, 3, 20))
    review(yard, order)
    shipment = yard.draft(order, "12")
    yard.move(shipment, Step.ASSIGN, Step.PICK)
    page = read(yard, order)
    assert {step["step"]: step["event"] for step in page["steps"]} == {
        "confirmed": "order_confirmed",
        "late": "shipment_late",
        "told": "contact_settled",
        "promised": "promise_moved",
        "drafted": None,
        "assigned": None,
        "picked": None,
    }
    [line] = page["lines"]
    assert (line["first_promised_on"], line["promised_on"]) == ("2026-03-10", "2026-03-20")
    assert (page["waits_for"], page["is_complete"]) == ("shipment", True)


def test_a_draft_waits_for_nothing_yet(yard: Yard) -> None:
    order = yard.shop.draft(yard.shop.open_account())
    page = read(yard, order)
    assert (page["waits_for"], page["lines"], page["steps"]) == (None, [], [])


def test_the_statements_do_not_grow_with_what_happened(yard: Yard) -> None:
    def statements(count: int) -> int:
        order = promised(yard, *["20"] * count)
        for _ in range(count):
            yard.draft(order, *["1"] * count)
        yard.session.flush()
        yard.session.expire_all()
        with counted(yard.session) as sent:
            queries.get_delivery(yard.session, order_id=order.order_id)
        return len(sent)

    assert statements(2) == statements(10)

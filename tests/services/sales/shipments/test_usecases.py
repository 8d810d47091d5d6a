"""Sending orders, whole and in parts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kernel.refusals import Conflict, Refusal
from services.sales.dispatches.usecases import send_shipment
from services.sales.orders.models import Order
from services.sales.orders.queries import get_standing
from services.sales.products.usecases import edit_product
from services.sales.shipments import queries, schemas
from services.sales.shipments.models import Shipment, ShipmentLine

pytestmark = pytest.mark.server


def send(shop: Any, order: Any, *quantities: str, shipped_on: date | None = None) -> Shipment:
    """Send these quantities of the order's lines, in their order; none given: all that is open."""
    lines = [
        {"line_id": line.line_id, "quantity": Decimal(quantity)}
        for line, quantity in zip(order.lines, quantities, strict=False)
    ]
    return send_shipment(
        shop.session,
        order_id=order.order_id,
        lines=lines or None,
        shipped_on=shipped_on,
        today=shop.today,
        now=shop.now,
        by="kim",
    )


def confirmed(shop: Any, *quantities: str, **account: Any) -> Any:
    lines = [shop.line(shop.offer(unit_price=1000), quantity) for quantity in quantities]
    return shop.confirm(shop.draft(shop.open_account(**account), *lines))


def test_an_order_is_sent_in_parts_until_it_is_done(shop: Any) -> None:
    order = confirmed(shop, "5", "2")
    send(shop, order, "2")
    assert (order.status, order.version) == ("processing", 3)
    rest = send(shop, order)
    assert [line.quantity for line in rest.lines] == [Decimal(3), Decimal(2)]
    assert order.status == "done"
    assert shop.announced() == [
        "OrderConfirmed",
        "ShipmentSent",
        "BackOrderMade",
        "ShipmentSent",
        "OrderCompleted",
    ]
    with pytest.raises(Conflict) as refused:
        send(shop, order)
    assert refused.value.code == "order_done"


def test_the_shipment_is_announced_with_the_frozen_prices(session: Session, shop: Any) -> None:
    chair = shop.offer(sku="CHAIR", unit_price=999)
    line = shop.line(chair, "2.5", discount_percent=Decimal(50))
    entered = shop.draft(shop.open_account(), line, ordered_on=date(2026, 3, 1))
    order = shop.confirm(entered)
    order.reference = "PO 4500012345"
    order.is_billed_apart = True
    edit_product(session, product_id=chair.product_id, unit_price=5, tax_percent=Decimal(7))
    shipment = send(shop, order, shipped_on=date(2026, 3, 1))
    [data] = [data for event, data, _ in session.info["announced"] if event.name == "shipment_sent"]
    assert data == {
        "account_id": order.account_id,
        "shipment_id": shipment.shipment_id,
        "number": shipment.number,
        "order_id": order.order_id,
        "order_number": order.number,
        "client_order_number": "PO 4500012345",
        "currency": "EUR",
        "is_billed_apart": True,
        "bills_on": "shipment",
        "delivery_address": None,
        "delivery_contact": None,
        "shipped_on": "2026-03-01",
        "lines": [
            {
                "line_id": order.lines[0].line_id,
                "sku": "CHAIR",
                "description": "Chair",
                "quantity": "2.5",
                "unit_price": 500,  # half of 9.99, rounded half up
                "tax_percent": "19.00",
            }
        ],
    }


def test_a_draft_is_not_sent(shop: Any) -> None:
    with pytest.raises(Conflict) as refused:
        send(shop, shop.draft(shop.open_account()))
    assert refused.value.code == "order_draft"


def test_a_hold_after_the_confirmation_stops_the_goods(shop: Any) -> None:
    order = confirmed(shop, "1")
    shop.hold(order.account_id)
    with pytest.raises(Conflict) as refused:
        send(shop, order)
    assert refused.value.code == "credit_hold"


def test_an_account_held_after_the_confirmation_is_not_supplied(shop: Any) -> None:
    order = confirmed(shop, "1")
    shop.open_account(account_id=order.account_id, version=2, status="on_hold")
    with pytest.raises(Conflict) as refused:
        send(shop, order)
    assert refused.value.code == "account_not_active"


def test_goods_for_which_a_lowered_limit_has_no_room_stay(shop: Any) -> None:
    order = confirmed(shop, "1", credit_limit=2000)
    shop.open_account(account_id=order.account_id, version=2, credit_limit=0)
    with pytest.raises(Conflict) as refused:
        send(shop, order)
    assert refused.value.code == "order_stopped"
    shop.open_account(account_id=order.account_id, version=3, credit_limit=2000)
    send(shop, order)
    assert order.status == "done"


def test_cancelling_the_remainder_completes_the_order(shop: Any) -> None:
    order = confirmed(shop, "5", "2")
    send(shop, order, "2")
    shop.cancel(order)
    assert (order.status, order.open_gross) == ("done", 0)
    assert [line.quantities.cancelled for line in order.lines] == [Decimal(3), Decimal(2)]
    assert shop.announced()[-1] == "OrderCompleted"


def test_what_is_sent_counts_against_the_limit_until_it_is_invoiced(
    session: Session, shop: Any
) -> None:
    order = confirmed(shop, "3", credit_limit=10_000)
    for _ in range(3):
        send(shop, order, "1")
        standing = get_standing(session, account_id=order.account_id, currency=None)
        assert standing.open_orders == 3570


def test_shipments_are_listed_and_read_as_documented(session: Session, shop: Any) -> None:
    order = confirmed(shop, "5")
    first, second = send(shop, order, "2"), send(shop, order)
    session.expire_all()
    page = queries.list_order_shipments(session, order_id=order.order_id, limit=1, after=None)
    assert [shipment.number for shipment in page["items"]] == [first.number]
    answer = schemas.Shipment().dump(queries.get_shipment(session, shipment_id=second.shipment_id))
    assert (answer["total_net"], answer["total_gross"]) == (3000, 3570)
    assert answer["lines"][0]["quantity"] == "3"
    assert answer["lines"][0]["unit_price"] == 1000


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ordered=st.lists(st.decimals("0.001", "9", places=3), min_size=1, max_size=3),
    steps=st.lists(
        st.one_of(st.none(), st.lists(st.decimals("0.001", "9", places=3), min_size=1, max_size=3)),
        max_size=6,
    ),
)
def test_whatever_is_sent_or_cancelled_the_quantities_add_up(
    session: Session, shop: Any, ordered: list[Decimal], steps: list[list[Decimal] | None]
) -> None:
    order = confirmed(shop, *map(str, ordered))
    for step in steps:
        try:
            if step is None:
                shop.cancel(order)
            else:
                send(shop, order, *map(str, step))
        except Refusal:
            session.expire_all()
        sent = select(ShipmentLine.line_id, ShipmentLine.quantity).join(Shipment)
        rows = session.execute(sent.where(Shipment.order_id == order.order_id)).all()
        for line in order.lines:
            amounts = line.quantities
            assert amounts.shipped == sum(row.quantity for row in rows if row[0] == line.line_id)
            assert amounts.shipped + amounts.cancelled + amounts.open == amounts.ordered
            assert amounts.open >= 0


def test_two_shipments_at_once_never_send_more_than_was_ordered(
    engine: Engine, shop_in: Callable[[Session], Any]
) -> None:
    with Session(engine) as session, session.begin():
        order = confirmed(shop_in(session), "5")
        order_id, line_id = order.order_id, order.lines[0].line_id
    start = threading.Barrier(4)

    def send_two(_: int) -> str:
        with Session(engine) as session, session.begin():
            order = session.get_one(Order, order_id)
            start.wait(timeout=30)
            try:
                send(shop_in(session), order, "2")
            except Conflict as refused:
                return refused.code
        return "sent"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(send_two, range(4)))
    assert outcomes == ["more_than_open"] * 2 + ["sent"] * 2
    with Session(engine) as session:
        sent = select(ShipmentLine.quantity).where(ShipmentLine.line_id == line_id)
        assert sum(session.scalars(sent)) == 4

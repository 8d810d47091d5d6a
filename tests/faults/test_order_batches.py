"""Batches of orders and of shipments while sales is killed: each is done once, told once, billed once.

The oracle is the log of what the clients were answered, who repeat under their Idempotency-Key.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from tests.faults.conftest import size
from tests.faults.house import House, wait_until
from tests.faults.shop import KINDS, OF_EACH_KIND, QUANTITIES, Shop

KILLS = size(40)
LOTS = size(200)
REQUESTS = 6  # of each lot, at least
SECONDS = 120.0


@pytest.fixture
def shop(house: House) -> Iterator[Shop]:
    """Goods are kept for orders from their confirmation on, meanwhile."""
    before = house.client.get("/v1/stock-settings")["reserves_at"]
    house.client.put("/v1/stock-settings", {"reserves_at": "confirmation"})
    shop = Shop(house, lots=LOTS)
    wait_until(lambda: house.number("sales", ACTIVE) >= len(shop.accounts), SECONDS)
    yield shop
    house.client.put("/v1/stock-settings", {"reserves_at": before})


def test_batches_are_done_once_each_though_sales_is_killed(
    house: House, shop: Shop, chance: random.Random
) -> None:
    stood = []
    with shop.trading(chance):
        for kill in range(KILLS):
            due = REQUESTS * LOTS * kill // KILLS
            wait_until(lambda: shop.has_come_to(due), SECONDS)  # noqa: B023
            time.sleep(chance.uniform(0, 0.3))
            stood.append(shop.answered)
            house.system.kill("sales")
            wait_until(lambda: house.client.get("/v1/products", limit=1), SECONDS)
    print(f"of {shop.answered} requests, {stood} were answered when sales was killed")  # noqa: T201
    assert 0 < stood[-1] < shop.answered, "it was not killed in the middle"

    wait_until(lambda: is_heard(house, shop), SECONDS)
    check_orders(house, shop)
    check_goods(house, shop)
    check_billed(house, shop)
    check_told(house, shop)
    house.assert_books_agree()


def is_heard(house: House, shop: Shop) -> bool:
    """Whether accounts has heard all that sales has announced, and sales of as many invoices as there are
    to be."""
    told = house.number("sales", "SELECT count(*) FROM outbox WHERE subject LIKE 'acc_%'")
    heard = house.number("accounts", "SELECT count(*) FROM timeline_entry WHERE source = 'sales'")
    billed = house.number("sales", f"SELECT count(*) {FROM_BILLED}")
    return heard == told and billed >= sum(one.kind.invoices for one in shop.orders.values())


def check_orders(house: House, shop: Shop) -> None:
    """Each order of the log is there once and stands as it is to; no other is there, and no number is
    there twice."""
    assert len(shop.refused) == LOTS * OF_EACH_KIND
    assert len(shop.orders) == LOTS * OF_EACH_KIND * (len(KINDS) - 1)
    orders = house.ask("sales", ORDERS)
    assert sorted(orders) == sorted(
        (one.order_id, one.number, reference, one.kind.status)
        for reference, one in shop.orders.items()
    )
    assert len({number for _, number, *_ in orders}) == len(orders)
    shipments = house.ask("sales", SHIPMENTS)
    assert sorted(shipments) == sorted(
        (shipment_id, number, one.order_id)
        for one in shop.orders.values()
        for shipment_id, number in one.shipments.items()
    )
    assert len({number for _, number, _ in shipments}) == len(shipments)
    assert all(len(one.shipments) == one.kind.shipments for one in shop.orders.values())


def check_goods(house: House, shop: Shop) -> None:
    """On hand is what has moved, which is what came in less what left; reserved is what the open orders
    hold."""
    shipped, kept = shop.expect("shipped"), shop.expect("kept")
    levels = [(one, shop.received - shipped[one], kept[one]) for one in sorted(shop.products)]
    for query in (LEVELS, MOVED):
        found = sorted(house.ask("sales", query))
        assert [row for row in found if row[0] in shop.products] == levels


def check_billed(house: House, shop: Shop) -> None:
    """What left is billed, and what is billed first, once; and sales knows of it."""
    lines = house.ask("sales", LINES)
    assert sorted(row[1:] for row in lines) == sorted(
        (one.order_id, position, *(many * part for part in one.kind.parts))
        for one in shop.orders.values()
        for position, many in enumerate(QUANTITIES, 1)
    )
    invoiced = dict(house.ask("billing", INVOICED))
    assert {line_id: billed for line_id, *_, billed in lines if billed} == invoiced


def check_told(house: House, shop: Shop) -> None:
    """Accounts has heard once of each order that was agreed, and of each shipment that left."""
    orders = shop.orders.values()
    agreed = [one.order_id for one in orders if one.kind.facts]
    assert sorted(row[0] for row in house.ask("accounts", TOLD_ORDERS)) == sorted(agreed)
    left = [key for one in orders for key in one.shipments if one.kind.invoices]
    assert sorted(row[0] for row in house.ask("accounts", TOLD_SHIPMENTS)) == sorted(left)


ACTIVE = "SELECT count(*) FROM account WHERE status = 'active'"
MINE = """"order" WHERE reference LIKE 'Lot %'"""
ORDERS = f"SELECT order_id, number, reference, status FROM {MINE}"
SHIPMENTS = f"""SELECT shipment_id, number, order_id FROM shipment
    WHERE order_id IN (SELECT order_id FROM {MINE})"""
LEVELS = "SELECT product_id, on_hand, reserved FROM stock_level"
MOVED = """SELECT product_id, sum(quantity), (SELECT coalesce(sum(reserved), 0)
        FROM stock_reservation WHERE product_id = stock_move.product_id)
    FROM stock_move WHERE status = 'done' GROUP BY product_id"""
FROM_BILLED = f"""FROM billed_invoice WHERE number IS NOT NULL
    AND order_id IN (SELECT order_id FROM {MINE})"""
LINES = f"""SELECT line_id, order_id, position, shipped, coalesce(
        (SELECT reserved FROM stock_reservation WHERE line_id = order_line.line_id), 0), coalesce(
        (SELECT sum(quantity) FROM billed_line WHERE line_id = order_line.line_id), 0)
    FROM order_line WHERE order_id IN (SELECT order_id FROM {MINE})"""
INVOICED = """SELECT order_line_id, sum(quantity) FROM invoice_line
    WHERE order_line_id IS NOT NULL GROUP BY order_line_id"""
TOLD_ORDERS = """SELECT data->>'order_id' FROM timeline_entry WHERE name = 'order_confirmed'"""
TOLD_SHIPMENTS = """SELECT data->>'shipment_id' FROM timeline_entry WHERE name = 'shipment_sent'"""

"""The rows of the benchmark that order and ship many at once, in batches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from dev.bench import limits
from dev.bench.effects import wait_for_rest
from dev.bench.figures import MS, PER_SECOND, Figure, at_least
from dev.bench.ground import Ground
from dev.bench.processor import read_seconds, share, tell

ORDERS, LINES, BATCH = 500, 10, 100
TAKEN, LINES_EACH, AT_A_TIME = 500, 29, 100  # a shop's order has 29 lines on average
SHELVES, ON_THE_SHELF = 500, 1_000_000
LIMIT_SECONDS = 2.0


def shipping(ground: Ground) -> Iterator[Figure]:
    """Orders that are assigned, picked and shipped in one step, many in one request."""
    ground.activate()
    order_ids = [_order(ground, number) for number in range(ORDERS)]
    wait_for_rest(ground.running)
    before, started = read_seconds(ground.running), time.time()
    for at in range(0, ORDERS, BATCH):
        sent = [{"move": "send", "order_id": one} for one in order_ids[at : at + BATCH]]
        answer = ground.client.post("/v1/shipment-batches", {"shipments": sent})
        assert answer["refused"] == 0, answer
    count = ORDERS * LINES
    accepted = count / (time.time() - started)
    rest = wait_for_rest(ground.running)
    commits = limits.measure_commits(ground.running.databases["sales"], 8, LIMIT_SECONDS)
    name, limit = f"{count:,} order lines shipped", f"raw commits, 8 clients: {commits:.0f}/s"
    yield Figure(f"{name}: accepted", accepted, PER_SECOND, limit=limit, aim=at_least(1000))
    yield Figure(f"{name}: billed", count / (rest.since - started), PER_SECOND)
    costs = share(before, rest.used, count)
    yield Figure(f"{name}: processor", sum(costs.values()), MS, tell(costs))


def ordering(ground: Ground) -> Iterator[Figure]:
    """Orders that come in drafted, confirmed and shipped at once, of goods that are kept in stock: a
    shop's 541,909 lines within ten minutes."""
    ground.activate()
    skus = fill_shelves(ground, "Tin", SHELVES, unit_price=255, unit_cost=120)
    orders = [_order_to_take(ground, skus, number) for number in range(TAKEN)]
    wait_for_rest(ground.running)
    before, started = read_seconds(ground.running), time.time()
    for at in range(0, TAKEN, AT_A_TIME):
        answer = ground.client.post("/v1/order-batches", {"orders": orders[at : at + AT_A_TIME]})
        assert answer["refused"] == 0, answer
    count = TAKEN * LINES_EACH
    accepted = count / (time.time() - started)
    rest = wait_for_rest(ground.running)
    name = f"{count:,} order lines taken and shipped"
    yield Figure(f"{name}: accepted", accepted, PER_SECOND, aim=at_least(903))
    yield Figure(f"{name}: handled everywhere", count / (rest.since - started), PER_SECOND)
    costs = share(before, rest.used, count)
    yield Figure(f"{name}: processor", sum(costs.values()), MS, tell(costs))


def fill_shelves(
    ground: Ground, name: str, count: int, *, unit_price: int, unit_cost: int
) -> list[str]:
    """Offer products that are kept in stock, with as much on hand as nobody will order; their skus."""
    skus = [f"{name.upper()}-{number}" for number in range(count)]
    price = {"unit_price": unit_price, "currency": "EUR", "tax_percent": "19.00"}
    products = [{"sku": sku, "name": name, **price, "is_stocked": True} for sku in skus]
    receipts = [{"sku": sku, "quantity": ON_THE_SHELF, "unit_cost": unit_cost} for sku in skus]
    for path, sent in (
        ("/v1/product-batches", {"products": products}),
        ("/v1/stock-moves/receive", {"receipts": receipts}),
    ):
        answer = ground.client.post(path, sent)
        assert answer["refused"] == 0, answer
    return skus


def _order_to_take(ground: Ground, skus: list[str], number: int) -> dict[str, Any]:
    account_id = ground.accounts[number % len(ground.accounts)]
    places = range(number * LINES_EACH, (number + 1) * LINES_EACH)
    lines = [{"sku": skus[place % len(skus)], "quantity": 1 + place % 12} for place in places]
    said = {"account_id": account_id, "external_id": f"bench-{number}", "currency": "EUR"}
    return {**said, "confirms": True, "ships": True, "lines": lines}


def _order(ground: Ground, number: int) -> str:
    """A confirmed order of a product that is kept in stock nowhere."""
    if number == 0:
        tea = {"sku": "BENCH-TEA", "name": "Tea", "unit_price": 500, "currency": "EUR"}
        ground.client.post("/v1/products", {**tea, "tax_percent": "19.00"})
    line: dict[str, Any] = {"sku": "BENCH-TEA", "quantity": "2"}
    account_id = ground.accounts[number % len(ground.accounts)]
    draft = {"account_id": account_id, "currency": "EUR", "lines": [line] * LINES}
    order = ground.client.post("/v1/orders", draft)
    confirmed: str = ground.client.post(f"/v1/orders/{order['order_id']}/confirm")["order_id"]
    return confirmed

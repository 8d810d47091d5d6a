"""Goods on the shelf: they come in, are kept for orders, leave, and are told of any day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from kernel.ids import new_id
from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


def offer(client: Client, **facts: Any) -> str:
    """A product that is kept in stock, in boxes of 2; its sku."""
    sku = new_id("sku")
    product = {"sku": sku, "name": "Cup", "unit_price": 500, "currency": "EUR", "is_stocked": True}
    client.post("/v1/products", product | {"tax_percent": "20.00", "pack_size": "2"} | facts)
    return sku


def receive(client: Client, sku: str, quantity: int, **facts: Any) -> None:
    receipts = [{"sku": sku, "quantity": quantity, **facts}]
    answer = client.post("/v1/stock-moves/receive", {"receipts": receipts})
    assert answer["refused"] == 0, answer


def order(firm: Firm, client: Client, sku: str, quantity: int, **facts: Any) -> dict[str, Any]:
    account_id = facts.pop("account_id", None) or firm.open_account()["account_id"]
    ordered_on = facts.pop("ordered_on", None)
    line = {"sku": sku, "quantity": quantity, **facts}
    said = {"account_id": account_id, "lines": [line], "ordered_on": ordered_on}
    draft = client.post("/v1/orders", said)
    confirmed: dict[str, Any] = client.post(f"/v1/orders/{draft['order_id']}/confirm")
    return confirmed


def stock(client: Client, sku: str, **asked: Any) -> dict[str, Any]:
    [told] = client.get("/v1/stock", search=sku, **asked)["items"]
    return dict(told)


def test_what_is_on_hand_is_told_of_any_day_also_once_a_period_is_closed(
    firm: Firm, client: Client
) -> None:
    sku, first = offer(client), firm.today
    march = {day: first + timedelta(days=day - 1) for day in (1, 5, 10, 12, 15, 25)}
    before = first - timedelta(days=1)
    plan = {"sku": sku, "quantity": 8, "kind": "receipt", "planned_on": f"{march[5]}"}
    client.post("/v1/stock-moves/plan", {"moves": [plan]})
    receive(client, sku, 20)
    firm.ship(order(firm, client, sku, 3))
    firm.wait(days=11)
    assert firm.today == march[12]
    boxes = {"sku": sku, "packs": 2, "reason": "Wet."}
    assert client.post("/v1/stock-moves/scrap", boxes)["quantity"] == "-4"
    plan |= {"quantity": 5, "kind": "shipment", "planned_on": f"{march[25]}"}
    client.post("/v1/stock-moves/plan", {"moves": [plan]})
    firm.wait(days=6)

    def told() -> dict[date, str]:
        days = (before, march[1], march[15], march[25])
        return {day: stock(client, sku, as_of=f"{day}")["on_hand"] for day in days}

    expected = {before: "0", march[1]: "17", march[15]: "13", march[25]: "8"}
    assert told() == expected
    client.post("/v1/stock-periods", {"closed_to": f"{march[10]}"})
    assert told() == expected
    late = {"sku": sku, "quantity": 1, "moved_on": f"{march[10]}"}
    [refused] = client.post("/v1/stock-moves/receive", {"receipts": [late]})["results"]
    assert refused["code"] == "period_closed"
    one = order(firm, client, sku, 1, ordered_on=f"{march[10]}")
    sent_then = {"shipped_on": f"{march[10]}"}
    with pytest.raises(Refused, match="period_closed"):
        client.post(f"/v1/orders/{one['order_id']}/shipments", sent_then)
    receive(client, sku, 1, moved_on=f"{march[12]}")
    known_at = f"{march[15]}T09:00:00Z"
    assert stock(client, sku, as_of=f"{march[15]}", known_at=known_at)["on_hand"] == "13"
    assert stock(client, sku, as_of=f"{march[15]}")["on_hand"] == "14"


def test_of_100_orders_at_once_one_gets_the_last_piece(firm: Firm, client: Client) -> None:
    sku, account = offer(client), firm.open_account()
    receive(client, sku, 1)
    with ThreadPoolExecutor(8) as pool:
        orders = list(
            pool.map(
                lambda _: order(firm, client, sku, 1, account_id=account["account_id"]), range(100)
            )
        )
        sent = list(
            pool.map(
                lambda one: client.send("POST", f"/v1/orders/{one['order_id']}/shipments", {}),
                orders,
            )
        )
    assert sorted(answer.status for answer in sent) == [201, *[409] * 99]
    assert {answer.data["code"] for answer in sent if answer.status == 409} == {"out_of_stock"}
    assert stock(client, sku)["on_hand"] == "0"


def test_goods_are_moved_from_place_to_place_and_their_lots_are_known(client: Client) -> None:
    sku = offer(client)
    halls = [
        client.post("/v1/places", {"code": new_id("hall")[:20].upper(), "name": "Hall"})
        for _ in range(2)
    ]
    first, second = (hall["place_id"] for hall in halls)
    receive(client, sku, 6, place_id=first, lot="B-7")
    moved = {"sku": sku, "packs": 2, "lot": "B-7", "from_place_id": first, "to_place_id": second}
    client.post("/v1/stock-moves/transfer", moved)
    there = [stock(client, sku, place_id=place)["on_hand"] for place in (first, second)]
    assert (there, stock(client, sku)["on_hand"]) == (["2", "4"], "6")
    with pytest.raises(Refused, match="out_of_stock"):
        client.post("/v1/stock-moves/transfer", moved)
    [product] = client.get("/v1/products", search=sku)["items"]
    moves = client.list("/v1/stock-moves", product_id=product["product_id"], kind="transfer")
    assert {(one["quantity"], one["lot"]) for one in moves} == {("-4", "B-7"), ("4", "B-7")}


def test_goods_are_kept_for_the_oldest_promise_and_nobody_sends_what_is_not_there(
    firm: Firm, client: Client
) -> None:
    sku = offer(client)
    [product] = client.get("/v1/products", search=sku)["items"]
    path = f"/v1/reorder-levels/{product['product_id']}"
    assert client.put(path, {"reorder_at": 2})["is_reached"]
    receive(client, sku, 5, unit_cost=1000, currency="EUR")
    usual = client.get("/v1/stock-settings")["reserves_at"]
    client.put("/v1/stock-settings", {"reserves_at": "confirmation"})
    try:
        taken = order(firm, client, sku, 4)
        late, early = (
            order(firm, client, sku, 2, promised_on=f"{firm.today + timedelta(days=days)}")
            for days in (20, 10)
        )
        kept = {name: stock(client, sku)[name] for name in ("on_hand", "reserved", "available")}
        assert kept == {"on_hand": "5", "reserved": "5", "available": "0"}
        with pytest.raises(Refused, match="out_of_stock"):
            firm.ship(early)
        receive(client, sku, 2, unit_cost=1700, currency="EUR")
        firm.ship(early)
        client.post(f"/v1/orders/{taken['order_id']}/cancel", {"reason": "Enough."})
        firm.ship(late)
    finally:
        client.put("/v1/stock-settings", {"reserves_at": usual})
    assert stock(client, sku)["on_hand"] == "3"
    [worth] = client.get("/v1/stock-values", search=sku)["items"]
    assert (worth["average_cost"], worth["value"]) == ("1200", 3600)
    listed = client.get("/v1/reorder-levels", is_reached="true", limit=500)["items"]
    assert product["product_id"] not in [one["product_id"] for one in listed]

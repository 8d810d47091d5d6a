"""A shop's orders of days gone by come in by batches: confirmed, shipped and billed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.ids import new_id
from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


def test_orders_that_come_in_by_a_batch_are_shipped_and_billed_once(
    firm: Firm, client: Client
) -> None:
    account_id = firm.open_account()["account_id"]
    sku = new_id("sku")
    product = {"sku": sku, "name": "Tin", "unit_price": 300, "currency": "EUR"}
    client.post("/v1/products", {**product, "tax_percent": "20.00", "is_stocked": True})
    received = {"sku": sku, "quantity": "10", "unit_cost": 120}
    client.post("/v1/stock-moves/receive", {"receipts": [received]})
    day = firm.today - timedelta(days=30)
    facts = {"account_id": account_id, "confirms": True, "ships": True, "ordered_on": f"{day}"}

    def row(name: str, quantity: int, **more: Any) -> dict[str, Any]:
        lines = [{"sku": sku, "quantity": f"{quantity}", "unit_price": 255}]
        return {"external_id": name, "lines": lines, **facts, **more}

    orders = [
        row("536365", 6, shipped_on=f"{day + timedelta(days=1)}"),
        row("536366", 6),
        row("536367", 4),
        row("536368", 0),
    ]
    answer = client.post("/v1/order-batches", {"orders": orders})
    told = [one.get("status") or one["code"] for one in answer["results"]]
    assert told == ["done", "out_of_stock", "done", "invalid_fields"]
    again = client.post("/v1/order-batches", {"orders": orders})
    assert (again["taken"], again["found"], again["refused"]) == (0, 2, 2)
    firm.wait()
    listed = client.get("/v1/orders", account_id=account_id, ordered_to=f"{day}")["items"]
    assert [one["external_id"] for one in listed] == ["536367", "536365"]
    assert sorted(one["total"] for one in firm.invoices({"account_id": account_id})) == [1224, 1836]
    [line] = client.get("/v1/stock", search=sku)["items"]
    assert line["on_hand"] == "0"
    alone = {name: orders[0][name] for name in ("account_id", "external_id", "lines")}
    with pytest.raises(Refused, match="external_id_used"):
        client.post("/v1/orders", alone)

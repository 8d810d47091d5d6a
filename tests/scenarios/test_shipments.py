"""Goods leave in steps and in time, or the client is told before their day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.ids import new_id
from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


class Shop:
    """A client who is promised things."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.client = firm, firm.client
        self.account = firm.open_account()
        self.sku = new_id("sku")
        product = {"sku": self.sku, "name": "Chair", "unit_price": 1000, "currency": "EUR"}
        answer = self.client.post("/v1/products", {**product, "tax_percent": "19.00"})
        self.product_id = answer["product_id"]

    def order(self, quantity: int, *, promised_on: date | None = None) -> dict[str, Any]:
        line: dict[str, Any] = {"sku": self.sku, "quantity": str(quantity)}
        if promised_on is not None:
            line["promised_on"] = str(promised_on)
        names = {"account_id": self.account["account_id"], "lines": [line]}
        draft = self.client.post("/v1/orders", names)
        order: dict[str, Any] = self.client.post(f"/v1/orders/{draft['order_id']}/confirm")
        return order

    def send(self, order: dict[str, Any], quantity: int, **said: Any) -> dict[str, Any]:
        [line] = order["lines"]
        lines = [{"line_id": line["line_id"], "quantity": str(quantity)}]
        path = f"/v1/orders/{order['order_id']}/shipments"
        shipment: dict[str, Any] = self.client.post(path, {"lines": lines, **said})
        self.firm.wait()
        return shipment

    def line(self, order: dict[str, Any]) -> list[str]:
        """What of the order is shipped, cancelled and open, and how the order stands."""
        found = self.client.get(f"/v1/orders/{order['order_id']}")
        [line] = found["lines"]
        return [line["shipped"], line["cancelled"], line["open"], found["status"]]

    def delivery(self, order: dict[str, Any]) -> dict[str, Any]:
        page: dict[str, Any] = self.client.get(f"/v1/orders/{order['order_id']}/delivery")
        return page

    def reasons(self) -> list[str]:
        """Why to contact the client, as the account manager's list says."""
        path = f"/v1/worklist?staff_id={self.firm.owner_id}&limit=500"
        items = self.client.get(path)["items"]
        return [
            reason["sentence"]
            for item in items
            if item["account_id"] == self.account["account_id"]
            for reason in item["reasons"]
            if reason["kind"] == "shipment_late"
        ]


def test_of_40_ordered_38_complete_the_line_42_may_go_and_43_not(
    firm: Firm, client: Client
) -> None:
    shop = Shop(firm)
    path = f"/v1/products/{shop.product_id}/shipment-tolerance"
    assert client.get(path)["over"] == "1"
    client.put(path, {"under": "0.95", "over": "1.05"})
    order = shop.order(40)
    shop.send(order, 20)
    assert shop.line(order) == ["20", "0", "20", "processing"]
    shop.send(order, 18)
    assert shop.line(order) == ["38", "2", "0", "done"]
    assert list(client.list("/v1/back-orders", account_id=shop.account["account_id"])) == []
    more = shop.order(40)
    with pytest.raises(Refused) as refused:
        shop.send(more, 43)
    assert refused.value.problem["code"] == "more_than_open"
    shop.send(more, 42)
    assert shop.line(more) == ["42", "0", "0", "done"]
    billed = [invoice["total"] for invoice in firm.invoices(shop.account)]
    assert billed == [20 * 1190, 18 * 1190, 42 * 1190]
    exactly = {"under": "1", "over": "1"}
    client.put(f"/v1/accounts/{shop.account['account_id']}/shipment-tolerance", exactly)
    last = shop.order(40)
    shop.send(last, 38)
    assert shop.line(last) == ["38", "0", "2", "processing"], "the client's own counts"


def test_a_shipment_that_is_late_is_told_before_its_day_and_arrives(
    firm: Firm, client: Client
) -> None:
    shop = Shop(firm)
    promised_on = firm.today + timedelta(days=14)
    order = shop.order(40, promised_on=promised_on)
    rest_on = promised_on + timedelta(days=7)
    shop.send(order, 20, rest_promised_on=str(rest_on))
    account_id = shop.account["account_id"]
    [short] = client.list("/v1/back-orders", account_id=account_id)
    assert (short["short"], short["promised_on"]) == ("20", str(rest_on))
    firm.wait((rest_on - firm.today).days - 7)
    assert shop.reasons() == []
    firm.wait(7)
    [sentence] = shop.reasons()
    assert sentence.startswith(f"20 of {shop.sku} Chair of order {order['number']} ")
    assert sentence.endswith(f" promised for {rest_on} and not picked: it is in no shipment.")
    [late] = client.list("/v1/late-shipments", account_id=account_id, status="due")
    told = {"note": "Monday will do."}
    client.post(f"/v1/late-shipments/{late['late_shipment_id']}/told", told)
    firm.wait()
    assert shop.reasons() == []
    drafted = client.post("/v1/shipments", {"order_id": order["order_id"]})
    path = f"/v1/shipments/{drafted['shipment_id']}"
    for verb in ("assign", "pick"):
        client.post(f"{path}/{verb}")
    assert shop.delivery(order)["waits_for"] == "shipping"
    for paper in ("pick-list", "delivery-note"):
        assert client.send("GET", f"{path}/{paper}").body.startswith(b"%PDF")
    firm.wait(1)
    client.post(f"{path}/ship")
    firm.wait()
    assert shop.delivery(order)["waits_for"] == "delivery"
    arrived = {"received_by": "Ben Hall, goods in", "proof": "1Z 999"}
    assert client.post(f"{path}/deliver", arrived)["status"] == "delivered"
    page = shop.delivery(order)
    assert [step["step"] for step in page["steps"]] == [
        "confirmed",
        "shipped",
        "promised",
        "late",
        "told",
        "drafted",
        "assigned",
        "picked",
        "shipped",
        "delivered",
    ]
    timeline = firm.timeline(shop.account)
    for name in ("back_order_made", "promise_moved", "shipment_late", "shipment_delivered"):
        assert name in timeline
    period = {"promised_from": str(promised_on), "promised_to": str(rest_on)}
    report = client.get("/v1/reports/kept-promises", account_id=account_id, **period)
    assert (report["first"]["late"], report["first"]["rate"]) == (1, "0.00")


def test_days_before_a_promise_are_set_and_another_promise_or_the_goods_settle_it(
    firm: Firm, client: Client
) -> None:
    shop = Shop(firm)
    promised_on = firm.today + timedelta(days=21)
    moved, sent = (shop.order(quantity, promised_on=promised_on) for quantity in (2, 3))
    client.put("/v1/promise-settings", {"lead_days": 10})
    try:
        firm.wait(10)
    finally:
        client.put("/v1/promise-settings", {"lead_days": 1})
    assert len(shop.reasons()) == 2
    line = {"line_id": moved["lines"][0]["line_id"]}
    line["promised_on"] = str(promised_on + timedelta(days=30))
    promise = {"lines": [line], "reason": "The mill is closed."}
    client.post(f"/v1/orders/{moved['order_id']}/promises", promise)
    firm.wait()
    [sentence] = shop.reasons()
    assert sent["number"] in sentence
    shop.send(sent, 3)
    assert shop.reasons() == []


def test_many_are_sent_at_once_each_by_itself_and_what_is_cancelled_is_open_again(
    firm: Firm, client: Client
) -> None:
    shop = Shop(firm)
    first, second, third = shop.order(3), shop.order(4), shop.order(5)
    drafted = client.post("/v1/shipments", {"order_id": third["order_id"]})
    rows = [{"move": "send", "order_id": one["order_id"]} for one in (first, second, third)]
    answer = client.post("/v1/shipment-batches", {"shipments": rows})
    assert (answer["done"], answer["refused"]) == (2, 1)
    assert answer["results"][2]["code"] == "nothing_to_send"
    client.post(f"/v1/shipments/{drafted['shipment_id']}/cancel", {"reason": "No lorry."})
    firm.wait()
    assert shop.line(third) == ["0", "0", "5", "confirmed"]
    [raised] = client.list("/v1/order-exceptions", order_id=third["order_id"])
    assert (raised["kind"], raised["about"]) == ("shipment_cancelled", drafted["shipment_id"])
    settled = {"settled_as": "again", "reason": "A lorry comes on Monday."}
    client.post(f"/v1/order-exceptions/{raised['exception_id']}/settle", settled)
    client.post("/v1/shipments", {"order_id": third["order_id"]})
    client.post(f"/v1/orders/{third['order_id']}/cancel", {"reason": "Not wanted."})
    firm.wait()
    shipments = client.list(f"/v1/orders/{third['order_id']}/shipments")
    assert [one["status"] for one in shipments] == ["cancelled", "cancelled"]
    assert sorted(invoice["total"] for invoice in firm.invoices(shop.account)) == [3570, 4760]

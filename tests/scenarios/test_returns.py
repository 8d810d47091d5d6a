"""Goods that come back, from the complaint to the credit note and the shelf."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from ops.client import Client
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


class Shop:
    """A client who bought eight chairs at 24.00 less 10 %, 20 % tax, of ten on the shelf."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.client = firm, firm.client
        self.account = firm.open_account()
        self.sku = new_id("sku")
        chair = {"sku": self.sku, "name": "Chair", "unit_price": 2400, "currency": "EUR"}
        self.client.post("/v1/products", {**chair, "tax_percent": "20.00", "is_stocked": True})
        receipts = [{"sku": self.sku, "quantity": 10}]
        self.client.post("/v1/stock-moves/receive", {"receipts": receipts})
        self.order = self.buy({"quantity": 8, "discount_percent": "10"})
        self.line_id = self.order["lines"][0]["line_id"]
        firm.ship(self.order)
        [self.invoice] = firm.invoices(self.account)

    def buy(self, *lines: dict[str, Any]) -> dict[str, Any]:
        wanted = [{"sku": self.sku, **line} for line in lines]
        names = {"account_id": self.account["account_id"], "lines": wanted}
        draft = self.client.post("/v1/orders", names)
        order: dict[str, Any] = self.client.post(f"/v1/orders/{draft['order_id']}/confirm")
        return order

    def complain(self) -> str:
        """The path of a complaint whose cause is known."""
        sent = {"account_id": self.account["account_id"], "kind": "complaint"}
        case = self.client.post("/v1/cases", {**sent, "subject": "Chairs.", "is_not_similar": True})
        path = f"/v1/cases/{case['case_id']}"
        self.client.post(f"{path}/acknowledge", {"problem": "Three are too low."})
        causes = {one["name"]: one["case_cause_id"] for one in self.client.list("/v1/case-causes")}
        self.client.post(f"{path}/diagnose", {"case_cause_id": causes["Damaged on its way"]})
        return path

    def grant(self, case: str, kind: str, quantity: int) -> dict[str, Any]:
        """A remedy by the invoice's line, granted by a system that may; and let it arrive."""
        granting = {"name": "Remedies", "scopes": ["*", "remedies:grant"]}
        key = self.client.post("/v1/api-keys", granting)["key"]
        line = {"position": 1, "quantity": quantity}
        sent = {"kind": kind, "reason": "Broken.", "invoice_id": self.invoice["invoice_id"]}
        office = self.client.as_holder_of(key)
        given: dict[str, Any] = office.post(f"{case}/remedies", {**sent, "lines": [line]})
        self.firm.wait()
        return given

    def returned(self, **wanted: Any) -> str:
        """The path of the account's only return."""
        account_id = self.account["account_id"]
        [found] = self.client.list("/v1/returns", account_id=account_id, **wanted)
        return f"/v1/returns/{found['return_id']}"

    def receive(self, path: str, quantity: int, *, restock: int) -> None:
        """So many have come, and so many of them are good enough."""
        came = [{"line_id": self.line_id, "quantity": quantity}]
        self.client.post(f"{path}/receive", {"lines": came})
        fate: dict[str, Any] = {"line_id": self.line_id, "restock": restock}
        if quantity > restock:
            fate["reject"] = quantity - restock
        self.client.post(f"{path}/inspect", {"lines": [fate]})

    def credit(self, path: str, fee: str = "0") -> None:
        self.client.post(f"{path}/credit", {"restocking_fee_percent": fee})
        self.firm.wait()

    def on_hand(self) -> int:
        [told] = self.client.get("/v1/stock", search=self.sku)["items"]
        return int(told["on_hand"])

    def notes(self) -> list[tuple[int, int, int]]:
        """Net, tax and total of the account's credit notes, the newest first."""
        found = self.client.list("/v1/credit-notes", account_id=self.account["account_id"])
        return [(note["net"], note["tax"], note["total"]) for note in found]


def test_from_the_complaint_to_the_credit_note_and_the_shelf(firm: Firm, client: Client) -> None:
    shop = Shop(firm)
    case = shop.complain()
    remedy = shop.grant(case, "return", 3)
    path = shop.returned(status="authorised")
    carried_out = client.get(f"/v1/remedies/{remedy['remedy_id']}")
    assert (carried_out["status"], carried_out["executed_as"]) == ("executed", "return")
    assert path.endswith(carried_out["carried_out_by"])
    assert client.get(case)["status"] == "executed"

    client.post(f"{path}/send", {"carrier": "DHL"})
    shop.receive(path, 3, restock=2)
    waiting = client.get(path)
    assert (waiting["status"], waiting["waits_for"], shop.on_hand()) == ("inspected", "answer", 4)
    shop.credit(path, "5")
    assert shop.notes() == [(4104, 821, 4925)]
    page = client.get(path)
    assert (page["status"], page["waits_for"], page["remedy_id"]) == (
        "credited",
        None,
        remedy["remedy_id"],
    )
    assert [(step["action"], step["event"]) for step in page["steps"]] == [
        ("requested", None),
        ("authorised", "return_authorised"),
        ("sent", "return_sent"),
        ("received", "return_received"),
        ("inspected", "return_inspected"),
        ("credited", "return_accepted"),
        ("settled", "return_credited"),
    ]
    assert all(step["at"] and step["by"] for step in page["steps"])
    assert [note["credit_note_id"] for note in page["credit_notes"]] == [page["steps"][-1]["about"]]
    story = firm.timeline(shop.account)
    assert {"return_inspected", "credit_note_issued", "return_credited"} <= {*story}


def test_how_long_returns_are_waited_for_is_set_and_what_nobody_sends_expires(
    firm: Firm, client: Client
) -> None:
    shop = Shop(firm)
    usual = {"request_days": 14, "send_days": 30, "transit_days": 10, "answer_days": 3}
    now = client.get("/v1/return-settings")
    assert {name: now[name] for name in usual} == usual
    ask = {"order_id": shop.order["order_id"], "reason": "Too low."}
    ask["lines"] = [{"line_id": shop.line_id, "quantity": 1}]
    try:
        client.put("/v1/return-settings", usual | {"request_days": 1, "transit_days": 1})
        asked = client.post("/v1/returns", ask)
        path = f"/v1/returns/{client.post('/v1/returns', ask)['return_id']}"
        client.post(f"{path}/authorise")
        client.post(f"{path}/send", {})
        firm.wait(2)
        assert client.get(f"/v1/returns/{asked['return_id']}")["status"] == "expired"
        [item] = [
            one
            for one in client.get("/v1/worklist", staff_id=firm.owner_id, limit=500)["items"]
            if one["account_id"] == shop.account["account_id"]
        ]
        assert "return_late" in [reason["kind"] for reason in item["reasons"]]
    finally:
        client.put("/v1/return-settings", usual)


def test_two_come_first_and_the_third_later_each_credited_once(firm: Firm, client: Client) -> None:
    shop = Shop(firm)
    lines = [{"line_id": shop.line_id, "quantity": 3}]
    asked = {"order_id": shop.order["order_id"], "lines": lines, "reason": "Too low."}
    path = f"/v1/returns/{client.post('/v1/returns', asked)['return_id']}"
    client.post(f"{path}/authorise")
    shop.receive(path, 2, restock=2)
    shop.credit(path)
    page = client.get(path)
    assert (page["status"], page["is_partly_returned"]) == ("inspected", True)
    assert (page["waits_for"], shop.notes()) == ("goods", [(4320, 864, 5184)])
    shop.receive(path, 1, restock=1)
    client.post(f"{path}/undo-inspection", {"part": 2, "reason": "It is broken."})
    fate = {"line_id": shop.line_id, "scrap": 1}
    client.post(f"{path}/inspect", {"lines": [fate]})
    shop.credit(path)
    assert shop.notes() == [(2160, 432, 2592), (4320, 864, 5184)]
    assert (client.get(path)["status"], shop.on_hand()) == ("credited", 4)
    [billed] = client.get(f"/v1/orders/{shop.order['order_id']}/billing")["lines"]
    assert (billed["returned"], billed["credited"], billed["to_bill"]) == ("3", "3", "0")


def test_a_replacement_is_shipped_and_not_billed(firm: Firm, client: Client) -> None:
    shop = Shop(firm)
    remedy = shop.grant(shop.complain(), "replacement", 2)
    page = client.get(shop.returned(status="replaced"))
    carried_out = client.get(f"/v1/remedies/{remedy['remedy_id']}")
    assert (carried_out["status"], carried_out["executed_as"]) == ("executed", "order")
    order = client.get(f"/v1/orders/{carried_out['carried_out_by']}")
    assert (order["replaces_return_id"], order["total_gross"]) == (page["return_id"], 0)
    firm.ship(order)
    assert (shop.on_hand(), len(firm.invoices(shop.account))) == (0, 1)


def test_a_chair_that_no_order_had_sold_comes_back_with_an_order_and_is_credited(
    firm: Firm, client: Client
) -> None:
    shop = Shop(firm)
    order = shop.buy({"quantity": 1}, {"quantity": -2, "unit_price": 1000})
    firm.wait()
    path = shop.returned(status="authorised")
    back = order["lines"][1]["line_id"]
    client.post(f"{path}/receive")
    client.post(f"{path}/inspect", {"lines": [{"line_id": back, "restock": 2}]})
    shop.credit(path)
    assert shop.notes() == [(2000, 400, 2400)]
    assert (client.get(path)["status"], shop.on_hand()) == ("credited", 4)
    assert client.get(f"/v1/orders/{order['order_id']}")["lines"][1]["returned"] == "2"

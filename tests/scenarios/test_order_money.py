"""The money of orders: each limit by itself, billed on order, shipped on payment, undone and settled."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


class Trade:
    """A client who buys things at 10.00 without tax."""

    def __init__(self, firm: Firm, *, unit_price: int = 1000, **terms: Any) -> None:
        self.firm, self.client = firm, firm.client
        self.account = firm.open_account(**terms)
        self.account_id = self.account["account_id"]
        self.skus = [new_id("sku") for _ in range(2)]
        for sku in self.skus:
            product = {"sku": sku, "name": "Chair", "unit_price": unit_price, "currency": "EUR"}
            self.client.post("/v1/products", product | {"tax_percent": "0"})

    def draft(self, *quantities: int, **facts: Any) -> str:
        lines = [
            {"sku": sku, "quantity": str(many)}
            for sku, many in zip(self.skus, quantities, strict=False)
        ]
        order = {"account_id": self.account_id, "lines": lines, **facts}
        return str(self.client.post("/v1/orders", order)["order_id"])

    def confirm(self, order_id: str) -> dict[str, Any]:
        order: dict[str, Any] = self.client.post(f"/v1/orders/{order_id}/confirm")
        self.firm.wait()
        return order

    def refusal(self, path: str, body: dict[str, Any] | None = None) -> str:
        with pytest.raises(Refused) as refused:
            self.client.post(path, body or {})
        return str(refused.value.code)

    def money(self, order_id: str, *names: str) -> list[tuple[int, ...]]:
        lines = self.client.get(f"/v1/orders/{order_id}/money")["lines"]
        return [tuple(int(line[name]) for name in names) for line in lines]

    def ask(self, order_id: str, *quantities: int) -> dict[str, Any]:
        """Draft a bill of all that is left, edit it to these quantities, have it billed."""
        draft = self.client.post(f"/v1/orders/{order_id}/bills", {})
        path = f"/v1/order-bills/{draft['bill_id']}"
        line_ids = [line["line_id"] for line in draft["lines"]]
        lines = [
            {"line_id": line_id, "quantity": str(many)}
            for line_id, many in zip(line_ids, quantities, strict=False)
        ]
        self.client.put(f"{path}/lines", {"lines": lines})
        self.client.post(f"{path}/ask")
        self.firm.wait()
        bill: dict[str, Any] = self.client.get(path)
        return bill

    def void(self, invoice_id: str) -> dict[str, Any]:
        """Void an invoice; the exception that it raises."""
        self.client.post(f"/v1/invoices/{invoice_id}/void", {"reason": "In error."})
        self.firm.wait()
        [raised] = [
            one
            for one in self.client.list("/v1/order-exceptions", account_id=self.account_id)
            if one["about"] == invoice_id
        ]
        return raised

    def settle(self, raised: dict[str, Any], how: str) -> None:
        path = f"/v1/order-exceptions/{raised['exception_id']}/settle"
        self.client.post(path, {"settled_as": how, "reason": "As agreed."})
        self.firm.wait()

    def worklist(self) -> set[str]:
        found = self.client.get("/v1/worklist", staff_id=self.firm.owner_id, limit=500)["items"]
        return {
            reason["kind"]
            for line in found
            if line["account_id"] == self.account_id
            for reason in line["reasons"]
        }


def test_what_is_overdue_for_long_refuses_an_order_until_a_lead_lets_it_pass(firm: Firm) -> None:
    trade = Trade(firm, net_days=0)
    path = f"/v1/accounts/{trade.account_id}"
    terms = {"overdue_limit": 50000, "overdue_days": 5, "reason": "Pays late."}
    firm.client.put(f"{path}/credit-terms", terms)
    firm.invoice(trade.account, 48000)
    firm.wait(6)
    assert trade.confirm(trade.draft(1))["status"] == "confirmed", "480.00"
    firm.invoice(trade.account, 4000)
    firm.wait(3)
    assert trade.confirm(trade.draft(1))["status"] == "confirmed", "3 days late counts nothing"
    firm.wait(3)
    order_id = trade.draft(1)
    assert trade.refusal(f"/v1/orders/{order_id}/confirm") == "overdue_limit_exceeded"
    standing = firm.client.get(f"{path}/standing")
    assert (standing["overdue"], standing["overdue_limit"], standing["overdue_days"]) == (
        52000,
        50000,
        5,
    )
    granted = {"reason": "The money is on its way.", "until": str(firm.today)}
    firm.client.post(f"/v1/orders/{order_id}/credit-override", granted)
    assert trade.confirm(order_id)["status"] == "confirmed"
    [used] = firm.client.list("/v1/credit-overrides", account_id=trade.account_id)
    assert used["used_at"] is not None
    assert "credit_override_granted" in firm.timeline(trade.account)


def test_billed_on_order_and_shipped_on_payment_goes_what_is_paid_for(firm: Firm) -> None:
    trade = Trade(firm)
    order_id = trade.draft(9, bills_on="order", ships_on="payment")
    order = trade.confirm(order_id)
    names = ("billed", "to_bill", "paid", "to_ship")
    assert trade.money(order_id, *names) == [(9, 0, 0, 0)]
    [whole] = firm.invoices(trade.account)
    assert (whole["order_id"], whole["total"]) == (order_id, 9000)
    assert trade.refusal(f"/v1/orders/{order_id}/shipments") == "not_paid"
    raised = trade.void(whole["invoice_id"])
    assert "order_exception" in trade.worklist()
    assert trade.money(order_id, *names) == [(0, 9, 0, 0)]
    six, three = trade.ask(order_id, 6), trade.ask(order_id, 3)
    assert [six["total"], three["total"]] == [6000, 3000]
    trade.settle(raised, "leave")
    assert "order_exception" not in trade.worklist()
    firm.pay(trade.account, 6000, instruction=[{"invoice_id": six["invoice_id"], "amount": 6000}])
    assert trade.money(order_id, *names) == [(9, 0, 6, 6)]
    firm.ship(order)
    assert trade.money(order_id, "shipped", "to_ship") == [(6, 0)]
    firm.pay(trade.account, 3000)
    firm.ship(order)
    assert trade.money(order_id, "shipped", "paid", "to_bill") == [(9, 9, 0)]
    assert len(firm.invoices(trade.account)) == 3, "its shipments are not billed again"
    assert firm.balance(trade.account)["balance"] == 0
    assert firm.client.get(f"/v1/accounts/{trade.account_id}/standing")["exposure"] == 0


def test_a_bill_for_four_and_six_edited_to_four_and_one_leaves_five(firm: Firm) -> None:
    trade = Trade(firm)
    order_id = trade.draft(4, 6, bills_on="order")
    trade.confirm(order_id)
    [whole] = firm.invoices(trade.account)
    raised = trade.void(whole["invoice_id"])
    trade.ask(order_id, 4, 1)
    assert trade.money(order_id, "billed", "to_bill") == [(4, 0), (1, 5)]
    trade.settle(raised, "again")
    assert trade.money(order_id, "billed", "to_bill") == [(4, 0), (6, 0)]
    totals = sorted(one["total"] for one in firm.invoices(trade.account) if one["status"] != "void")
    assert totals == [5000, 5000]
    assert firm.client.get(f"/v1/orders/{order_id}/money")["is_billed"]


def test_a_shipment_whose_invoice_is_void_is_billed_again_or_left(firm: Firm) -> None:
    trade = Trade(firm)
    order_id = trade.draft(10)
    order = trade.confirm(order_id)
    shipment = firm.ship(order)
    for how, billed in (("again", 10), ("leave", 0)):
        [live] = [one for one in firm.invoices(trade.account) if one["status"] != "void"]
        assert live["shipment_id"] == shipment["shipment_id"]
        trade.settle(trade.void(live["invoice_id"]), how)
        assert trade.money(order_id, "billed", "to_bill") == [(billed, 0)]
    standing = firm.client.get(f"/v1/accounts/{trade.account_id}/standing")
    assert standing["exposure"] == 0


def test_what_is_cancelled_after_it_was_billed_is_credited_or_left(
    firm: Firm, client: Client
) -> None:
    trade = Trade(firm)
    order_id = trade.draft(9, bills_on="order")
    order = trade.confirm(order_id)
    [whole] = firm.invoices(trade.account)
    assert "order_exception" not in trade.worklist()
    less = {"line_id": order["lines"][0]["line_id"], "quantity": "7"}
    amended = {"reason": "Two less.", "change_lines": [less]}
    client.post(f"/v1/orders/{order_id}/amend", amended)
    firm.wait()
    assert trade.money(order_id, "billed", "to_bill", "too_much") == [(9, -2, 2)]
    [line] = client.get(f"/v1/orders/{order_id}/billing")["lines"]
    assert (line["agreed"], line["shipped"], line["to_bill"]) == ("7", "0", "-2")
    assert "order_exception" in trade.worklist()
    [raised] = client.list("/v1/order-exceptions", order_id=order_id, is_settled="false")
    assert (raised["kind"], raised["lines"][0]["quantity"]) == ("billed_too_much", "2")
    path = f"/v1/order-exceptions/{raised['exception_id']}"
    again = {"settled_as": "again", "reason": "As agreed."}
    assert trade.refusal(f"{path}/settle", again) == "credited_in_billing"
    credit = {"reason": "Two less.", "lines": [{"position": 1, "quantity": "2"}]}
    client.post(f"/v1/invoices/{whole['invoice_id']}/credit-notes", credit)
    firm.wait()
    assert trade.money(order_id, "billed", "credited", "to_bill") == [(9, 2, 0)]
    assert client.get(path)["settled_as"] == "mended"
    assert "order_exception" not in trade.worklist()
    client.post(f"/v1/orders/{order_id}/cancel", {"reason": "Not wanted."})
    firm.wait()
    [raised] = client.get(f"/v1/orders/{order_id}/money")["exceptions"]
    trade.settle(raised, "leave")
    page = client.get(f"/v1/orders/{order_id}/money")
    assert (page["is_billed"], page["lines"][0]["kept"]) == (True, "7")
    [line] = client.get(f"/v1/orders/{order_id}/billing")["lines"]
    assert (line["agreed"], line["kept"], line["billed"], line["to_bill"]) == ("0", "7", "9", "0")
    assert "order_exception" not in trade.worklist()


def test_of_60_delivered_and_6_returned_54_are_billed_and_nothing_is_left(
    firm: Firm, client: Client
) -> None:
    trade = Trade(firm)
    order_id = trade.draft(60)
    order = trade.confirm(order_id)
    firm.ship(order)
    [whole] = firm.invoices(trade.account)
    raised = trade.void(whole["invoice_id"])
    firm.take_back(order, 6)
    trade.settle(raised, "again")
    assert trade.money(order_id, "shipped", "returned", "billed", "to_bill") == [(60, 6, 54, 0)]
    assert client.get(f"/v1/orders/{order_id}/money")["is_billed"]
    [live] = [one for one in firm.invoices(trade.account) if one["status"] != "void"]
    assert live["total"] == 54000


def test_a_limit_may_be_reached_drafts_count_where_said_and_a_group_has_one(
    firm: Firm, client: Client
) -> None:
    trade = Trade(firm, credit_limit=10000)
    assert trade.confirm(trade.draft(10))["status"] == "confirmed", "reaching it is allowed"
    one_more = f"/v1/orders/{trade.draft(1)}"
    assert trade.refusal(f"{one_more}/confirm") == "credit_limit_exceeded"

    drafting = Trade(firm, credit_limit=10000)
    drafting.draft(6)
    terms = {"overdue_limit": None, "counts_drafts": True, "reason": "Drafts a lot."}
    path = f"/v1/accounts/{drafting.account_id}/credit-terms"
    client.put(path, terms)
    order_id = drafting.draft(6)
    assert drafting.refusal(f"/v1/orders/{order_id}/confirm") == "credit_limit_exceeded"
    client.put(path, terms | {"counts_drafts": False})
    assert drafting.confirm(order_id)["status"] == "confirmed"

    group, child = firm.open_account(credit_limit=10000), Trade(firm)
    client.put(f"/v1/accounts/{group['account_id']}/credit-group", {"is_credit_group": True})
    parent = {"parent_id": group["account_id"], "payer": "child"}
    client.put(f"/v1/accounts/{child.account_id}/parent", parent)
    firm.wait()
    order_id = child.draft(11)
    assert child.refusal(f"/v1/orders/{order_id}/confirm") == "group_limit_exceeded"
    assert child.confirm(child.draft(10))["status"] == "confirmed"


def test_a_deposit_is_asked_for_at_confirming_and_stands_on_the_orders_page(
    firm: Firm, client: Client
) -> None:
    trade = Trade(firm, unit_price=3600)
    order_id = trade.draft(8, deposit_percent="25")
    order = trade.confirm(order_id)
    [deposit] = client.get(f"/v1/orders/{order_id}/money")["bills"]
    assert (deposit["kind"], deposit["status"], deposit["total"]) == ("deposit", "billed", 7200)
    firm.ship(order)
    [asked, last] = [one["total"] for one in firm.invoices(trade.account)]
    assert (asked, last) == (7200, 21600)
    assert trade.money(order_id, "billed", "to_bill") == [(8, 0)]

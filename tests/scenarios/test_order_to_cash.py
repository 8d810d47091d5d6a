"""From the first contact to the money: what a client orders is shipped, invoiced and paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ops.client import Refused

pytestmark = pytest.mark.server


def test_what_is_ordered_is_shipped_in_parts_invoiced_by_shipment_and_paid(firm, client) -> None:
    account = firm.open_account()
    order = firm.order(account, TEA=3, LAMP=2)
    assert order["total_gross"] == 3 * 11900 + 2 * 5350

    firm.ship(order, TEA=2)
    [first] = firm.invoices(account)
    assert (first["status"], first["total"]) == ("issued", 2 * 11900)
    assert client.get(f"/v1/orders/{order['order_id']}")["status"] == "processing"

    firm.ship(order)
    _, second = firm.invoices(account)
    assert second["total"] == 11900 + 2 * 5350
    assert client.get(f"/v1/orders/{order['order_id']}")["status"] == "done"
    assert firm.balance(account) == {"open": 46400, "unapplied": 0, "balance": 46400}

    payment = firm.pay(account, 46400)
    assert payment["unapplied"] == 0
    assert [invoice["status"] for invoice in firm.invoices(account)] == ["paid", "paid"]
    assert firm.balance(account) == {"open": 0, "unapplied": 0, "balance": 0}


def test_what_was_billed_ahead_of_shipping_is_billed_once(firm, client) -> None:
    account = firm.open_account(credit_limit=100000)
    order = firm.order(account, TEA=4)
    standing = f"/v1/accounts/{account['account_id']}/standing"
    line = {"description": "Ahead", "quantity": "1", "unit_price": 10000, "tax_percent": "19.00"}
    names = {"account_id": account["account_id"], "order_id": order["order_id"]}
    draft = client.post("/v1/invoices", {**names, "currency": "EUR", "lines": [line]})
    client.post(f"/v1/invoices/{draft['invoice_id']}/issue")
    firm.wait()
    assert client.get(standing)["exposure"] == 4 * 11900
    firm.ship(order, TEA=3)
    assert firm.balance(account)["open"] == 3 * 11900
    assert client.get(standing)["exposure"] == 4 * 11900
    firm.ship(order)
    assert firm.balance(account)["open"] == 4 * 11900
    assert client.get(standing)["exposure"] == 4 * 11900
    assert [invoice["taken_off"] for invoice in firm.invoices(account)] == [0, 11900, 0]


def test_nobody_bills_for_the_order_of_another_account(firm, client) -> None:
    account, other = firm.open_account(), firm.open_account(credit_limit=50000)
    order = firm.order(other, TEA=1)
    line = {"description": "Ahead", "quantity": "1", "unit_price": 10000, "tax_percent": "19.00"}
    names = {"account_id": account["account_id"], "order_id": order["order_id"]}
    with pytest.raises(Refused, match="order_not_found"):
        client.post("/v1/invoices", {**names, "currency": "EUR", "lines": [line]})
    firm.wait()
    standing = client.get(f"/v1/accounts/{other['account_id']}/standing")
    assert standing["open_orders"] == 11900


def test_the_timeline_tells_the_whole_story_of_an_account(firm) -> None:
    account = firm.open_account()
    order = firm.order(account, TEA=1)
    firm.wait(1)
    firm.ship(order)
    firm.wait(1)
    firm.pay(account, 11900)
    story = [
        "account_opened",
        "account_onboarding",
        "account_activated",
        "order_confirmed",
        "invoice_issued",
        "payment_received",
        "invoice_paid",
    ]
    told = firm.timeline(account)
    assert [name for name in told if name in story] == story
    assert "shipment_sent" in told, "at the same moment as its invoice"


def test_an_invoice_is_due_after_the_days_of_the_account(firm, client) -> None:
    account = firm.open_account(net_days=21)
    firm.ship(firm.order(account, LAMP=1))
    [invoice] = firm.invoices(account)
    assert invoice["issued_on"] == str(firm.today)
    client.patch(f"/v1/accounts/{account['account_id']}", {"net_days": 7})
    firm.wait()
    firm.ship(firm.order(account, LAMP=2))
    found = client.list(f"/v1/accounts/{account['account_id']}/items")
    dues = {item["amount"]: date.fromisoformat(item["due_date"]) - firm.today for item in found}
    assert dues == {5350: timedelta(days=21), 10700: timedelta(days=7)}


def test_who_is_not_onboarded_yet_gets_no_goods(firm, client) -> None:
    prospect = firm.open_prospect()
    firm.wait()
    order = firm.draft_order(prospect, TEA=1)
    with pytest.raises(Refused) as refused:
        client.post(f"/v1/orders/{order['order_id']}/confirm")
    assert refused.value.code == "account_not_active"
    path = f"/v1/accounts/{prospect['account_id']}"
    client.post(f"{path}/begin-onboarding")
    with pytest.raises(Refused) as refused:
        client.post(f"{path}/activate")
    assert refused.value.code == "checklist_incomplete"
    assert refused.value.problem["missing"]


def test_an_order_above_the_credit_limit_waits_until_something_is_paid(firm, client) -> None:
    account = firm.open_account(credit_limit=30000)
    firm.ship(firm.order(account, TEA=2))
    order = firm.draft_order(account, TEA=1)
    with pytest.raises(Refused) as refused:
        client.post(f"/v1/orders/{order['order_id']}/confirm")
    assert refused.value.code == "credit_limit_exceeded"
    standing = client.get(f"/v1/accounts/{account['account_id']}/standing")
    assert (standing["exposure"], standing["available"]) == (23800, 6200)

    firm.pay(account, 6000)
    assert client.post(f"/v1/orders/{order['order_id']}/confirm")["status"] == "confirmed"

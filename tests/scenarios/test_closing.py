"""Accounts are closed only when all who deal with them agree, whatever happens at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.server

CLOSE = {"reason": "Moved abroad."}


def issue(client, account, amount: int) -> None:
    line = {"description": "Advice", "quantity": "1", "unit_price": amount, "tax_percent": "0"}
    draft = {"account_id": account["account_id"], "currency": "EUR", "lines": [line]}
    invoice = client.post("/v1/invoices", draft)
    client.post(f"/v1/invoices/{invoice['invoice_id']}/issue")


def owes(client, account) -> bool:
    balances = client.get(f"/v1/accounts/{account['account_id']}/balance")["balances"]
    return any(balance["open"] or balance["unapplied"] for balance in balances)


def test_no_account_is_closed_with_an_invoice_issued_a_moment_before(firm, client) -> None:
    accounts = [firm.open_account() for _ in range(6)]
    for account in accounts:
        issue(client, account, 5000)
        client.send("POST", f"/v1/accounts/{account['account_id']}/close", CLOSE)
    firm.wait()
    after = [client.get(f"/v1/accounts/{account['account_id']}") for account in accounts]
    assert [one["number"] for one in after if one["status"] == "closed" and owes(client, one)] == []
    assert {one["status"] for one in after} == {"active"}


def test_a_client_who_owes_nothing_is_closed_and_tells_so(firm, client) -> None:
    account = firm.open_account()
    firm.ship(firm.order(account, TEA=1))
    firm.pay(account, 11900)
    path = f"/v1/accounts/{account['account_id']}"
    assert client.post(f"{path}/close", CLOSE)["status"] == "closing"
    firm.wait()
    assert client.get(path)["status"] == "closed"
    told = firm.timeline(account)
    assert told.index("account_closing") < told.index("account_closed")
    assert told.count("account_closing_agreed") == 2


def test_an_objection_is_seen_on_the_account_and_nothing_is_lost(firm, client) -> None:
    account = firm.open_account()
    order = firm.order(account, TEA=1)
    path = f"/v1/accounts/{account['account_id']}"
    client.post(f"{path}/close", CLOSE)
    firm.wait()
    after = client.get(path)
    assert after["status"] == "active"
    assert order["number"] in after["closing_objection"]
    [closing] = client.list(f"{path}/closings")
    assert (closing["status"], closing["waits_for"]) == ("refused", [])
    firm.ship(order)
    assert firm.balance(account)["open"] == 11900


def test_whatever_is_ordered_shipped_and_billed_at_that_moment_no_closed_account_owes(
    firm, client
) -> None:
    accounts = [firm.open_account() for _ in range(8)]
    orders = [firm.draft_order(account, TEA=1) for account in accounts]

    def trade(order) -> None:
        path = f"/v1/orders/{order['order_id']}"
        if client.send("POST", f"{path}/confirm").status == 200:
            client.send("POST", f"{path}/shipments", {})

    def close(account) -> None:
        client.send("POST", f"/v1/accounts/{account['account_id']}/close", CLOSE)

    with ThreadPoolExecutor(4) as pool:
        for account, order in zip(accounts, orders, strict=True):
            pool.submit(trade, order)
            pool.submit(close, account)
    firm.wait()
    for account, order in zip(accounts, orders, strict=True):
        now = client.get(f"/v1/accounts/{account['account_id']}")
        status = client.get(f"/v1/orders/{order['order_id']}")["status"]
        if now["status"] == "closed":
            assert (status, owes(client, account)) == ("draft", False)
        else:
            assert now["status"] == "active"
            assert status == "draft" or len(firm.invoices(account)) == 1 or status == "confirmed"


def test_money_that_goes_back_after_the_closing_waits_for_the_owner(firm, client) -> None:
    account = firm.open_account()
    firm.ship(firm.order(account, LAMP=1))
    payment = firm.pay(account, 5350)
    path = f"/v1/accounts/{account['account_id']}"
    client.post(f"{path}/close", CLOSE)
    firm.wait()
    bounced = {"reason": "Direct debit returned."}
    client.post(f"/v1/payments/{payment['payment_id']}/reverse", bounced)
    firm.wait()
    assert sentences(firm, account) == [
        "The account is closed with 53.50 EUR open; settle that, or reopen the account."
    ]
    assert client.post(f"{path}/reopen", {"reason": "Owes again."})["status"] == "onboarding"
    firm.wait()
    assert sentences(firm, account) == []


def sentences(firm, account) -> list[str]:
    worklist = firm.client.get("/v1/worklist", staff_id=firm.owner_id, limit=500)
    return [
        reason["sentence"]
        for line in worklist["items"]
        if line["account_id"] == account["account_id"]
        for reason in line["reasons"]
    ]

"""A credit limit that is lowered after orders were agreed stops what it has no room for."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.server


def test_goods_wait_for_credit_until_somebody_releases_the_order_or_the_client_pays(
    firm, client
) -> None:
    account = firm.open_account(credit_limit=100000)
    first, second, third = (firm.order(account, TEA=2) for _ in range(3))
    client.send("PATCH", f"/v1/accounts/{account['account_id']}", {"credit_limit": 30000})
    firm.wait()
    assert waiting(firm, account) == {second["number"], third["number"]}
    assert stopped(client, account) == waiting(firm, account)
    refused = client.send("POST", f"/v1/orders/{second['order_id']}/shipments", {})
    assert (refused.status, refused.data["code"]) == (409, "order_stopped")

    firm.ship(first)
    because = {"reason": "A client of many years."}
    client.post(f"/v1/orders/{second['order_id']}/release", because)
    firm.wait()
    assert waiting(firm, account) == {third["number"]}
    firm.ship(second)
    firm.pay(account, 2 * 23800)
    assert waiting(firm, account) == stopped(client, account) == set()
    firm.ship(third)
    assert firm.balance(account)["open"] == 23800


def stopped(client, account) -> set[str]:
    stops = client.list("/v1/order-stops", account_id=account["account_id"], is_standing="true")
    return {stop["number"] for stop in stops}


def waiting(firm, account) -> set[str]:
    """The numbers of stopped orders on the owner's worklist."""
    worklist = firm.client.get("/v1/worklist", staff_id=firm.owner_id, limit=500)
    return {
        reason["sentence"].partition(" for order ")[2].partition(" ")[0]
        for line in worklist["items"]
        if line["account_id"] == account["account_id"]
        for reason in line["reasons"]
        if reason["kind"] == "order_stopped"
    }

"""A billing run makes drafts: people look at them, edit one, delete one, and issue the others at once."""

from __future__ import annotations

from typing import Any

import pytest

from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server


def charge(firm: Firm, account: dict[str, Any], unit_price: int, quantity: str) -> None:
    asked = {"account_id": account["account_id"], "description": "Hours", "currency": "EUR"}
    asked |= {"kind": "one_off", "unit_price": unit_price, "quantity": quantity}
    firm.client.post("/v1/charges", asked | {"tax_percent": "19.00", "start_on": str(firm.today)})


def plan(firm: Firm, accounts: list[dict[str, Any]], makes: str) -> str:
    """A run until today that is foreseen; its path."""
    ids = [account["account_id"] for account in accounts]
    asked = {"cutoff_on": str(firm.today), "accounts": ids, "makes": makes}
    run = firm.client.post("/v1/billing-runs", asked)
    firm.wait()
    return f"/v1/billing-runs/{run['billing_run_id']}"


def standing(client: Client, run: str) -> dict[str, tuple[int, int]]:
    return {one["status"]: (one["bills"], one["total"]) for one in client.get(run)["counts"]}


def test_bills_of_a_run_are_looked_at_as_drafts_and_then_issued(firm: Firm, client: Client) -> None:
    accounts = [firm.open_account() for _ in range(3)]
    for account in accounts:
        charge(firm, account, 10000, "10")
    firm.wait(1)
    run = plan(firm, accounts, "drafts")
    assert standing(client, run) == {"pending": (3, 357000)}
    client.post(f"{run}/approve")
    firm.wait()
    assert standing(client, run) == {"drafted": (3, 357000)}
    edited, deleted, left = [
        client.get(f"/v1/invoices/{one['invoice_id']}")
        for account in accounts
        for one in client.list("/v1/invoices", account_id=account["account_id"], status="draft")
    ]
    with pytest.raises(Refused, match="nothing_to_bill"):
        plan(firm, accounts, "invoices")

    path = f"/v1/invoices/{edited['invoice_id']}"
    with pytest.raises(Refused, match="quantity_not_waiting"):
        client.put(f"{path}/lines", {"lines": [{"position": 1, "quantity": "11"}]})
    lower = {"lines": [{"position": 1, "quantity": "6"}]}
    assert client.put(f"{path}/lines", lower)["total"] == 71400
    assert client.post(f"{path}/issue")["status"] == "issued"
    client.delete(f"/v1/invoices/{deleted['invoice_id']}")
    assert standing(client, run) == {
        "drafted": (1, 119000),
        "invoiced": (1, 119000),
        "skipped": (1, 119000),
    }
    client.post(f"{run}/issue-drafts")
    firm.wait()
    [invoice] = firm.invoices(accounts[2])
    assert (invoice["invoice_id"], invoice["status"]) == (left["invoice_id"], "issued")
    assert client.get(run)["status"] == "completed"

    rest = plan(firm, accounts, "invoices")
    assert standing(client, rest) == {"pending": (2, 166600)}
    client.post(f"{rest}/approve")
    firm.wait()
    owed = [firm.balance(account)["open"] for account in accounts]
    assert owed == [119000, 119000, 119000]

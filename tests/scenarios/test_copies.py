"""What services keep of one another's facts is compared with its owners, and what differs is mended."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine, text

from dev.servers import Servers
from ops.client import Client
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server
COPIES = {
    ("accounts", "billing", "balance_introduced"),
    ("billing", "accounts", "account_introduced"),
    ("billing", "sales", "order_introduced"),
    ("collections", "accounts", "account_introduced"),
    ("collections", "accounts", "contact_introduced"),
    ("collections", "billing", "balance_introduced"),
    ("collections", "billing", "item_introduced"),
    ("sales", "accounts", "account_introduced"),
    ("sales", "billing", "balance_introduced"),
    ("sales", "collections", "credit_hold_introduced"),
}


def compare(client: Client) -> dict[tuple[str, str, str], dict[str, Any]]:
    copies = client.post("/v1/copies/reconcile", {})["items"]
    return {(one["listener"], one["source"], one["event"]): one for one in copies}


def harm(servers: Servers, service: str, statement: str) -> None:
    engine = create_engine(servers.database_url(service).replace("://", "+psycopg2://", 1))
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount
    engine.dispose()


def differing(client: Client) -> set[tuple[str, str, str]]:
    found = compare(client)
    assert not [one for one in found.values() if one["error"]]
    return {copy for copy, one in found.items() if one["different"]}


def test_copies_are_as_their_owners_have_it_and_made_so(
    firm: Firm, client: Client, servers: Servers
) -> None:
    account = firm.open_account()
    firm.order(account, TEA=2)
    firm.invoice(account, 900_00)
    firm.pay(account, 400_00)
    assert compare(client).keys() >= COPIES
    assert differing(client) == set()

    harm(servers, "billing", "DELETE FROM account")
    harm(servers, "sales", "UPDATE account SET version = 0")
    harm(servers, "collections", "UPDATE receivable SET version = 0, balance = 1")
    harmed = {
        ("billing", "accounts", "account_introduced"),
        ("sales", "accounts", "account_introduced"),
        ("collections", "billing", "item_introduced"),
    }
    assert differing(client) == harmed
    firm.wait()
    assert differing(client) == set()
    assert {
        (one["listener"], one["source"], one["event"])
        for one in client.get("/v1/copies")["items"]
        if one["different"]
    } == set()
    assert firm.invoice(account, 100_00)["balance"] == 100_00

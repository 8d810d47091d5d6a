"""What services keep of one another's facts is compared with its owners, and what differs is mended."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine, text

from dev.servers import Servers
from gateway.copies.reconciling import LOCK
from ops import reconcile
from ops.client import Client, Refused
from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server
COPIES = {
    ("accounts", "billing", "balance_introduced"),
    ("accounts", "billing", "credit_note_introduced"),
    ("accounts", "billing", "invoice_introduced"),
    ("accounts", "billing", "item_introduced"),
    ("accounts", "sales", "order_introduced"),
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


def url_of(servers: Servers, owner: str) -> str:
    return servers.database_url(owner).replace("://", "+psycopg2://", 1)


def harm(servers: Servers, service: str, statement: str) -> None:
    engine = create_engine(url_of(servers, service))
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


def test_whoever_sees_some_accounts_only_may_not_compare(client: Client, firm: Firm) -> None:
    mine = firm.open_account()["account_id"]
    key = client.post("/v1/api-keys", {"name": "mine", "scopes": ["admin"], "accounts": [mine]})
    limited = client.as_holder_of(key["key"])
    for ask in (lambda: limited.get("/v1/copies"), lambda: compare(limited)):
        with pytest.raises(Refused, match="all_accounts_needed"):
            ask()


def test_one_comparison_is_made_at_a_time(client: Client, servers: Servers) -> None:
    engine = create_engine(url_of(servers, "gateway"))
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        with pytest.raises(Refused, match="409 already_comparing"):
            compare(client)
    engine.dispose()
    assert differing(client) == set()


def test_the_command_tells_what_was_found_and_by_its_status_whether_all_is_well(
    client: Client, servers: Servers, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--api", client.url, "--key", client.api_key]
    harm(servers, "collections", "UPDATE account_balance SET version = 0")
    assert reconcile.main(where) == 1
    told = capsys.readouterr().out
    assert [line.count("balance_introduced") for line in told.splitlines() if "collect" in line]
    assert reconcile.main(where) == 0
    assert reconcile.main([]) == 2

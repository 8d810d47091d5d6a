"""An event that was lost on its way to the timeline is asked for again and fills its gap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dev.servers import Servers
from ops.client import Client
from tests.gateway.fake_service import wait_until
from tests.scenarios.firm import Firm
from tests.scenarios.test_copies import harm

pytestmark = pytest.mark.server


def lose(servers: Servers, event: dict[str, Any]) -> None:
    """As if it had never come to accounts."""
    for table in ("timeline_entry", "inbox"):
        harm(servers, "accounts", f"DELETE FROM {table} WHERE event_id = '{event['event_id']}'")


def test_a_lost_event_fills_its_gap_by_itself(firm: Firm, client: Client, servers: Servers) -> None:
    account = firm.open_account()
    path = f"/v1/accounts/{account['account_id']}/timeline"
    for amount in (900_00, 100_00):
        firm.invoice(account, amount)
    firm.wait()
    told = client.get(f"{path}?source=billing")["items"]
    lost, after = told[-2:]
    for event in (lost, after):
        lose(servers, event)
    again = f"SET published_at = NULL, position = NULL WHERE event_id = '{after['event_id']}'"
    harm(servers, "billing", f"UPDATE outbox {again}")
    gap = {"source": "billing", "first": lost["sequence"], "last": lost["sequence"]}
    wait_until(lambda: client.get(path)["missing"] == [gap])

    now = client.read_clock()
    assert now is not None
    client.move_clock(now + timedelta(minutes=6))
    assert client.get(path)["is_complete"]
    assert client.get(f"{path}?source=billing")["items"] == told
    [asked] = client.get(f"{path}?name=events_wanted")["items"]
    assert asked["data"]["service"] == "billing"
    firm.wait(days=1)  # the others count on its being nine

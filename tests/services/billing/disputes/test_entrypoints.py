"""Disputes through the doors of the service, told as collections promises to."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from services.collections.disputes import events
from tests.services.client import Client

pytestmark = pytest.mark.server


def test_what_collections_promises_to_tell_is_kept_and_answered(client: Client) -> None:
    account_id = new_id("acc")
    client.hear(
        "keep_accounts",
        **{"account_id": account_id, "version": 1, "number": "A-1"},
        **{"status": "active", "net_days": 30},
    )
    line = {"description": "Lamp", "quantity": "1", "unit_price": 37815, "tax_percent": "19.00"}
    draft = client.call("draft_invoice", account_id=account_id, currency="EUR", lines=[line])
    [item] = client.call("issue_invoice", invoice_id=draft["invoice_id"])["items"]

    def tell(event: Any, **facts: Any) -> None:
        told = event.example | {"account_id": account_id, "item_id": item["item_id"]} | facts
        client.tell("collections", event.name, **told)

    def look() -> tuple[int, int, int]:
        found = client.call("get_item", item_id=item["item_id"])
        return found["balance"], found["disputed"], found["askable"]

    tell(events.DisputeOpened)
    tell(events.DisputeChanged)
    assert look() == (45000, 13000, 32000)
    for _ in range(2):
        tell(events.DisputeResolved)
    assert look() == (37000, 0, 37000)
    [dispute] = client.call("list_item_disputes", item_id=item["item_id"])["items"]
    [note] = client.call("list_credit_notes", account_id=account_id)["items"]
    assert (note["total"], note["dispute_id"]) == (8000, dispute["dispute_id"])
    assert dispute["credit_note_id"] == note["credit_note_id"]
    parts = [dispute[name] for name in ("remaining", "settled", "credited", "released")]
    assert parts == [0, 0, 8000, 5000]
    assert client.announced("dispute_credit_refused") == []
    [told] = client.announced("credit_note_issued")
    assert told["dispute_id"] == dispute["dispute_id"]

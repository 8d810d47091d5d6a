"""What collections takes of others' events."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.ids import new_id
from services.collections.subscriptions import ContactSnapshot, InvoiceIssued

FAR = date(9999, 12, 31)


def _item() -> dict[str, Any]:
    return {
        "item_id": new_id("itm"),
        "version": 1,
        "invoice_id": new_id("inv"),
        "invoice_number": "R-1",
        "due_date": FAR.isoformat(),
        "currency": "EUR",
        "amount": 100,
        "balance": 100,
        "status": "open",
    }


def test_an_item_is_taken_whatever_day_it_is_due() -> None:
    issued = {"account_id": new_id("acc"), "issued_on": FAR.isoformat(), "items": [_item()]}
    taken = InvoiceIssued().load(issued)

    assert (taken["issued_on"], taken["items"][0]["due_date"]) == (FAR, FAR)


@pytest.mark.parametrize("name", ["valid_from", "valid_to"])
def test_a_contact_is_taken_whatever_its_time(name: str) -> None:
    contact = {
        "account_id": new_id("acc"),
        "contact_id": new_id("con"),
        "version": 1,
        "name": "Ann",
        "email": None,
        "roles": ["payer"],
        "valid_from": "2026-01-01",
        "valid_to": None,
    }

    assert ContactSnapshot().load({**contact, name: FAR.isoformat()})[name] == FAR

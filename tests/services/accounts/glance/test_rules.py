"""Claims about what to mind of an account."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kernel.money import Money
from services.accounts.accounts.rules import Status
from services.accounts.glance.rules import find_alerts

TODAY, NOW = date(2026, 1, 5), datetime(2026, 1, 5, 9, tzinfo=UTC)
QUIET = {
    "status": Status.ACTIVE,
    "since": date(2025, 1, 1),
    "owed": [],
    "credit_limit": None,
    "waiting": [],
    "expiring": [],
}


@pytest.mark.parametrize(
    ("facts", "alerts"),
    [
        ({}, []),
        ({"status": Status.ON_HOLD}, ["The account is on hold since 2025-01-01: no new business."]),
        (
            {"owed": [Money(500, "EUR")], "credit_limit": Money(500, "EUR")},
            ["5.00 EUR is owed, and the credit limit is 5.00 EUR."],
        ),
        ({"owed": [Money(499, "EUR")], "credit_limit": Money(500, "EUR")}, []),
        ({"owed": [Money(900, "USD")], "credit_limit": Money(500, "EUR")}, []),
        ({"waiting": [("C-000001", NOW)]}, ["Case C-000001 has waited too long."]),
        ({"waiting": [("C-000001", datetime(2026, 1, 5, 9, 1, tzinfo=UTC))]}, []),
        ({"expiring": [("Licence", date(2026, 1, 4))]}, ["Licence expired on 2026-01-04."]),
        ({"expiring": [("Licence", date(2026, 2, 4))]}, ["Licence expires on 2026-02-04."]),
        ({"expiring": [("Licence", date(2026, 2, 5))]}, []),
    ],
)
def test_what_to_mind_is_said(facts, alerts: list[str]) -> None:
    assert list(find_alerts(**{**QUIET, **facts}, today=TODAY, now=NOW)) == alerts

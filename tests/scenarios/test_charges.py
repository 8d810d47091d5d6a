"""What is charged again and again falls due by itself, every month."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.calendar import add_days, add_months

pytestmark = pytest.mark.server


def test_a_monthly_charge_falls_due_by_itself_until_it_is_ended(firm, client) -> None:
    account = firm.open_account()
    first = add_months(firm.today.replace(day=1), 1)
    asked = {
        "account_id": account["account_id"],
        "kind": "recurring",
        "description": "Hosting",
        "currency": "EUR",
        "unit_price": 29900,
        "tax_percent": "19.00",
        "start_on": str(first),
        "unit": "month",
        "timing": "advance",
    }
    charge = client.post("/v1/charges", asked)
    path = f"/v1/charges/{charge['charge_id']}"
    ahead = client.get(f"{path}/periods", limit=2)["periods"]
    assert [(one["bill_on"], one["net"]) for one in ahead] == [
        (str(first), 29900),
        (str(add_months(first, 1)), 29900),
    ]

    def billed() -> list[tuple[Any, ...]]:
        found = client.list("/v1/billables", account_id=account["account_id"], is_pending=True)
        return [(one["service_from"], one["quantity"], one["unit_price"]) for one in found]

    assert billed() == []
    firm.wait((add_months(first, 1) - firm.today).days)
    second = add_months(first, 1)
    assert billed() == [(str(first), "1", 29900), (str(second), "1", 29900)]

    client.post(f"{path}/change", {"unit_price": 0, "from_on": str(second), "reason": "A gift."})
    assert billed() == [(str(first), "1", 29900)]
    end_on = str(add_days(second, -1))
    ended = client.post(f"{path}/end", {"end_on": end_on, "reason": "Given notice."})
    assert (ended["status"], ended["end_on"]) == ("ended", end_on)
    history = [one["action"] for one in client.list(f"{path}/history")]
    assert history == ["end", "change", "add"]
    firm.wait(1)
    told = [name for name in firm.timeline(account) if name.startswith("charge_")]
    assert told == ["charge_added", "charge_changed", "charge_ended"]

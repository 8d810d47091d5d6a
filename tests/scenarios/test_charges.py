"""What is charged falls due by itself, every month; many charges are added at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kernel.calendar import add_days, add_months
from kernel.ids import new_id

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


def test_charges_that_two_send_at_once_are_added_once(firm, client) -> None:
    account_id = firm.open_account()["account_id"]
    once = {"kind": "one_off", "currency": "EUR", "tax_percent": "20.00", "start_on": "2026-01-05"}
    same = {"account_id": account_id, "unit_price": 300, "description": "Tin", **once}
    charges: list[Any] = [{**same, "external_id": f"L-{place}"} for place in range(50)]

    def send(rows: list[Any]) -> Any:
        return client.post("/v1/charge-batches", {"charges": rows}, key=new_id("key"))

    with ThreadPoolExecutor(2) as pool:
        answers = [*pool.map(send, [charges, charges[::-1]])]
    ends = [(one["added"], one["found"], one["refused"]) for one in answers]
    assert sorted(ends) == [(0, 50, 0), (50, 0, 0)]
    found = [*client.list("/v1/billables", account_id=account_id, is_pending=True)]
    assert [(one["service_from"], one["unit_price"]) for one in found] == [("2026-01-05", 300)] * 50
    [broken] = send([{**same, "external_id": "L-x", "currency": "euro"}])["results"]
    assert (broken["code"], broken["errors"][0]["field"]) == ("invalid_fields", "currency")

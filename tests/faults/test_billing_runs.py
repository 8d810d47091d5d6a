"""A billing run while billing is killed: it comes to the same set, and no number is missing."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

from tests.faults.conftest import size
from tests.faults.house import House, wait_until

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF")
CURRENCIES += ("JPY", "CNY", "INR", "AUD", "NZD", "CAD", "MXN", "BRL", "ZAR", "TRY")
CURRENCIES += ("ILS", "KRW", "SGD", "THB", "KWD")
RUN_SECONDS = 300.0


def test_a_run_that_is_killed_bills_each_account_once_and_leaves_no_number_out(
    house: House, chance: random.Random
) -> None:
    bills = size(10_000)
    house.be_billable(bills // len(CURRENCIES), CURRENCIES)
    cutoff_on = str(datetime.now(UTC).date())
    planned = house.client.post("/v1/billing-runs", {"cutoff_on": cutoff_on})
    assert planned["bills"] == bills
    path = f"/v1/billing-runs/{planned['billing_run_id']}"
    _kill(house, chance, path, until="previewed", times=size(5))
    house.client.post(f"{path}/approve")
    _kill(house, chance, path, until="completed", times=size(10))

    run = house.client.get(path)
    assert {one["status"] for one in run["counts"]} == {"invoiced"}
    assert sum(one["bills"] for one in run["counts"]) == bills
    of_run = f"FROM invoice WHERE billing_run_id = '{run['billing_run_id']}'"
    assert house.number("billing", f"SELECT count(*) {of_run}") == bills
    assert (
        house.number("billing", f"SELECT count(DISTINCT (account_id, currency)) {of_run}") == bills
    )
    assert house.ask("billing", f"SELECT DISTINCT total {of_run}") == [(11900,)]
    assert house.number("billing", _MISSING) == 0
    house.assert_books_agree()


def _kill(house: House, chance: random.Random, path: str, *, until: str, times: int) -> None:
    """Kill all of billing so many times while a run goes on, and wait until it has come so far."""
    for _ in range(times):
        time.sleep(chance.uniform(0, 0.6))
        for replica in ("billing", "billing-2"):
            house.system.kill(replica)
        wait_until(lambda: house.client.get(path), RUN_SECONDS)
    wait_until(lambda: house.client.get(path)["status"] == until, RUN_SECONDS)


_MISSING = """SELECT max(split_part(number, '-', 2)::int) - count(*) FROM invoice
    WHERE series = 'invoice' AND issued_on IS NOT NULL"""

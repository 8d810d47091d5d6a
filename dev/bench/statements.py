"""The row of statement runs: statements of many accounts, made and sent by e-mail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from dev.bench.effects import wait_for_rest
from dev.bench.figures import MS, PER_SECOND, TIMES, Figure
from dev.bench.ground import Ground, today
from dev.bench.processor import read_seconds, share, tell

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF")
SEAT = {"kind": "legal", "street": ["Hafenstr. 12"], "city": "Hamburg", "postal_code": "20457"}
COMPANY = {
    "legal_name": "Steward Trading GmbH",
    "country": "DE",
    "time_zone": "UTC",
    "languages": ["en"],
    "addresses": [{**SEAT, "country": "DE"}],
    "tax_ids": [],
    "bank_accounts": [{"iban": "DE89 3704 0044 0532 0130 00"}],
}
LOOK_SECONDS = 0.1
SECONDS_MAX = 600.0


def statements(ground: Ground) -> Iterator[Figure]:
    """A run that states today to each account in each of ten currencies, beside the same statements asked
    for one after the other."""
    _owe_in_all(ground)
    period = {"from": today().isoformat(), "to": today().isoformat()}
    asked = f"currency={CURRENCIES[1]}&from={period['from']}&to={period['to']}"
    paths = [f"/v1/accounts/{one}/statement/document.pdf?{asked}" for one in ground.accounts]
    alone = ground.look(1, [ground.request("GET", path) for path in paths])
    before, started = read_seconds(ground.running), time.time()
    plan = {**period, "accounts": ground.accounts, "again": True}
    run = ground.client.post("/v1/statement-runs", plan)
    count = run["statements"]
    _wait_until_made(ground, f"/v1/statement-runs/{run['statement_run_id']}", started)
    made = count / (time.time() - started)
    rest = wait_for_rest(ground.running)
    name = f"{count:,} statements by a run"
    limit = f"one after the other, over HTTP: {alone.per_second:.0f}/s"
    yield Figure(f"{name}: made", made, PER_SECOND, limit=limit)
    yield Figure(f"{name}: by one after the other", made / alone.per_second, TIMES)
    yield Figure(f"{name}: sent", count / (rest.since - started), PER_SECOND)
    costs = share(before, rest.used, count)
    yield Figure(f"{name}: processor", sum(costs.values()), MS, tell(costs))


def _owe_in_all(ground: Ground) -> None:
    """Each account is billed once in each currency; the company has said who it is."""
    ground.client.put("/v1/company", COMPANY)
    for currency in CURRENCIES:
        invoices: list[dict[str, Any]] = [
            {**ground.invoice(number, today()), "currency": currency}
            for number in range(len(ground.accounts))
        ]
        answer = ground.client.post("/v1/invoice-batches", {"invoices": invoices})
        assert answer["refused"] == 0, answer
    wait_for_rest(ground.running)


def _wait_until_made(ground: Ground, path: str, started: float) -> None:
    while ground.client.get(path)["status"] != "completed":
        if time.time() - started > SECONDS_MAX:
            raise TimeoutError(f"the run was not through within {SECONDS_MAX:.0f} s")
        time.sleep(LOOK_SECONDS)

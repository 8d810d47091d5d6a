"""A statement run while billing is killed: each statement is made and sent once, and none is missing."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

from tests.faults.conftest import IS_FULL
from tests.faults.house import House, wait_until

ACCOUNTS = 10_000 if IS_FULL else 120  # half by post, half by e-mail
KILLS = 10 if IS_FULL else 2
CURRENCY = "ISK"  # nothing else here is in it
RUN_SECONDS = 900.0
COMPANY = {
    "legal_name": "Steward Trading GmbH",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "languages": ["de", "en"],
    "addresses": [
        {
            "kind": "legal",
            "street": ["Hafenstr. 12"],
            "city": "Hamburg",
            "postal_code": "20457",
            "country": "DE",
        }
    ],
    "tax_ids": [],
    "bank_accounts": [{"iban": "DE89 3704 0044 0532 0130 00"}],
}


def test_a_run_that_is_killed_states_each_account_once_and_leaves_none_out(
    house: House, chance: random.Random
) -> None:
    half = ACCOUNTS // 2
    house.client.put("/v1/company", COMPANY)
    house.give_addresses(house.open_accounts(half, currency=CURRENCY))
    house.open_accounts(half, channel="email", currency=CURRENCY)
    wait_until(house.is_at_rest, RUN_SECONDS)
    wait_until(lambda: house.ask("billing", "SELECT 1 FROM company"), RUN_SECONDS)
    mails = house.system.mailbox.count()
    today = str(datetime.now(UTC).date())
    asked = {"from": today, "to": today, "currency": CURRENCY}
    run = house.client.post("/v1/statement-runs", asked)
    assert run["statements"] == ACCOUNTS
    path = f"/v1/statement-runs/{run['statement_run_id']}"
    of_run = f"FROM run_statement WHERE statement_run_id = '{run['statement_run_id']}'"
    _kill(house, chance, path, f"SELECT count(*) {of_run} AND document_id IS NOT NULL")
    wait_until(lambda: house.client.get(path)["status"] == "completed", RUN_SECONDS)
    on_its_way = f"SELECT count(*) {of_run} AND status = 'asked'"
    wait_until(lambda: not house.number("billing", on_its_way), RUN_SECONDS)

    counts = {one["status"]: one["statements"] for one in house.client.get(path)["counts"]}
    assert counts == {"to_print": half, "sent": half}
    each = "count(*), count(DISTINCT account_id), count(DISTINCT document_id), min(closing), max(closing)"
    assert house.ask("billing", f"SELECT {each} {of_run}") == [
        (ACCOUNTS, ACCOUNTS, ACCOUNTS, 100_000, 100_000)
    ]
    documents = "SELECT count(*) FROM document WHERE kind = 'statement' AND number LIKE '%-ISK'"
    assert house.number("billing", documents) == ACCOUNTS
    assert house.system.mailbox.count() - mails == half, "one message more or less than statements"
    house.assert_books_agree()


def _kill(house: House, chance: random.Random, path: str, made: str) -> None:
    """Kill all of billing so many times while the run goes on; the first time when some are made."""
    stood = []
    for _ in range(KILLS):
        before = min(stood[-1] if stood else 0, ACCOUNTS - 1)
        wait_until(lambda: house.number("billing", made) > before, RUN_SECONDS)  # noqa: B023
        time.sleep(chance.uniform(0, 0.6))
        for replica in ("billing", "billing-2"):
            house.system.kill(replica)
        stood.append(house.number("billing", made))
        wait_until(lambda: house.client.get(path), RUN_SECONDS)
    print(f"of {ACCOUNTS} statements, {stood} were made when billing was killed")  # noqa: T201
    assert 0 < stood[0] < ACCOUNTS, "it was not killed in the middle"

"""The charges of a morning while billing is killed: each is recorded once, and none is left out."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from kernel.ids import new_ids
from tests.faults.conftest import size
from tests.faults.house import House, wait_until

SECONDS = 120.0
CHARGES = size(20_000)
DAYS = 30  # of a period


def test_charges_are_recorded_once_each_whoever_is_killed_meanwhile(
    house: House, chance: random.Random, charged: None
) -> None:
    today = datetime.now(UTC).date()
    begin(house, today)
    stood = []
    for _ in range(size(10)):
        wait_until(lambda: recorded(house) > 0, SECONDS)
        time.sleep(chance.uniform(0, 0.2))
        for replica in ("billing", "billing-2"):
            house.system.kill(replica)
        stood.append(recorded(house))
        wait_until(lambda: house.client.get("/v1/charges"), SECONDS)
    print(f"of {CHARGES} charges, {stood} were recorded when billing was killed")  # noqa: T201
    assert 0 < stood[0] < CHARGES, "it was not killed in the middle"
    wait_until(lambda: not house.number("billing", LEFT), SECONDS)
    assert recorded(house) == CHARGES
    of_them = f"FROM billable WHERE description = '{DESCRIPTION}'"
    first, last = today, today + timedelta(days=DAYS - 1)
    assert house.ask(
        "billing",
        f"SELECT count(*), count(DISTINCT charge_id), min(service_from), max(service_until),"
        f" sum(unit_price * quantity) {of_them}",
    ) == [(CHARGES, CHARGES, first, last, CHARGES * 5000)]
    until = (
        f"SELECT DISTINCT recorded_until, next_on FROM charge WHERE description = '{DESCRIPTION}'"
    )
    assert house.ask("billing", until) == [(last, last + timedelta(days=1))]
    assert house.number("billing", "SELECT count(*) FROM parked WHERE why <> 'forged'") == 0


@pytest.fixture
def charged(house: House) -> Iterator[None]:
    """Charges of which a period of thirty days falls due today; they are gone afterwards."""
    house.client.get("/v1/charges")
    accounts = [row[0] for row in house.ask("billing", "SELECT account_id FROM account LIMIT 40")]
    today = datetime.now(UTC).date()
    ids = new_ids("chg", CHARGES)
    rows = [
        (charge_id, accounts[n % len(accounts)], *_days(today)) for n, charge_id in enumerate(ids)
    ]
    url = house.system.servers.database_url("billing")
    with psycopg.connect(url) as connection:
        connection.cursor().executemany(CHARGE, rows)
    yield
    with psycopg.connect(url) as connection:
        for table in ("charge_part", "billable", "charge"):
            named = "description = %s" if table != "charge_part" else OF_PARTS
            connection.execute(f"DELETE FROM {table} WHERE {named}", (DESCRIPTION,))


def _days(today: date) -> tuple[Any, ...]:
    agreed = [{"from_on": str(today), "unit_price": 5000, "quantity": "1"}]
    return today, json.dumps(agreed), today - timedelta(days=1), today


def begin(house: House, day: date) -> None:
    """What the job of 04:30 leaves when it has run: the first group is due."""
    with psycopg.connect(house.system.servers.database_url("billing")) as connection:
        connection.execute(
            DUE, (json.dumps({"day": str(day), "after_on": None, "after_id": None}),)
        )


def recorded(house: House) -> int:
    return house.number(
        "billing", f"SELECT count(*) FROM billable WHERE description = '{DESCRIPTION}'"
    )


DESCRIPTION = "Hosting that is killed"
LEFT = "SELECT count(*) FROM due_time WHERE name = 'charges_due'"
OF_PARTS = "charge_id IN (SELECT charge_id FROM charge WHERE description = %s)"
DUE = """INSERT INTO due_time (name, key, at, data, request_id)
    VALUES ('charges_due', 'charges', now(), %s, 'killed')"""
CHARGE = f"""INSERT INTO charge (charge_id, version, account_id, kind, status, description, currency,
        tax_percent, tax_code, every, unit, anchor, timing, start_on, agreed, paused, recorded_until,
        next_on, recorded_by, recorded_at)
    VALUES (%s, 1, %s, 'recurring', 'running', '{DESCRIPTION}', 'EUR', 19, 'standard', {DAYS}, 'day',
        'start', 'advance', %s, %s, '[]', %s, %s, 'till', now())"""

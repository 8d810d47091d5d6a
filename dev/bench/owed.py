"""The row of ageing: what 100,000 clients owe, among ten times as much that they have paid."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg2

from dev.bench.figures import MS, Figure, at_most
from dev.bench.ground import Ground, today

SQL = Path(__file__).with_name("owed.sql")
OPEN, PAID, ACCOUNTS = 1_000_000, 10_000_000, 100_000
HOW_MANY = "SELECT count(*) FROM account WHERE number LIKE 'C-%'"
TIMES_ASKED = 3


def ageing(ground: Ground) -> Iterator[Figure]:
    """Ageing of all clients, today and as of a past day; what it looks at is there from then on."""
    if not ground.number("billing", HOW_MANY):
        fill(ground.running.databases["billing"])
    for name, back in (("today", 0), ("as of 30 days ago", 30)):
        as_of = today() - timedelta(days=back)
        took = []
        for _ in range(TIMES_ASKED):
            started = time.perf_counter()
            told = ground.client.get("/v1/reports/ageing", as_of=as_of.isoformat(), limit=50)
            took.append(1000 * (time.perf_counter() - started))
        count = sum(total["count"] for total in told["totals"])
        yield Figure(
            f"ageing, {name}",
            sorted(took)[TIMES_ASKED // 2],
            MS,
            f"{count:,} items open, {PAID:,} paid",
            aim=at_most(2000),
        )


def fill(database_url: str) -> None:
    """Put what is owed and was paid into billing's database, once, and gather statistics."""
    with closing(psycopg2.connect(database_url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(SQL.read_text(), {"open": OPEN, "paid": PAID, "accounts": ACCOUNTS})
        cursor.execute("VACUUM (ANALYZE)")

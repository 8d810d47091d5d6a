"""What the years do: the same load and the same pruning, before and after the tables have grown."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2

from dev.bench.figures import PER_SECOND, TIMES, Figure, at_least
from dev.bench.ground import Ground
from dev.bench.rows import pay

ROWS = 10_000_000
EXPIRED = 100_000
CONNECTIONS = 8
RECENT_DAYS, EXPIRED_DAYS = 1, 400
GROWN = {"billing": ("outbox", "answers", "inbox"), "collections": ("inbox",)}
# What tells that a row is done with, and what makes it as long as one of the system's.
FILLED = {"published_at", "data", "answer"}
_VALUES = {
    "text": "'{mark}' || n",
    "bigint": "n",
    "integer": "1",
    "boolean": "false",
    "date": "current_date",
    "bytea": "'x'::bytea",
    "timestamp with time zone": "now() - make_interval(days => {days})",
}
_LONG = "repeat('x', 300)"
_COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s
      AND (column_name = ANY(%s) OR data_type = 'timestamp with time zone' AND is_nullable = 'NO'
           OR is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO')
"""
# One step of the pruning, by the code of the side.
_STEP = """
import json, os, time
from sqlalchemy import create_engine
from chassis.store import housekeeping
engine = create_engine(os.environ["URL"])
engine.connect().close()
house = getattr(housekeeping, "House", None)
started = time.perf_counter()
deleted = house(engine).clean_up() if house else housekeeping.clean_up(engine)
print(json.dumps([sum(deleted.values()), time.perf_counter() - started]))
"""


def grow(ground: Ground, rows: int = ROWS) -> Iterator[Figure]:
    """Payments and a step of pruning with small tables, then with so many rows in each."""
    with Ground(ground.side, "bench_growth") as small:
        names = "payments, handled everywhere", "rows pruned in a step"
        pay(small, CONNECTIONS)  # warm
        before = pay(small, CONNECTIONS).everywhere, _prune(small)
        for service, tables in GROWN.items():
            for table in tables:
                fill(small.running.databases[service], table, rows, days=RECENT_DAYS)
        after = pay(small, CONNECTIONS).everywhere, _prune(small)
    for name, few, many in zip(names, before, after, strict=True):
        yield Figure(f"{name}, small tables", few, PER_SECOND)
        yield Figure(f"{name}, {rows:,} rows", many, PER_SECOND)
        yield Figure(f"{name}: large by small tables", many / few, TIMES, aim=at_least(0.8))


def fill(database_url: str, table: str, rows: int, *, days: int) -> None:
    """Add so many rows of so many days ago to one of the chassis' tables, whichever its columns are."""
    with closing(psycopg2.connect(database_url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(_COLUMNS, (table, sorted(FILLED)))
        columns = cursor.fetchall()
        cursor.execute(write_fill(table, columns, rows, days=days, mark=f"{time.time_ns()}_"))
        cursor.execute(f"VACUUM (ANALYZE) {table}")


def write_fill(
    table: str, columns: Sequence[tuple[str, str]], rows: int, *, days: int, mark: str
) -> str:
    """The statement that adds rows, given the names and types of the columns that must be filled.

    The mark makes the texts of these rows other than those of any before."""
    marks = {"mark": mark, "days": days}
    names = ", ".join(name for name, _ in columns)
    values = ", ".join(
        _LONG if name in FILLED and kind == "text" else _VALUES[kind].format(**marks)
        for name, kind in columns
    )
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, {rows}) AS n"


def _prune(ground: Ground) -> float:
    """Rows per second in one step, in a table that has some to be pruned."""
    url = ground.running.databases["billing"]
    for table in GROWN["billing"]:
        fill(url, table, EXPIRED, days=EXPIRED_DAYS)
    sqlalchemy_url = urlsplit(url)._replace(scheme="postgresql+psycopg2").geturl()
    deleted, seconds = json.loads(ground.side.call("-c", _STEP, URL=sqlalchemy_url))
    return float(deleted / seconds)

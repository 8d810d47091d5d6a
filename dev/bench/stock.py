"""The rows of stock: what is on hand of 4,000 products over 1,000,000 moves; orders that are confirmed,
with their credit checked and their goods reserved, a hundred at once."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2

from dev.bench.figures import MS, PER_SECOND, Figure, at_most
from dev.bench.goods import fill_shelves
from dev.bench.ground import Ground, today
from dev.bench.processor import tell

SQL = Path(__file__).with_name("stock.sql")
PRODUCTS, MOVES = 4_000, 1_000_000
PAGE = 500
TIMES_ASKED = 3
HOW_MANY = "SELECT count(*) FROM product WHERE sku LIKE 'STOCK-%'"
ORDERS, SHELVES, AT_ONCE = 5_000, 50, 100
# Drafts like those of each account, so that as many as are wanted are there in seconds.
COPY_ORDERS = """
    WITH draft AS (
        SELECT made, line, lpad(row_number() OVER ()::text, 26, '0') AS id
        FROM "order" AS made JOIN order_line AS line USING (order_id)
        CROSS JOIN generate_series(1, %(each)s)
        WHERE made.reference = 'bench'
    ), copied AS (
        INSERT INTO "order" SELECT (jsonb_populate_record(
            made, jsonb_build_object('order_id', 'ord_' || id, 'number', 'BENCH-' || id)
        )).* FROM draft
    )
    INSERT INTO order_line SELECT (jsonb_populate_record(
        line, jsonb_build_object('order_id', 'ord_' || id, 'line_id', 'orl_' || id)
    )).* FROM draft
"""


def stock(ground: Ground) -> Iterator[Figure]:
    """What is on hand of all products, page by page: today, in days gone by and to come, and as it was
    known; what is looked at is there from then on."""
    if not ground.number("sales", HOW_MANY):
        fill(ground.running.databases["sales"])
    known_at = datetime.now(UTC) - timedelta(days=30)
    asked: dict[str, dict[str, Any]] = {
        "today": {},
        "200 days ago": {"as_of": f"{today() - timedelta(days=200)}"},
        "in 7 days": {"as_of": f"{today() + timedelta(days=7)}"},
        "as known 30 days ago": {"known_at": known_at.isoformat(), "as_of": f"{known_at.date()}"},
    }
    for name, query in asked.items():
        took = sorted(_read_all(ground, query) for _ in range(TIMES_ASKED))
        yield Figure(
            f"on hand of {PRODUCTS:,} products, {name}",
            took[TIMES_ASKED // 2],
            MS,
            f"{MOVES:,} moves, {PAGE} products a page",
            aim=at_most(1000),
        )


def reserving(ground: Ground) -> Iterator[Figure]:
    """Orders confirmed by a hundred at once: credit checked, goods reserved, and what follows."""
    ground.activate()
    _draft_orders(ground)
    ground.client.put("/v1/stock-settings", {"reserves_at": "confirmation"})
    drafts = ground.ask("sales", "SELECT order_id FROM \"order\" WHERE number LIKE 'BENCH-%'")
    requests = [ground.request("POST", f"/v1/orders/{one}/confirm") for (one,) in drafts]
    load = ground.load(AT_ONCE, requests, status=200)
    name = f"orders confirmed and reserved, {AT_ONCE} at once"
    yield Figure(f"{name}: p99", load.p99, MS, str(load), aim=at_most(30))
    yield Figure(f"{name}: accepted", load.per_second, PER_SECOND)
    yield Figure(f"{name}: processor", sum(load.costs.values()), MS, tell(load.costs))


def _draft_orders(ground: Ground) -> None:
    """Goods on the shelf, and drafts of one piece each, of all accounts in turn."""
    skus = fill_shelves(ground, "Shelf", SHELVES, unit_price=1000, unit_cost=500)
    for place, account_id in enumerate(ground.accounts):
        line = {"sku": skus[place % SHELVES], "quantity": 1}
        draft = {"account_id": account_id, "reference": "bench", "lines": [line]}
        ground.client.post("/v1/orders", draft)
    with closing(psycopg2.connect(ground.running.databases["sales"])) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(COPY_ORDERS, {"each": ORDERS // len(ground.accounts)})


def fill(database_url: str) -> None:
    """Put what moved into sales' database, once, and gather statistics."""
    with closing(psycopg2.connect(database_url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(SQL.read_text(), {"products": PRODUCTS, "moves": MOVES})
        cursor.execute("VACUUM (ANALYZE)")


def _read_all(ground: Ground, query: dict[str, Any]) -> float:
    """How many milliseconds it takes to read every page."""
    started, seen = time.perf_counter(), 0
    after: dict[str, Any] | None = {}
    while after is not None:
        page = ground.client.get("/v1/stock", search="stock", limit=PAGE, **query, **after)
        seen += len(page["items"])
        after = {"after": page["next_after"]} if page["has_more"] else None
    assert seen >= PRODUCTS, f"only {seen} products"
    return 1000 * (time.perf_counter() - started)

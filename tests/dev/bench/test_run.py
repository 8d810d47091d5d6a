"""All rows can be measured: a run at a hundredth of the size, on servers of its own."""

from __future__ import annotations

import pytest

from dev.bench import __main__ as bench
from dev.state import State

pytestmark = pytest.mark.server

SMALL = {
    "ground.SECONDS": 0.3,
    "ground.ACCOUNTS": 3,
    "rows.SECONDS": 0.3,
    "rows.LIMIT_SECONDS": 0.1,
    "rows.BULK": 20,
    "rows.BATCH": 10,
    "upkeep.WARM_DAYS": 1,
    "upkeep.DAYS": 2,
    "effects.QUIET_SECONDS": 0.5,
    "growth.EXPIRED": 100,
    "clients.QUESTIONS": {"one word": ["nordl"]},
    "clients.PAGES": 2,
    **{"book.PEOPLE": 12, "book.EACH": 5, "book.LISTED": 6, "book.BOOK": 3},
    **{"book.ENTRIES": 1000, "book.LONG": 200},
    **{"owed.OPEN": 200, "owed.PAID": 2000, "owed.ACCOUNTS": 20},
    **{"goods.ORDERS": 4, "goods.BATCH": 2, "goods.TAKEN": 4, "goods.AT_A_TIME": 2},
    **{"goods.LINES_EACH": 3, "goods.SHELVES": 5},
    **{"stock.PRODUCTS": 30, "stock.MOVES": 600, "stock.PAGE": 20},
    **{"stock.ORDERS": 600, "stock.SHELVES": 3, "stock.AT_ONCE": 5},
}
REPLAYED = "replay"  # plays half a year of a file that is not a part of the project
WANTED = (
    *("RPC without database, 20 connections", "reads, 20 connections: by stock nameko"),
    *("20 invoices in bulk: handled everywhere", "dunning run, open items"),
    *("payments, 32 connections: accepted", "payments, 32 connections: handled everywhere"),
    *("payments, 8 connections: processor", "event, from commit to effect, p99"),
    *("memory of the largest process", "first start", "start of all processes"),
    *("an empty day of the manual clock", "payments, handled everywhere, 50 rows"),
    *("caller, 20 connections: p99", "worklist of 5: processor", "timeline of 200, the middle"),
    *("hand-over of 3 accounts: handled everywhere", "rows pruned in a step, 50 rows"),
    *("ageing, today", "ageing, as of 30 days ago"),
    *("on hand of 30 products, today", "orders confirmed and reserved, 5 at once: p99"),
)


def test_each_row_has_its_figures_and_a_price_by_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STEWARD_STATE", str(State().folder / "rehearsal"))
    for name, value in SMALL.items():
        monkeypatch.setattr(f"dev.bench.{name}", value)
    assert bench.main([*(row for row in bench.ROWS if row != REPLAYED), "--growth", "50"]) == 0
    printed = capsys.readouterr().out
    assert not [name for name in WANTED if name not in printed]
    [price] = [
        line
        for line in printed.splitlines()
        if line.startswith("payments, 8 connections: processor:")
    ]
    assert all(process in price for process in ("billing", "postgres", "rabbitmq"))

"""Tables are filled whichever columns they have."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from chassis.store.housekeeping import House
from dev.bench.growth import EXPIRED_DAYS, GROWN, RECENT_DAYS, fill, write_fill


def test_every_column_that_must_be_given_is() -> None:
    columns = [("event_id", "text"), ("sequence", "bigint"), ("data", "text")]
    assert write_fill("outbox", columns, 10, days=400, mark="7_") == (
        "INSERT INTO outbox (event_id, sequence, data)"
        " SELECT '7_' || n, n, repeat('x', 300) FROM generate_series(1, 10) AS n"
    )


@pytest.mark.server
def test_recent_rows_stay_and_expired_ones_are_pruned(
    engine_of: Callable[[str], Engine],
) -> None:
    engine = engine_of("billing")
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    tables = GROWN["billing"]
    with engine.begin() as connection:  # of what earlier tests left
        connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
    for table in tables:
        for days in (RECENT_DAYS, EXPIRED_DAYS):
            fill(url, table, 20, days=days)
    with engine.begin() as connection:  # one that is kept, as the next position follows it
        first = "(SELECT min(id) FROM outbox)"
        connection.execute(text(f"UPDATE outbox SET position = 1 WHERE id = {first}"))
    deleted = House(engine).clean_up()
    assert {table: deleted[table] for table in tables} == dict.fromkeys(tables, 20)
    with engine.begin() as connection:
        for table in tables:
            assert connection.execute(text(f"DELETE FROM {table}")).rowcount == 20

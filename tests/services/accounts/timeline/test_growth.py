"""However long an account's story is, a page reads its own rows alone, and what is missing is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, text

from services.accounts.timeline import rules
from services.accounts.timeline.usecases import remember_events

pytestmark = pytest.mark.server

LONG = 3_000
LIMIT = 10
NOW = datetime(2026, 1, 5, tzinfo=UTC)
FILL = text(
    """
    INSERT INTO timeline_entry (event_id, account_id, source, sequence, name, occurred_at, summary,
                                data, recorded_at)
    SELECT 'evt_0' || left(md5(:account || n), 25), :account,
           CASE n % 2 WHEN 0 THEN 'billing' ELSE 'sales' END,
           n / 2 + 1, CASE n WHEN 7 THEN 'first_of_all' ELSE 'balance_changed' END,
           now() + make_interval(mins => n), 'It happened.', '{}', now()
    FROM generate_series(0, :count - 1) AS n
    """
)
REACH = text(
    "INSERT INTO timeline_reach (account_id, source, complete_to)"
    " SELECT :account, source, 1450 FROM unnest(ARRAY['billing', 'sales']) AS source"
)


@contextmanager
def watched(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed meanwhile."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        statements.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def _rows_read(plan: dict[str, Any]) -> float:
    """The rows that a plan read from tables and indexes, whether or not it made use of them."""
    below = sum(_rows_read(part) for part in plan.get("Plans", ()))
    if "Relation Name" not in plan:
        return below
    dropped = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return below + plan["Actual Loops"] * (plan["Actual Rows"] + dropped)


@pytest.fixture
def long_story(office) -> str:
    """The account with a long timeline, among others."""
    account_id = office.account()["account_id"]
    for account in (account_id, office.account()["account_id"]):
        office.session.execute(FILL, {"account": account, "count": LONG})
    office.session.execute(REACH, {"account": account_id})
    office.session.execute(text("ANALYZE timeline_entry"))
    return account_id


@pytest.mark.parametrize("order", ["oldest_first", "newest_first"])
@pytest.mark.parametrize(
    "part",
    [{}, {"source": "sales"}, {"name": "balance_changed"}, {"name": "first_of_all"}],
    ids=str,
)
def test_a_page_reads_its_own_rows_alone(office, long_story: str, part: dict, order: str) -> None:
    connection = office.session.connection()
    connection.execute(text("SET LOCAL enable_seqscan = off"))  # here the table is small
    asked = {"account_id": long_story, "order": order, "limit": LIMIT, **part}
    with watched(connection) as statements:
        first = office.do("get_timeline", **asked)
        if first["has_more"]:
            office.do("get_timeline", **asked, after=first["next_after"])
    assert first["is_complete"]
    read = 0.0
    for statement, values in statements:
        executed = statement.rpartition("; ")[2]  # what was planned ahead of it is there now
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {executed}"
        [[found]] = connection.exec_driver_sql(explain, values).all()
        read += _rows_read(found[0]["Plan"])
    pages = 1 + first["has_more"]
    beyond = LONG - 2 * 1450
    assert read <= pages * (LIMIT + beyond + 20)


@given(st.permutations(range(1, 13)), st.integers(0, 11), st.integers(1, 4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_has_not_arrived_is_known_whatever_came_when(
    office, monkeypatch: pytest.MonkeyPatch, order: list[int], late: int, together: int
) -> None:
    monkeypatch.setattr(rules, "STEP", 3)
    account_id = office.account()["account_id"]
    arrived = order[late:]
    for start in range(0, len(arrived), together):
        _remember(office, account_id, arrived[start : start + together])
    expected = [
        {"source": "billing", "first": first, "last": last}
        for first, last in rules.missing_ranges(arrived)
    ]
    assert office.do("get_timeline", account_id=account_id)["missing"] == expected


def test_it_is_known_in_steps_how_far_all_is_there(office) -> None:
    account_id = office.account()["account_id"]
    _remember(office, account_id, range(1, rules.STEP))
    assert _reach(office, account_id) is None
    _remember(office, account_id, [rules.STEP, rules.STEP + 1, rules.STEP + 3])
    assert _reach(office, account_id) == rules.STEP + 1
    _remember(office, account_id, range(rules.STEP + 4, 2 * rules.STEP + 1))
    assert _reach(office, account_id) == rules.STEP + 1
    _remember(office, account_id, [rules.STEP + 2])
    _remember(office, account_id, range(2 * rules.STEP + 1, 3 * rules.STEP + 1))
    assert _reach(office, account_id) == 3 * rules.STEP
    assert office.do("get_timeline", account_id=account_id)["is_complete"]


def _remember(office, account_id: str, sequences: Any) -> None:
    facts = {"account_id": account_id, "source": "billing", "name": "balance_changed"}
    told = {"occurred_at": NOW, "summary": "It happened.", "data": {}}
    events = [
        {"event_id": f"{account_id}{sequence}", "sequence": sequence, **facts, **told}
        for sequence in sequences
    ]
    remember_events(office.session, events=events, now=NOW)


def _reach(office, account_id: str) -> int | None:
    statement = text("SELECT complete_to FROM timeline_reach WHERE account_id = :account")
    return office.session.scalar(statement, {"account": account_id})

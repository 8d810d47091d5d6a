"""Figures: how many cases there were, whose, and how many in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.event import listen, remove

from kernel.refusals import Invalid

pytestmark = pytest.mark.server

MONDAY = datetime(2026, 6, 15, 9, tzinfo=UTC)
PERIOD = {"from": "2026-06-15", "to": "2026-06-30"}


@pytest.fixture
def year(office: Any) -> Any:
    """Three cases of two owners below one lead: answered in time, too late, and not yet."""
    office.moment = MONDAY
    office.lead = office.staff(role="lead")["staff_id"]
    office.owners = [office.staff(reports_to_id=office.lead)["staff_id"] for _ in range(2)]
    accounts = [office.account(owner_id=one)["account_id"] for one in office.owners]

    def opened(account_id: str, **values: Any) -> str:
        sent = {"account_id": account_id, "subject": "Broken.", "kind": "complaint"}
        return office.do("open_case", **sent | values)["case_id"]

    cases = [opened(accounts[0]), opened(accounts[1]), opened(accounts[1], kind="praise")]
    opened(accounts[0], kind="technical", received_at="2026-06-14T23:59:59Z")
    for case_id, hours in ((cases[0], 1), (cases[1], 5)):
        office.moment = MONDAY + timedelta(hours=hours)
        office.do("acknowledge_case", case_id=case_id, problem="Broken.")
    return office


def figures(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["cases"], row["first_response_met"], row["first_response_missed"]


def test_cases_are_counted_by_kind_and_state_by_owner_and_by_team(year: Any) -> None:
    found = year.do("report_cases", **PERIOD)
    assert figures(found["total"]) == (3, 1, 2)
    kinds = {(one["kind"], one["status"]): figures(one) for one in found["kinds"]}
    assert kinds == {("complaint", "acknowledged"): (2, 1, 1), ("praise", "received"): (1, 0, 1)}
    owners = {one["owner_id"]: figures(one) for one in found["owners"]}
    assert owners == {year.owners[0]: (1, 1, 0), year.owners[1]: (2, 0, 2)}
    assert {one["manager_id"]: figures(one) for one in found["teams"]} == {year.lead: (3, 1, 2)}


def test_all_is_counted_in_one_statement(year: Any) -> None:
    asked: list[str] = []
    connection = year.session.connection()

    def hear(*given: Any) -> None:
        asked.append(given[2])

    listen(connection, "before_cursor_execute", hear)
    year.do("report_cases", **PERIOD)
    remove(connection, "before_cursor_execute", hear)
    assert len(asked) == 1


def test_a_period_without_cases_has_none(year: Any) -> None:
    found = year.do("report_cases", **{"from": "2025-01-01", "to": "2025-01-01"})
    assert figures(found["total"]) == (0, 0, 0)
    assert found["owners"] == []


def test_a_period_ends_after_it_begins(year: Any) -> None:
    with pytest.raises(Invalid, match="swap them"):
        year.do("report_cases", **{"from": "2026-06-16", "to": "2026-06-15"})

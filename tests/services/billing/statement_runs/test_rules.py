"""Claims about where statement runs stand, whose statements there are, and how each goes out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from kernel.calendar import add_months
from kernel.refusals import Conflict, Invalid
from services.billing.routines.rules import bill_days_on
from services.billing.statement_runs.rules import (
    MOVES,
    RUN_MOVES,
    RunAction,
    RunStatus,
    StatementAction,
    StatementStatus,
    group,
    judge,
    next_run_status,
    next_status,
    period_before,
    refused,
    require_one_choice,
    require_over,
    require_statements,
)
from tests.services.tables import claim_moves


def test_a_run_is_over_once() -> None:
    leads_to = {
        (RunStatus.RUNNING, RunAction.COMPLETE): RunStatus.COMPLETED,
        (RunStatus.RUNNING, RunAction.CANCEL): RunStatus.CANCELLED,
    }
    claim_moves(next_run_status, (RunStatus, RunAction), leads_to, "run_state")
    assert RUN_MOVES.keys() == {*RunStatus}


def test_a_statement_goes_out_once_or_waits_for_a_person() -> None:
    status, action = StatementStatus, StatementAction
    leads_to = {
        (status.PENDING, action.ASK): status.ASKED,
        (status.PENDING, action.QUEUE): status.TO_PRINT,
        (status.PENDING, action.PARK): status.PARKED,
        (status.PENDING, action.SKIP): status.SKIPPED,
        (status.ASKED, action.SEND): status.SENT,
        (status.ASKED, action.PARK): status.PARKED,
        (status.TO_PRINT, action.PRINT): status.PRINTED,
        (status.PARKED, action.RETRY): status.PENDING,
        (status.PARKED, action.SKIP): status.SKIPPED,
    }
    claim_moves(next_status, (status, action), leads_to, "statement_state")
    assert MOVES.keys() == {*status}


@pytest.mark.parametrize(
    ("known", "too_long", "post", "addressed", "action", "reason"),
    [
        (True, False, False, False, "ask", None),
        (True, False, True, True, "queue", None),
        (True, False, True, False, "park", "no_address"),
        (True, True, False, True, "park", "too_long"),
        (False, True, True, False, "park", "account_unknown"),
    ],
)
def test_how_a_statement_goes_out(
    known: bool, too_long: bool, post: bool, addressed: bool, action: str, reason: str | None
) -> None:
    verdict = judge(is_known=known, is_too_long=too_long, is_post=post, is_addressed=addressed)
    assert (verdict.action, verdict.reason) == (action, reason)
    assert (verdict.detail is None) == (reason is None)
    assert refused("no ink").detail == "It could not be made: no ink."


@pytest.mark.parametrize(
    ("keys", "below", "found"),
    [
        (["a", "b"], {}, {"a": ["a"], "b": ["b"]}),
        (["b", "c"], {"a": ["a", "b"]}, {"a": ["a", "b"], "c": ["c"]}),
        (["a", "b"], {"a": ["a", "b"]}, {"a": ["a", "b"]}),
        (["c"], {"a": ["a", "b", "c"], "b": ["b", "c"]}, {"a": ["a", "b", "c"]}),
        (["b"], {"a": ["a", "b"], "b": ["b", "a"]}, {"b": ["b"]}),  # copies that go round
    ],
    ids=["each", "below", "once", "topmost", "round"],
)
def test_each_is_told_once(
    keys: list[str], below: dict[str, list[str]], found: dict[str, list[str]]
) -> None:
    expected = {(account_id, "EUR"): ids for account_id, ids in found.items()}
    assert group([(key, "EUR") for key in keys], below) == expected


def test_currencies_are_told_apart() -> None:
    keys = [("b", "CHF"), ("b", "EUR")]
    assert group(keys, {"a": ["a", "b"]}) == {
        ("a", "CHF"): ["a", "b"],
        ("a", "EUR"): ["a", "b"],
    }


@pytest.mark.parametrize(
    ("day", "statement_day", "period"),
    [
        (date(2026, 4, 1), 1, (date(2026, 3, 1), date(2026, 3, 31))),
        (date(2026, 3, 15), 15, (date(2026, 2, 15), date(2026, 3, 14))),
        (date(2026, 2, 28), 31, (date(2026, 1, 31), date(2026, 2, 27))),
        (date(2026, 3, 31), 31, (date(2026, 2, 28), date(2026, 3, 30))),
        (date(2026, 1, 1), 1, (date(2025, 12, 1), date(2025, 12, 31))),
    ],
)
def test_what_is_told_on_a_statement_day(
    day: date, statement_day: int, period: tuple[date, date]
) -> None:
    assert period_before(day, statement_day) == period


@pytest.mark.parametrize("statement_day", [1, 15, 28, 29, 30, 31])
def test_months_follow_on_one_another_without_a_gap(statement_day: int) -> None:
    day, told = date(2026, 1, 1), []
    while day < add_months(date(2026, 1, 1), 26):
        if statement_day in bill_days_on(day):
            told.append(period_before(day, statement_day))
        day += timedelta(days=1)
    assert len(told) == 26
    assert all(after[0] == before[1] + timedelta(days=1) for before, after in pairwise(told))


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(Invalid):
        require_one_choice(accounts=["a"], statement_day=1)
    with pytest.raises(Invalid, match="after today"):
        require_over(date(2026, 3, 2), today=date(2026, 3, 1))
    with pytest.raises(Conflict, match="again"):
        require_statements(0)
    require_over(date(2026, 3, 1), today=date(2026, 3, 1))
    require_statements(1)

"""Where a billing run may go, and when one may be planned and approved."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kernel.refusals import Conflict, Invalid
from services.billing.billing_runs.rules import (
    RunAction,
    RunStatus,
    next_status,
    require_approvable,
    require_bills,
    require_days,
    require_drafts,
    require_one_choice,
    require_ratio,
    sum_made,
)
from tests.services.tables import claim_moves

S, A = RunStatus, RunAction
TODAY = date(2026, 3, 31)


def test_a_run_goes_where_the_table_says() -> None:
    claim_moves(
        next_status,
        (S, A),
        {
            (S.PLANNED, A.PREVIEW): S.PREVIEWED,
            (S.PLANNED, A.CANCEL): S.CANCELLED,
            (S.PREVIEWED, A.APPROVE): S.APPROVED,
            (S.PREVIEWED, A.SETTLE): S.PREVIEWED,
            (S.PREVIEWED, A.CANCEL): S.CANCELLED,
            (S.APPROVED, A.START): S.RUNNING,
            (S.APPROVED, A.SETTLE): S.APPROVED,
            (S.APPROVED, A.CANCEL): S.CANCELLED,
            (S.RUNNING, A.SETTLE): S.RUNNING,
            (S.RUNNING, A.COMPLETE): S.COMPLETED,
            (S.RUNNING, A.PARK): S.COMPLETED_WITH_PARKED,
            (S.COMPLETED_WITH_PARKED, A.SETTLE): S.COMPLETED_WITH_PARKED,
            (S.COMPLETED_WITH_PARKED, A.COMPLETE): S.COMPLETED,
            (S.COMPLETED_WITH_PARKED, A.ISSUE): S.RUNNING,
            (S.COMPLETED, A.ISSUE): S.RUNNING,
        },
        "run_state",
    )


def test_invoices_have_the_day_of_their_issue_or_an_earlier_one() -> None:
    for invoice_on in (TODAY, TODAY - timedelta(days=40)):
        require_approvable(invoice_on=invoice_on, today=TODAY)
    with pytest.raises(Conflict, match="approve the run on that day"):
        require_approvable(invoice_on=TODAY + timedelta(days=1), today=TODAY)


@pytest.mark.parametrize("field", ["cutoff_on", "invoice_on"])
def test_the_days_of_a_run_are_foreseeable(field: str) -> None:
    days = {"cutoff_on": TODAY, "invoice_on": TODAY}
    require_days(**days, today=TODAY)
    with pytest.raises(Invalid) as refused:
        require_days(**days | {field: date(2190, 1, 1)}, today=TODAY)
    assert refused.value.errors[0]["field"] == field


def test_a_run_chooses_its_accounts_in_one_way_and_bills_something() -> None:
    require_one_choice(accounts=["acc_1"], bill_day=None)
    require_one_choice(accounts=None, bill_day=3)
    with pytest.raises(Invalid, match="leave out one"):
        require_one_choice(accounts=["acc_1"], bill_day=3)
    require_bills(1, cutoff_on=TODAY, drafts=0)
    for drafts, says in ((0, "choose a later day, or others"), (2, "stands on 2 drafts")):
        with pytest.raises(Conflict, match=says):
            require_bills(0, cutoff_on=TODAY, drafts=drafts)


def test_what_is_issued_at_once_is_there() -> None:
    require_drafts(1)
    with pytest.raises(Conflict, match="no drafts any more"):
        require_drafts(0)


def test_a_run_came_to_its_invoices_and_drafts_in_each_currency() -> None:
    counts = [
        {"currency": "EUR", "status": "drafted", "bills": 2, "total": 500},
        {"currency": "EUR", "status": "invoiced", "bills": 3, "total": 700},
        {"currency": "EUR", "status": "parked", "bills": 9, "total": 900},
        {"currency": "USD", "status": "drafted", "bills": 1, "total": 40},
        {"currency": "GBP", "status": "skipped", "bills": 1, "total": 40},
    ]
    assert sum_made(counts) == [
        {"currency": "EUR", "invoices": 3, "total": 700, "drafts": 2, "drafted": 500},
        {"currency": "USD", "invoices": 0, "total": 0, "drafts": 1, "drafted": 40},
    ]


def test_as_much_as_usual_is_never_too_much() -> None:
    require_ratio(Decimal(1))
    with pytest.raises(Invalid):
        require_ratio(Decimal("0.999"))

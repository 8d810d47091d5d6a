"""Plan billing runs, approve them, and go through their bills and drafts in chunks, by due times."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.due import drop, schedule
from chassis.outbox import announce
from kernel.ids import new_id
from services.billing.accounts.queries import find_paid_for
from services.billing.billing_runs import events, queries, rules
from services.billing.billing_runs.models import BillingRun
from services.billing.billing_runs.rules import RunAction, RunStatus, next_status
from services.billing.bills.models import Bill
from services.billing.bills.queries import (
    count_bills,
    count_drafts,
    find_lacking_numbers,
    find_to_bill,
    get_bill,
)
from services.billing.bills.rules import BillStatus, Makes, Step
from services.billing.bills.usecases import (
    foresee_bills,
    forget_refusals,
    issue_drafted,
    judge_again,
    make_bill,
    make_bills,
    plan_bills,
    retry_bill,
    skip_bill,
)
from services.billing.dues import BillingRunGoesOn
from services.billing.routines.queries import find_accounts_billed_on
from services.billing.routines.rules import bill_days_on
from services.billing.verdicts.rules import Limits


def plan_run(
    session: Session,
    *,
    cutoff_on: date,
    invoice_on: date | None,
    accounts: Sequence[str] | None,
    currency: str | None,
    bill_day: int | None,
    makes: str,
    lines_max: int,
    ratio_max: Decimal,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Plan to bill what is pending until a day, as known now. Each bill is foreseen by itself, after
    which the run can be looked at and approved."""
    rules.require_one_choice(accounts=accounts, bill_day=bill_day)
    rules.require_ratio(ratio_max)
    rules.require_days(cutoff_on=cutoff_on, invoice_on=invoice_on or today, today=today)
    run = _new_run(
        cutoff_on=cutoff_on,
        invoice_on=invoice_on or today,
        accounts=None if accounts is None else sorted({*accounts}),
        currency=currency,
        bill_day=bill_day,
        makes=makes,
        lines_max=lines_max,
        ratio_max=ratio_max,
        is_automatic=False,
        now=now,
        by=by,
    )
    chosen = accounts
    if bill_day is not None:
        chosen = find_accounts_billed_on(session, days=[bill_day])
    planned = _plan(session, run, chosen)
    drafts = 0 if planned else _count_drafts(session, run, chosen)
    rules.require_bills(planned, cutoff_on=cutoff_on, drafts=drafts)
    return queries.get_run(session, billing_run_id=run.billing_run_id)


def plan_run_of_day(session: Session, *, day: date, now: datetime, by: str) -> None:
    """Plan the day's run over the accounts whose bill day it is. It is approved by itself: they agreed to
    the day, and what is unusual is parked. No run where nothing of them is pending."""
    accounts = find_accounts_billed_on(session, days=bill_days_on(day))
    if not accounts:
        return
    run = _new_run(
        cutoff_on=day,
        invoice_on=day,
        bill_day=day.day,
        makes=Makes.INVOICES,
        lines_max=rules.LINES_MAX,
        ratio_max=rules.RATIO_MAX,
        is_automatic=True,
        now=now,
        by=by,
    )
    _plan(session, run, accounts)


def approve_run(
    session: Session, *, billing_run_id: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Let a run that was looked at issue its invoices, or make its drafts."""
    queries.require_seen(session, billing_run_id=billing_run_id)
    run = fetch_for_change(session, BillingRun, billing_run_id)
    rules.require_approvable(invoice_on=run.invoice_on, today=today)
    _approve(session, run, now=now, by=by)
    return queries.get_run(session, billing_run_id=billing_run_id)


def issue_drafts_of_run(
    session: Session, *, billing_run_id: str, now: datetime, by: str
) -> dict[str, Any]:
    """Have all drafts of a run issued that are left of it."""
    queries.require_seen(session, billing_run_id=billing_run_id)
    run = fetch_for_change(session, BillingRun, billing_run_id)
    run.status = next_status(run.status, RunAction.ISSUE)
    run.left = forget_refusals(session, billing_run_id=billing_run_id)
    rules.require_drafts(run.left)
    run.drafts_issued_by, run.drafts_issued_at, run.closed_at = by, now, None
    session.flush()
    _tell(session, run, events.BillingRunStarted)
    _schedule(session, run, now)
    return queries.get_run(session, billing_run_id=billing_run_id)


def cancel_run(
    session: Session, *, billing_run_id: str, reason: str, now: datetime
) -> dict[str, Any]:
    """Bill nothing by a run that does not run yet; what is pending waits for another."""
    queries.require_seen(session, billing_run_id=billing_run_id)
    run = fetch_for_change(session, BillingRun, billing_run_id)
    run.status = next_status(run.status, RunAction.CANCEL)
    run.closed_at, run.reason = now, reason
    drop(session, BillingRunGoesOn, key=billing_run_id)
    session.flush()
    return queries.get_run(session, billing_run_id=billing_run_id)


def go_on(session: Session, *, billing_run_id: str, today: date, now: datetime) -> None:
    """Foresee, draft or issue the next bills of a run; nothing where it waits for somebody or is over."""
    run = fetch_for_change(session, BillingRun, billing_run_id)
    by = run.drafts_issued_by or run.approved_by or run.planned_by
    step = _step(run, today=today, now=now, by=by)
    if run.status == RunStatus.PLANNED:
        _foresee(session, run, step)
    elif run.status == RunStatus.APPROVED:
        _move(session, run, RunAction.START)
        _tell(session, run, events.BillingRunStarted)
        _issue(session, run, step)
    elif run.status == RunStatus.RUNNING:
        _issue(session, run, step)


def retry_bill_of_run(
    session: Session,
    *,
    billing_run_id: str,
    account_id: str,
    currency: str,
    reason: str,
    client_order_number: str | None,
    today: date,
    now: datetime,
    by: str,
) -> Bill:
    """Have a parked bill go out as it is now: with its run, or at once where that is running or over."""
    run, bill = _lock(session, billing_run_id, account_id, currency)
    step = _step(run, today=today, now=now, by=by)
    retry_bill(session, step, bill, reason=reason, client_order_number=client_order_number)
    _go_out(session, run, step, bill)
    return bill


def retry_bills_that_lack_numbers(
    session: Session, *, account_ids: Collection[str], today: date, now: datetime, by: str
) -> None:
    """Judge again the parked bills of these accounts that lacked what the client calls an order, as if
    they were new. Those of runs that are over, or not foreseen yet, stay as they are."""
    for run_id, account_id, currency in find_lacking_numbers(session, account_ids=account_ids):
        run = fetch_for_change(session, BillingRun, run_id)
        bill = get_bill(session, billing_run_id=run_id, account_id=account_id, currency=currency)
        if RunAction.SETTLE in rules.MOVES[RunStatus(run.status)]:
            step = _step(run, today=today, now=now, by=by)
            judge_again(session, step, bill, reason=rules.NUMBER_CAME)
            _go_out(session, run, step, bill)


def _go_out(session: Session, run: BillingRun, step: Step, bill: Bill) -> None:
    """A bill that was retried goes with its run, or at once where that is running or over."""
    if bill.status == BillStatus.PENDING:
        if run.status in rules.ISSUES:
            make_bill(session, step, bill)
            session.refresh(bill)
        else:
            run.left += 1
    _settle(session, run, step.now)


def skip_bill_of_run(
    session: Session,
    *,
    billing_run_id: str,
    account_id: str,
    currency: str,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Bill:
    """Leave a bill out of its run."""
    run, bill = _lock(session, billing_run_id, account_id, currency)
    if bill.status == BillStatus.PENDING:
        run.left -= 1
    skip_bill(session, _step(run, today=today, now=now, by=by), bill, reason=reason)
    _settle(session, run, now)
    return bill


def _new_run(*, now: datetime, by: str, **facts: Any) -> BillingRun:
    return BillingRun(
        billing_run_id=new_id("brn"),
        status=RunStatus.PLANNED,
        known_at=now,
        planned_by=by,
        planned_at=now,
        bills=0,
        left=0,
        **facts,
    )


def _plan(session: Session, run: BillingRun, accounts: Sequence[str] | None) -> int:
    """Store a run with its bills, to be foreseen; how many these are. It is not kept without any. Of
    accounts that are chosen it bills what they pay for."""
    keys = find_to_bill(
        session,
        accounts=None if accounts is None else find_paid_for(session, account_ids=accounts),
        currency=run.currency,
        cutoff_on=run.cutoff_on,
        known_at=run.known_at,
    )
    if keys:
        run.previous_run_id = queries.find_previous(session, run=run)
        session.add(run)
        session.flush()
        names = {"billing_run_id": run.billing_run_id, "makes": run.makes}
        run.bills = run.left = plan_bills(session, **names, keys=keys)
        session.flush()
        _schedule(session, run, run.planned_at)
    return run.bills


def _count_drafts(session: Session, run: BillingRun, accounts: Sequence[str] | None) -> int:
    paid_for = None if accounts is None else find_paid_for(session, account_ids=accounts)
    return count_drafts(session, accounts=paid_for, currency=run.currency, cutoff_on=run.cutoff_on)


def _foresee(session: Session, run: BillingRun, step: Step) -> None:
    some = foresee_bills(session, step)
    run.left -= len(some.bills)
    if not some.are_last:
        _schedule(session, run, step.now)
        return
    counts = count_bills(session, billing_run_id=run.billing_run_id)
    run.left = sum(one["bills"] for one in counts if one["status"] == BillStatus.PENDING)
    _move(session, run, RunAction.PREVIEW)
    if run.is_automatic:
        _approve(session, run, now=step.now, by=run.planned_by)


def _approve(session: Session, run: BillingRun, *, now: datetime, by: str) -> None:
    run.approved_by, run.approved_at = by, now
    _move(session, run, RunAction.APPROVE)
    _schedule(session, run, now)


def _issue(session: Session, run: BillingRun, step: Step) -> None:
    some = (issue_drafted if run.drafts_issued_by else make_bills)(session, step)
    run.left = max(run.left - len(some.bills), 0)
    if some.are_last:
        _complete(session, run, step.now)
        return
    session.flush()
    _tell(session, run, events.BillingRunProgressed)
    _schedule(session, run, step.now)


def _complete(session: Session, run: BillingRun, now: datetime) -> None:
    """End a run that has gone through its bills; with parked ones it waits for a person."""
    counts = count_bills(session, billing_run_id=run.billing_run_id)
    parked = sum(one["bills"] for one in counts if one["status"] == BillStatus.PARKED)
    action = RunAction.PARK if parked else RunAction.COMPLETE
    run.closed_at, run.left = now, 0
    _move(session, run, action)
    amounts = rules.sum_made(counts)
    _tell(session, run, events.BillingRunCompleted, parked=parked, amounts=amounts)


def _settle(session: Session, run: BillingRun, now: datetime) -> None:
    """After a person decided about a bill: with the last that was parked the run is completed."""
    session.flush()
    if run.status == RunStatus.COMPLETED_WITH_PARKED:
        counts = count_bills(session, billing_run_id=run.billing_run_id)
        if not any(one["status"] == BillStatus.PARKED for one in counts):
            _complete(session, run, now)


def _lock(
    session: Session, billing_run_id: str, account_id: str, currency: str
) -> tuple[BillingRun, Bill]:
    run = fetch_for_change(session, BillingRun, billing_run_id)
    next_status(run.status, RunAction.SETTLE)
    same = {"account_id": account_id, "currency": currency}
    return run, get_bill(session, billing_run_id=billing_run_id, **same)


def _move(session: Session, run: BillingRun, action: RunAction) -> None:
    run.status = next_status(run.status, action)
    session.flush()


def _schedule(session: Session, run: BillingRun, at: datetime) -> None:
    key = run.billing_run_id
    schedule(session, BillingRunGoesOn, key=key, at=at, billing_run_id=key)


def _step(run: BillingRun, *, today: date, now: datetime, by: str) -> Step:
    same = ("billing_run_id", "makes", "previous_run_id", "cutoff_on", "invoice_on", "known_at")
    return Step(
        **{name: getattr(run, name) for name in same},
        limits=Limits(run.lines_max, run.ratio_max),
        today=today,
        now=now,
        by=by,
    )


def _tell(session: Session, run: BillingRun, event: type[Any], **facts: Any) -> None:
    same = (
        "billing_run_id",
        "version",
        "status",
        "makes",
        "cutoff_on",
        "invoice_on",
        "bills",
        "left",
    )
    announce(session, event, **{name: getattr(run, name) for name in same}, **facts)

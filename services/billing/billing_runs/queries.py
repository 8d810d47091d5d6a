"""Reads of billing runs: how far they are, and what they would bill."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from services.billing.billing_runs import rules
from services.billing.billing_runs.models import BillingRun
from services.billing.billing_runs.rules import OVER
from services.billing.bills import queries as bills

_COLUMNS = [column.name for column in BillingRun.__table__.columns]


def get_run(session: Session, *, billing_run_id: str) -> dict[str, Any]:
    """A run, with how many of its bills stand where and what they come to."""
    run, counts = _fetch_seen(session, billing_run_id)
    return {**{name: getattr(run, name) for name in _COLUMNS}, "counts": counts}


def list_runs(
    session: Session, *, status: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """Runs, the newest first."""
    found = select(BillingRun)
    if status is not None:
        found = found.where(BillingRun.status == status)
    by = [BillingRun.billing_run_id]
    return read_page(session, found, by=by, limit=limit, after=after, is_descending=True)


def preview_run(session: Session, *, billing_run_id: str) -> dict[str, Any]:
    """What a run bills beside the run before, whom it leaves out and why, the largest, the new."""
    run, counts = _fetch_seen(session, billing_run_id)
    same = {"billing_run_id": billing_run_id}
    return {
        **same,
        "previous_run_id": run.previous_run_id,
        "counts": counts,
        "changes": bills.compare_bills(session, **same),
        "gone": bills.count_gone(session, **same, previous_run_id=run.previous_run_id),
        "left_out": bills.count_left_out(session, **same),
        "largest": bills.read_largest(session, **same),
        "first": bills.read_first(session, **same),
    }


def list_bills(session: Session, *, billing_run_id: str, **page: Any) -> dict[str, Any]:
    """A page of a run's bills, of which it is known that there is the run."""
    found = bills.list_bills(session, billing_run_id=billing_run_id, **page)
    _fetch_seen(session, billing_run_id)
    return found


def require_seen(session: Session, *, billing_run_id: str) -> None:
    """A run is there for whoever sees all whom it bills; the others see fewer bills than it has. NotFound
    then, as if there were none."""
    _fetch_seen(session, billing_run_id)


def _fetch_seen(session: Session, billing_run_id: str) -> tuple[BillingRun, list[dict[str, Any]]]:
    counts = bills.count_bills(session, billing_run_id=billing_run_id)
    run = fetch(session, BillingRun, billing_run_id)
    seen = sum(each["bills"] for each in counts)
    rules.require_seen(billing_run_id, bills=run.bills, seen=seen)
    return run, counts


def find_previous(session: Session, *, run: BillingRun) -> str | None:
    """The newest run of the same choice that went through its bills before the run's day."""
    same = ("accounts", "currency", "bill_day")
    is_same = [getattr(BillingRun, name).is_not_distinct_from(getattr(run, name)) for name in same]
    return session.scalars(
        select(BillingRun.billing_run_id)
        .where(BillingRun.status.in_(OVER), BillingRun.cutoff_on < run.cutoff_on, *is_same)
        .order_by(BillingRun.cutoff_on.desc(), BillingRun.billing_run_id.desc())
        .limit(1)
    ).one_or_none()

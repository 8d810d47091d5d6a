"""Making runs, for somebody who looks ahead and every day: what each account would get, and whom nothing
can be decided about."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import attempt, each_apart
from chassis.database import fetch_for_change
from kernel.refusals import why
from services.collections.dunning import queries, rules
from services.collections.dunning.models import Run
from services.collections.dunning.rules import Decision, OpenItem
from services.collections.dunning.usecases import (
    approve_locked_run,
    cancel_locked_run,
    close_run,
    lock_run,
    new_run,
    preview_run,
    store_decisions,
    store_undecided,
)
from services.collections.parked.rules import Job, judge_each
from services.collections.parked.usecases import park_accounts
from services.collections.procedures.models import Procedure, ProcedureVersion
from services.collections.procedures.queries import (
    get_default_id,
    get_version,
    versions_in_use,
)
from services.collections.procedures.rules import load_levels
from services.collections.runs.rules import (
    RunAction,
    RunStatus,
    require_plannable,
)

log = logging.getLogger(__name__)
_GOING = (RunStatus.APPROVED, RunStatus.RUNNING)


def simulate_run(
    session: Session, *, run_on: date, procedure_id: str | None, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """What a procedure would send on a day, as things are; nothing leaves before it is approved.

    Where there is a run for this day and procedure already, it is that run."""
    require_plannable(run_on=run_on, today=today)
    if procedure_id is None:
        procedure_id = get_default_id(session)
    run = _plan(session, run_on=run_on, procedure_id=procedure_id, now=now, by=by)
    return queries.get_run(session, run_id=run.run_id)


def run_dunning_for_day(session: Session, *, day: date, now: datetime, by: str) -> None:
    """The day's run of every procedure in use. Automatic ones send by themselves, the others wait for
    approval; what was simulated before for this day or an earlier one is replaced. A procedure whose run
    cannot be made stops no other."""
    for version in versions_in_use(session):
        make = partial(_make_daily_run, session, version, day=day, now=now, by=by)
        error = attempt(session, make)
        if error is not None:
            _note_failure(session, version, error, day=day, now=now, by=by)
    _close_stalled_runs(session, now=now)


def _make_daily_run(
    session: Session, version: ProcedureVersion, *, day: date, now: datetime, by: str
) -> None:
    _replace_proposals(session, procedure_id=version.procedure_id, day=day, now=now)
    run = _plan(session, run_on=day, procedure_id=version.procedure_id, now=now, by=by)
    if version.is_automatic and run.status == RunStatus.PREVIEWED:
        approve_locked_run(session, run, now=now, by=by)


def _note_failure(
    session: Session,
    version: ProcedureVersion,
    error: Exception,
    *,
    day: date,
    now: datetime,
    by: str,
) -> None:
    """Keep, as a cancelled run, that the day's run could not be made, and tell operators."""
    run = new_run(version.procedure_id, version.number, run_on=day, now=now, by=by)
    cancel_locked_run(session, run, reason=f"The run could not be made: {why(error)}.", now=now)
    session.add(run)  # only now: the day's place is that of the run that stands, if there is one
    session.flush()
    log.error("no dunning run of %s on %s", version.procedure_id, day, exc_info=error)


def _replace_proposals(session: Session, *, procedure_id: str, day: date, now: datetime) -> None:
    stale = session.scalars(
        select(Run.run_id)
        .where(
            Run.procedure_id == procedure_id,
            Run.status == RunStatus.PREVIEWED,
            Run.run_on <= day,
        )
        .order_by(Run.run_id)
    ).all()
    for run_id in stale:
        run = lock_run(session, run_id)
        if run.status == RunStatus.PREVIEWED:  # nobody has approved or cancelled it in between
            cancel_locked_run(session, run, reason=f"Replaced by the daily run of {day}.", now=now)


def _close_stalled_runs(session: Session, *, now: datetime) -> None:
    """A run that still waits for a notice after a day waits for one that was parked."""
    stalled = session.scalars(
        select(Run)
        .where(Run.status.in_(_GOING), Run.approved_at <= now - timedelta(days=1))
        .order_by(Run.run_id)
        .with_for_update(key_share=True)
    ).all()
    for run in stalled:
        run_id = run.run_id
        error = attempt(session, partial(close_run, session, run, RunAction.PARK, now=now))
        if error is not None:
            log.error("dunning run %s not closed", run_id, exc_info=error)


def _plan(session: Session, *, run_on: date, procedure_id: str, now: datetime, by: str) -> Run:
    procedure = fetch_for_change(session, Procedure, procedure_id)  # one plan at a time
    known = session.scalars(
        select(Run).where(
            Run.procedure_id == procedure_id,
            Run.run_on == run_on,
            Run.status != RunStatus.CANCELLED,
        )
    ).one_or_none()
    if known is not None:
        return known
    run = new_run(procedure_id, procedure.number, run_on=run_on, now=now, by=by)
    _preview(session, run, get_version(session, procedure_id, procedure.number))
    return run


def _preview(session: Session, run: Run, version: ProcedureVersion) -> None:
    levels = load_levels(version.levels)
    items = queries.read_open_items(session, on=run.run_on, procedure_id=run.procedure_id)
    decide = partial(rules.decide, levels=levels, on=run.run_on)
    store = partial(store_decisions, session, run.run_id, levels)
    session.add(run)
    if items:
        session.flush()  # what it proposes and leaves out refers to it
        if attempt(session, lambda: store(decide(items))) is not None:
            _decide_each(session, run, items, decide, store)
    preview_run(run, items_looked_at=len(items))


def _decide_each(
    session: Session,
    run: Run,
    items: Sequence[OpenItem],
    decide: Callable[[Iterable[OpenItem]], list[Decision]],
    store: Callable[[Sequence[Decision]], None],
) -> None:
    """About one account after the other; those that nothing can be decided about are parked."""
    decided, errors = judge_each(items, decide)
    errors |= each_apart(
        session,
        list(decided),
        lambda some: store([one for account_id in some for one in decided[account_id]]),
    )
    if errors:
        store_undecided(session, run.run_id, items, {key: why(one) for key, one in errors.items()})
        park_accounts(session, job=Job.RUN_DUNNING, day=run.run_on, errors=errors)

"""Dunning runs: planned and previewed in one step, approved, cancelled, closed when all is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Update, exists, select, update
from sqlalchemy.orm import Session, aliased

from chassis.bulk import insert_rows
from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.collections import events
from services.collections.dunning import queries, rules
from services.collections.dunning.models import Notice, NoticeItem, Run, Skip
from services.collections.dunning.rules import Decision, Proposal, Reason
from services.collections.procedures.models import Procedure, ProcedureVersion
from services.collections.procedures.queries import (
    get_default_id,
    get_version,
    versions_in_use,
)
from services.collections.procedures.rules import Level, level_of, load_levels
from services.collections.runs.rules import (
    RUN_MOVES,
    NoticeAction,
    NoticeStatus,
    RunAction,
    RunStatus,
    move_run,
    require_plannable,
    require_sendable,
    status_after,
    statuses_before,
)


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
    approval; what was simulated before for this day or an earlier one is replaced."""
    _close_stalled_runs(session, now=now)
    for version in versions_in_use(session):
        _replace_proposals(session, procedure_id=version.procedure_id, day=day, now=now)
        run = _plan(session, run_on=day, procedure_id=version.procedure_id, now=now, by=by)
        if version.is_automatic and run.status == RunStatus.PREVIEWED:
            _approve(session, run, now=now, by=by)


def approve_run(
    session: Session, *, run_id: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Let a previewed run be sent, each notice in a step of its own. What was paid meanwhile, or is
    on its way from another run, is left out."""
    run = _lock(session, run_id)
    require_sendable(run_on=run.run_on, today=today)
    _approve(session, run, now=now, by=by)
    return queries.get_run(session, run_id=run_id)


def cancel_run(session: Session, *, run_id: str, reason: str, now: datetime) -> dict[str, Any]:
    """Send nothing more of a run; what was sent stays sent."""
    _cancel(session, _lock(session, run_id), reason=reason, now=now)
    return queries.get_run(session, run_id=run_id)


def settle_run(session: Session, *, run_id: str, now: datetime) -> None:
    """After a notice of the run came to its end: the run is running, or completed with the last."""
    run = fetch_for_change(session, Run, run_id)
    is_pending = session.scalar(
        select(exists().where(Notice.run_id == run_id, Notice.status == NoticeStatus.APPROVED))
    )
    possible = RUN_MOVES[RunStatus(run.status)]
    if not is_pending and RunAction.COMPLETE in possible:
        _close(session, run, RunAction.COMPLETE, now=now)
    elif is_pending and RunAction.SEND in possible:
        run.status = move_run(run.status, RunAction.SEND)
        session.flush()


def moving_notices(action: NoticeAction) -> Update:
    """The statement that moves notices as the action does; those it leads nowhere stay as they are."""
    return (
        update(Notice)
        .where(Notice.status.in_(statuses_before(action)))
        .values(status=status_after(action), version=Notice.version + 1)
    )


def moving_items(action: NoticeAction) -> Update:
    """As `moving_notices`, of items in notices."""
    return (
        update(NoticeItem)
        .where(NoticeItem.status.in_(statuses_before(action)))
        .values(status=status_after(action))
    )


_GOING = (RunStatus.APPROVED, RunStatus.RUNNING)


def _lock(session: Session, run_id: str) -> Run:
    """The run for change, after its notices that may still move: as in sending."""
    session.execute(
        select(Notice.notice_id)
        .where(Notice.run_id == run_id, Notice.status.in_(statuses_before(NoticeAction.CANCEL)))
        .order_by(Notice.notice_id)
        .with_for_update()
    )
    return fetch_for_change(session, Run, run_id)


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
    run = Run(
        run_id=new_id("drn"),
        run_on=run_on,
        procedure_id=procedure_id,
        procedure_number=procedure.number,
        status=RunStatus.PLANNED,
        items_looked_at=0,
        planned_at=now,
        planned_by=by,
    )
    session.add(run)
    session.flush()
    _preview(session, run, get_version(session, procedure_id, procedure.number))
    return run


def _preview(session: Session, run: Run, version: ProcedureVersion) -> None:
    levels = load_levels(version.levels)
    items = queries.read_open_items(session, on=run.run_on, procedure_id=run.procedure_id)
    decisions = rules.decide(items, levels=levels, on=run.run_on)
    _store_proposals(session, run.run_id, rules.propose(decisions), levels)
    _store_skips(session, run.run_id, decisions)
    run.items_looked_at = len(items)
    run.status = move_run(run.status, RunAction.PREVIEW)
    session.flush()


def _store_proposals(
    session: Session, run_id: str, proposals: Sequence[Proposal], levels: Sequence[Level]
) -> None:
    notices, items = [], []
    notice_ids = sorted(new_id("dnt") for _ in proposals)  # lists follow them: accounts in a row
    for notice_id, proposal in zip(notice_ids, proposals, strict=True):
        level = level_of(levels, proposal.level)
        assert level is not None, "proposed from these levels"
        notices.append(
            {
                "notice_id": notice_id,
                "version": 1,
                "account_id": proposal.account_id,
                "run_id": run_id,
                "level": level.number,
                "level_name": level.name,
                "holds_orders": level.holds_orders,
                "currency": proposal.currency,
                "total": proposal.total,
                "status": NoticeStatus.PROPOSED,
            }
        )
        items += [_notice_item(notice_id, decision) for decision in proposal.decisions]
    if notices:
        insert_rows(session, Notice, notices)
        insert_rows(session, NoticeItem, items)


def _notice_item(notice_id: str, decision: Decision) -> dict[str, Any]:
    item = decision.item
    return {
        "notice_id": notice_id,
        "item_id": item.item_id,
        "account_id": item.account_id,
        "due_date": item.due_date,
        "level": decision.level,
        "invoice_number": item.invoice_number,
        "invoiced": item.amount,
        "amount": decision.amount,
        "status": NoticeStatus.PROPOSED,
    }


def _store_skips(session: Session, run_id: str, decisions: Iterable[Decision]) -> None:
    skipped: dict[tuple[Any, ...], list[str]] = {}
    for one in decisions:
        if not one.is_due:
            key = (one.item.account_id, one.reason, one.level, one.until)
            skipped.setdefault(key, []).append(one.item.item_id)
    skip_ids = sorted(new_id("dsk") for _ in skipped)
    if skipped:
        insert_rows(
            session,
            Skip,
            [
                {
                    "skip_id": skip_id,
                    "run_id": run_id,
                    "account_id": account_id,
                    "reason": reason,
                    "level": level,
                    "until": until,
                    "item_ids": item_ids,
                }
                for skip_id, ((account_id, reason, level, until), item_ids) in zip(
                    skip_ids, skipped.items(), strict=True
                )
            ],
        )


def _approve(session: Session, run: Run, *, now: datetime, by: str) -> None:
    run.status = move_run(run.status, RunAction.APPROVE)
    run.approved_at, run.approved_by = now, by
    session.flush()
    approved = _approve_notices(session, run.run_id) if _has_proposals(session, run.run_id) else []
    for notice_id, account_id in approved:
        announce(
            session,
            events.DunningNoticeApproved,
            account_id=account_id,
            notice_id=notice_id,
            run_id=run.run_id,
        )
    if not approved:
        _close(session, run, RunAction.COMPLETE, now=now)


def _has_proposals(session: Session, run_id: str) -> bool:
    return bool(session.scalar(select(exists().where(Notice.run_id == run_id))))


def _approve_notices(session: Session, run_id: str) -> Sequence[Any]:
    """Approve the run's notices that have something left to ask for; their and their accounts' ids."""
    _drop_superseded(session, run_id)
    approved = session.execute(
        moving_notices(NoticeAction.APPROVE)
        .where(Notice.run_id == run_id)
        .returning(Notice.notice_id, Notice.account_id)
    ).all()
    session.execute(
        moving_items(NoticeAction.APPROVE).where(NoticeItem.notice_id.in_(_notices_of(run_id)))
    )
    return approved


def _drop_superseded(session: Session, run_id: str) -> None:
    """Take out what another run has approved or sent since this one was simulated."""
    other = aliased(NoticeItem)
    session.execute(
        moving_items(NoticeAction.DROP)
        .where(
            NoticeItem.notice_id.in_(_notices_of(run_id)),
            exists().where(
                other.item_id == NoticeItem.item_id,
                other.due_date == NoticeItem.due_date,
                other.level == NoticeItem.level,
                other.status.in_((NoticeStatus.APPROVED, NoticeStatus.SENT)),
            ),
        )
        .values(reason=Reason.SUPERSEDED)
    )
    session.execute(
        moving_notices(NoticeAction.DROP).where(
            Notice.run_id == run_id,
            ~exists().where(
                NoticeItem.notice_id == Notice.notice_id,
                NoticeItem.status == NoticeStatus.PROPOSED,
            ),
        )
    )


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
        run = _lock(session, run_id)
        if run.status == RunStatus.PREVIEWED:  # nobody has approved or cancelled it in between
            _cancel(session, run, reason=f"Replaced by the daily run of {day}.", now=now)


def _close_stalled_runs(session: Session, *, now: datetime) -> None:
    """A run that still waits for a notice after a day waits for one that was parked."""
    stalled = session.scalars(
        select(Run)
        .where(Run.status.in_(_GOING), Run.approved_at <= now - timedelta(days=1))
        .order_by(Run.run_id)
        .with_for_update()
    )
    for run in stalled:
        _close(session, run, RunAction.PARK, now=now)


def _cancel(session: Session, run: Run, *, reason: str, now: datetime) -> None:
    run.reason = reason
    _close(session, run, RunAction.CANCEL, now=now)
    session.execute(
        moving_items(NoticeAction.DROP)
        .where(NoticeItem.notice_id.in_(_notices_of(run.run_id)))
        .values(reason=Reason.CANCELLED)
    )
    session.execute(
        moving_notices(NoticeAction.CANCEL).where(Notice.run_id == run.run_id).values(reason=reason)
    )


def _close(session: Session, run: Run, action: RunAction, *, now: datetime) -> None:
    run.status = move_run(run.status, action)
    run.closed_at = now
    session.flush()


def _notices_of(run_id: str) -> Any:
    return select(Notice.notice_id).where(Notice.run_id == run_id)

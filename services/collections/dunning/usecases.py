"""Dunning runs as they are kept: what they propose, approved, cancelled, closed when all is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Update, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from chassis.bulk import insert_rows
from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.collections import events
from services.collections.dunning import queries, rules
from services.collections.dunning.models import Notice, NoticeItem, Run, Skip
from services.collections.dunning.rules import Decision, OpenItem, Proposal, Reason
from services.collections.procedures.rules import Level, level_of
from services.collections.runs.rules import (
    RUN_MOVES,
    NoticeAction,
    NoticeStatus,
    RunAction,
    RunStatus,
    move_run,
    require_sendable,
    status_after,
    statuses_before,
)


def approve_run(
    session: Session, *, run_id: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Let a previewed run be sent, each notice in a step of its own. What was paid meanwhile, or is
    on its way from another run, is left out."""
    run = lock_run(session, run_id)
    require_sendable(run_on=run.run_on, today=today)
    approve_locked_run(session, run, now=now, by=by)
    return queries.get_run(session, run_id=run_id)


def cancel_run(session: Session, *, run_id: str, reason: str, now: datetime) -> dict[str, Any]:
    """Send nothing more of a run; what was sent stays sent."""
    cancel_locked_run(session, lock_run(session, run_id), reason=reason, now=now)
    return queries.get_run(session, run_id=run_id)


def settle_run(session: Session, *, run_id: str, now: datetime) -> None:
    """After a notice of the run came to its end: the run is running, or completed with the last."""
    run = fetch_for_change(session, Run, run_id)
    is_pending = session.scalar(
        select(exists().where(Notice.run_id == run_id, Notice.status == NoticeStatus.APPROVED))
    )
    if not is_pending:
        _finish(session, run, now=now)
    elif RunAction.SEND in RUN_MOVES[RunStatus(run.status)]:
        run.status = move_run(run.status, RunAction.SEND)
        session.flush()


def new_run(procedure_id: str, number: int, *, run_on: date, now: datetime, by: str) -> Run:
    """A run of a version of a procedure for a day, not stored yet."""
    return Run(
        run_id=new_id("drn"),
        run_on=run_on,
        procedure_id=procedure_id,
        procedure_number=number,
        status=RunStatus.PLANNED,
        items_looked_at=0,
        planned_at=now,
        planned_by=by,
    )


def store_decisions(
    session: Session, run_id: str, levels: Sequence[Level], decisions: Sequence[Decision]
) -> None:
    """Keep what a run proposes and what it leaves out."""
    _store_proposals(session, run_id, rules.propose(decisions), levels)
    _store_skips(session, run_id, decisions)


def store_undecided(
    session: Session, run_id: str, items: Iterable[OpenItem], reasons: Mapping[str, str]
) -> None:
    """Keep which accounts a run could not decide about, and why."""
    undecided: dict[str, list[str]] = {}
    for item in items:
        if item.account_id in reasons:
            undecided.setdefault(item.account_id, []).append(item.item_id)
    skip_ids = sorted(new_id("dsk") for _ in undecided)
    rows = [
        {
            "skip_id": skip_id,
            "run_id": run_id,
            "account_id": account_id,
            "reason": Reason.NOT_DECIDED,
            "detail": reasons[account_id],
            "item_ids": item_ids,
        }
        for skip_id, (account_id, item_ids) in zip(skip_ids, undecided.items(), strict=True)
    ]
    insert_rows(session, Skip, rows)


def preview_run(run: Run, *, items_looked_at: int) -> None:
    """What a run proposes and leaves out is stored: it can be looked at, and approved."""
    run.items_looked_at = items_looked_at
    run.status = move_run(run.status, RunAction.PREVIEW)


def approve_locked_run(session: Session, run: Run, *, now: datetime, by: str) -> None:
    """Let a locked run that is previewed be sent."""
    run.status = move_run(run.status, RunAction.APPROVE)
    run.approved_at, run.approved_by = now, by
    approved = _approve_notices(session, run.run_id) if _has_proposals(session, run) else []
    for notice in approved:
        announce(session, events.DunningNoticeApproved, **notice._mapping, run_id=run.run_id)
    if not approved:
        _finish(session, run, now=now)


def cancel_locked_run(session: Session, run: Run, *, reason: str, now: datetime) -> None:
    """Send nothing more of a locked run."""
    run.reason = reason
    close_run(session, run, RunAction.CANCEL, now=now)
    on_their_way = session.execute(
        select(Notice.notice_id, Notice.account_id)
        .where(Notice.run_id == run.run_id, Notice.status == NoticeStatus.APPROVED)
        .order_by(Notice.notice_id)
    ).all()
    session.execute(
        moving_items(NoticeAction.DROP)
        .where(NoticeItem.notice_id.in_(_notices_of(run.run_id)))
        .values(reason=Reason.CANCELLED)
    )
    session.execute(
        moving_notices(NoticeAction.CANCEL).where(Notice.run_id == run.run_id).values(reason=reason)
    )
    for notice in on_their_way:
        tell_dropped(session, **notice._mapping, run_id=run.run_id, status=NoticeStatus.CANCELLED)


def tell_dropped(
    session: Session, *, notice_id: str, account_id: str, run_id: str, status: str
) -> None:
    """Announce that a notice which was approved does not go out."""
    announce(
        session,
        events.DunningNoticeDropped,
        notice_id=notice_id,
        account_id=account_id,
        run_id=run_id,
        status=status,
    )


def close_run(session: Session, run: Run, action: RunAction, *, now: datetime) -> None:
    """End a locked run."""
    run.status = move_run(run.status, action)
    run.closed_at = now
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


def lock_run(session: Session, run_id: str) -> Run:
    """The run for change, after its notices that may still move: as in sending."""
    session.execute(
        select(Notice.notice_id)
        .where(Notice.run_id == run_id, Notice.status.in_(statuses_before(NoticeAction.CANCEL)))
        .order_by(Notice.notice_id)
        .with_for_update(key_share=True)
    )
    return fetch_for_change(session, Run, run_id)


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
        "issued_on": item.issued_on,
        "level": decision.level,
        "invoice_number": item.invoice_number,
        "is_cost": item.is_cost,
        "position": item.position,
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


def _has_proposals(session: Session, run: Run) -> bool:
    return bool(run.items_looked_at) and bool(
        session.scalar(select(exists().where(Notice.run_id == run.run_id)))
    )


def _approve_notices(session: Session, run_id: str) -> Sequence[Any]:
    """Approve the run's notices that have something left to ask for; their ids, and those of their
    accounts and items."""
    _drop_superseded(session, run_id)
    session.execute(moving_notices(NoticeAction.APPROVE).where(Notice.run_id == run_id))
    session.execute(
        moving_items(NoticeAction.APPROVE).where(NoticeItem.notice_id.in_(_notices_of(run_id)))
    )
    return session.execute(
        select(
            NoticeItem.notice_id,
            NoticeItem.account_id,
            func.array_agg(NoticeItem.item_id).label("item_ids"),
        )
        .where(
            NoticeItem.notice_id.in_(_notices_of(run_id)),
            NoticeItem.status == NoticeStatus.APPROVED,
        )
        .group_by(NoticeItem.notice_id, NoticeItem.account_id)
        .order_by(NoticeItem.notice_id)
    ).all()


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


def _finish(session: Session, run: Run, *, now: datetime) -> None:
    """The last of its letters came to its end: it is completed, with parked if it parked accounts."""
    has_parked = run.items_looked_at and session.scalar(
        select(exists().where(Skip.run_id == run.run_id, Skip.reason == Reason.NOT_DECIDED))
    )
    action = RunAction.PARK if has_parked else RunAction.COMPLETE
    if action in RUN_MOVES[RunStatus(run.status)]:
        close_run(session, run, action, now=now)


def _notices_of(run_id: str) -> Any:
    return select(Notice.notice_id).where(Notice.run_id == run_id)

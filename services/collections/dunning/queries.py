"""Reading what dunning decides on, runs with their figures, and why an item was dunned or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import any_, func, select, text
from sqlalchemy.orm import Session

from chassis.database import fetch
from chassis.pages import read_page
from kernel.refusals import NotKnownYet
from services.collections.dunning import rules
from services.collections.dunning.models import Notice, NoticeItem, Run, Skip
from services.collections.dunning.rules import OpenItem, Reason
from services.collections.receivables.models import Receivable
from services.collections.runs.rules import NoticeStatus, RunStatus

# One statement for everything a decision looks at. A lateral join finds an item's highest step
# through its index, and another the account's pauses: no query per item, no scan of history.
_OPEN_ITEMS = text(
    """
    SELECT r.item_id, r.account_id,
           COALESCE(own.procedure_id, standard.procedure_id) AS procedure_id,
           r.currency, r.invoice_number, r.position, r.issued_on, r.due_date, r.is_cost,
           r.amount, r.balance, r.disputed, r.in_flight,
           COALESCE(b.unapplied, 0) AS unapplied,
           a.account_id IS NOT NULL AS is_account_known,
           r.is_in_collections,
           step.level AS last_level, step.sent_on AS last_sent_on,
           hold.until AS hold_until, COALESCE(hold.days, 0) AS days_frozen
    FROM receivable r
    JOIN dunning_procedure standard ON standard.is_default
    LEFT JOIN account a ON a.account_id = r.account_id
    LEFT JOIN account_balance b ON b.account_id = r.account_id AND b.currency = r.currency
    LEFT JOIN dunning_assignment own ON own.account_id = r.account_id AND own.ended_at IS NULL
    LEFT JOIN LATERAL (
        SELECT i.level, i.sent_on
        FROM dunning_notice_item i
        WHERE i.item_id = r.item_id AND i.due_date = r.due_date
          AND i.status IN ('approved', 'sent') AND i.notice_id IS DISTINCT FROM :except_notice_id
        ORDER BY i.level DESC LIMIT 1
    ) step ON true
    LEFT JOIN LATERAL (
        SELECT max(h.last_on) FILTER (WHERE :on BETWEEN h.from_on AND h.last_on) AS until,
               sum(greatest(0, least(h.last_on, :on) - greatest(h.from_on,
                   CASE WHEN step.level > 0 THEN COALESCE(step.sent_on, r.due_date)
                        ELSE r.due_date END + 1) + 1)) AS days
        FROM dunning_hold h
        WHERE h.account_id = r.account_id AND (h.item_id IS NULL OR h.item_id = r.item_id)
    ) hold ON true
    WHERE r.status = 'open' AND r.balance > 0
      AND (:procedure_id IS NULL
           OR :procedure_id = COALESCE(own.procedure_id, standard.procedure_id))
      AND (:is_every_account OR r.account_id = ANY(:account_ids))
    ORDER BY r.account_id, r.currency,
             r.due_date, r.is_cost, r.issued_on NULLS FIRST, r.invoice_number, r.position, r.item_id
    """
)

_DEBTORS = text(
    """
    SELECT DISTINCT r.account_id
    FROM receivable r
    JOIN dunning_procedure standard ON standard.is_default
    LEFT JOIN dunning_assignment own ON own.account_id = r.account_id AND own.ended_at IS NULL
    WHERE r.status = 'open' AND r.balance > 0
      AND COALESCE(own.procedure_id, standard.procedure_id) = :procedure_id
    ORDER BY r.account_id
    """
)


def read_open_items(
    session: Session,
    *,
    on: date,
    procedure_id: str | None = None,
    account_ids: Collection[str] | None = None,
    except_notice_id: str | None = None,
) -> list[OpenItem]:
    """All open items (of the accounts with that procedure, or of these accounts) with what decides
    about them on a day, in the order `rules.decide` wants. `except_notice_id` is as if that notice
    were not on its way: for judging it once more."""
    session.flush()
    # On the connection: whoever asks, the decision is about all of an account's items.
    rows = session.connection().execute(
        _OPEN_ITEMS,
        {
            "on": on,
            "procedure_id": procedure_id,
            "is_every_account": account_ids is None,
            "account_ids": list(account_ids or ()),
            "except_notice_id": except_notice_id,
        },
    )
    return [OpenItem(**row._mapping) for row in rows]


def read_debtors(session: Session, *, procedure_id: str) -> Sequence[str]:
    """The accounts with that procedure that owe something, by id."""
    rows = session.connection().execute(_DEBTORS, {"procedure_id": procedure_id})
    return rows.scalars().all()


def get_run(session: Session, *, run_id: str) -> dict[str, Any]:
    """A run with what it proposes and left out, in figures."""
    run = fetch(session, Run, run_id)
    letters = session.execute(
        select(
            Notice.level,
            Notice.level_name,
            Notice.currency,
            Notice.status,
            func.count().label("notices"),
            func.sum(Notice.total).label("total"),
        )
        .where(Notice.run_id == run_id)
        .group_by(Notice.level, Notice.level_name, Notice.currency, Notice.status)
        .order_by(Notice.level, Notice.currency, Notice.status)
    )
    skips = session.execute(
        select(Skip.reason, func.sum(func.cardinality(Skip.item_ids)).label("items"))
        .where(Skip.run_id == run_id)
        .group_by(Skip.reason)
        .order_by(Skip.reason)
    )
    facts = {column.key: getattr(run, column.key) for column in Run.__table__.columns}
    return {**facts, "letters": letters.all(), "skips": skips.all()}


def list_runs(session: Session, *, limit: int, after: str | None) -> dict[str, Any]:
    """Runs, the newest first."""
    return read_page(
        session, select(Run), by=[Run.run_id], limit=limit, after=after, is_descending=True
    )


def list_run_skips(
    session: Session, *, run_id: str, reason: str | None, limit: int, after: str | None
) -> dict[str, Any]:
    """What a run left out, by account and reason."""
    fetch(session, Run, run_id)
    statement = select(Skip).where(Skip.run_id == run_id)
    if reason is not None:
        statement = statement.where(Skip.reason == reason)
    return read_page(session, statement, by=[Skip.skip_id], limit=limit, after=after)


def explain(session: Session, *, item_id: str, on: date) -> dict[str, Any]:
    """Why an item was dunned, or not, in the run of a day."""
    item = session.get(Receivable, item_id)
    if item is None:
        raise NotKnownYet("item_not_found", f"There is no item {item_id}.")
    asked = {"item_id": item_id, "account_id": item.account_id, "on": on}
    runs = session.scalars(select(Run).where(Run.run_on == on)).all()
    # A cancelled run explains only where no other looked at the item.
    for run in sorted(runs, key=lambda run: (run.status == RunStatus.CANCELLED, run.run_id)):
        found = _in_notice(session, run, item_id) or _in_skip(session, run, item)
        if found is not None:
            return {**asked, "run_id": run.run_id, "run_status": run.status, **found}
    why = (
        "No run looked at it: it was not open, or collections did not know it yet."
        if runs
        else "There was no run for that day."
    )
    return {**asked, "outcome": "not_looked_at", "sentence": why}


def _in_notice(session: Session, run: Run, item_id: str) -> dict[str, Any] | None:
    found = session.execute(
        select(NoticeItem, Notice)
        .join(Notice, Notice.notice_id == NoticeItem.notice_id)
        .where(Notice.run_id == run.run_id, NoticeItem.item_id == item_id)
    ).one_or_none()
    if found is None:
        return None
    step, notice = found
    facts = {"level": step.level, "notice_id": notice.notice_id}
    if step.status == NoticeStatus.DROPPED:
        assert step.reason is not None, "dropped for a reason"
        reason = Reason(step.reason)
        why = rules.sentence(reason, level=step.level, until=None)
        return {**facts, "outcome": "dropped", "reason": reason, "sentence": why}
    why = f"Level {step.level} ({notice.level_name}) was due; its letter is {step.status}."
    return {**facts, "outcome": "dunned", "reason": Reason.DUE, "sentence": why}


def _in_skip(session: Session, run: Run, item: Receivable) -> dict[str, Any] | None:
    skip = session.scalars(
        select(Skip).where(
            Skip.run_id == run.run_id,
            Skip.account_id == item.account_id,
            any_(Skip.item_ids) == item.item_id,
        )
    ).one_or_none()
    if skip is None:
        return None
    return {
        "outcome": "skipped",
        "reason": skip.reason,
        "level": skip.level,
        "until": skip.until,
        "sentence": skip.sentence,
    }

"""What happens when an account is closed: asked of all who deal with it, answered, done or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import Rows, each_apart, insert_new_rows
from chassis.database import fetch_all_for_change, fetch_for_change
from kernel.money import Money
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Action, Status, require_move
from services.accounts.accounts.usecases import move_account
from services.accounts.balances.usecases import keep_balances
from services.accounts.closings import queries, rules
from services.accounts.closings.models import Closing, ClosingAnswer
from services.accounts.closings.rules import ClosingAction, ClosingStatus
from services.accounts.onboarding.usecases import forget_documents, judge_documents
from services.accounts.parents.usecases import require_childless
from services.accounts.parked.usecases import park_accounts
from services.accounts.reasons.queries import find_standing
from services.accounts.reasons.rules import Kind
from services.accounts.reasons.usecases import tell_due, tell_settled


def close_account(
    session: Session, *, account_id: str, reason: str, today: date, now: datetime, by: str
) -> Account:
    """Ask all who deal with a client whether the relationship can end, unless we see that it cannot.
    Our copy of what is owed may lag, so billing has the last word."""
    account = fetch_for_change(session, Account, account_id)
    require_move(account.number, account.status, Action.CLOSE)
    require_childless(session, account)
    rules.require_settled(account.number, _read_balances(session, account_id))
    before = {"from_status": account.status, "from_since_on": account.status_since_on}
    move_account(session, account, Action.CLOSE, reason=reason, today=today, now=now, by=by)
    session.add(
        Closing(
            account_id=account_id,
            version=account.version,
            status=ClosingStatus.ASKED,
            reason=reason,
            **before,
            asked_by=by,
            asked_at=now,
        )
    )
    return account


def withdraw_closing(
    session: Session, *, account_id: str, reason: str | None, today: date, now: datetime, by: str
) -> Account:
    """Let business with an account that is closing go on as before."""
    account = fetch_for_change(session, Account, account_id)
    require_move(account.number, account.status, Action.WITHDRAW_CLOSING)
    closing = session.scalars(
        select(Closing).where(
            Closing.account_id == account_id, Closing.status == ClosingStatus.ASKED
        )
    ).one()
    closing.status = rules.move_closing(closing.status, ClosingAction.WITHDRAW)
    closing.ended_at = now
    move_account(
        session,
        account,
        Action.WITHDRAW_CLOSING,
        reason=reason,
        today=today,
        now=now,
        by=by,
        back_to=(closing.from_status, closing.from_since_on),
    )
    judge_documents(session, account, today=today, now=now)
    return account


def hear_answer(
    session: Session,
    *,
    account_id: str,
    account_version: int,
    service: str,
    is_agreed: bool,
    reason: str,
    today: date,
    now: datetime,
    code: str | None = None,
) -> None:
    """Keep what a service answered, and end the closing where that decides it. An answer to another
    closing than the present one decides nothing."""
    account = fetch_for_change(session, Account, account_id)
    answer = {"service": service, "is_agreed": is_agreed, "code": code, "reason": reason}
    closing = _keep_answer(session, account_id, account_version, answered_at=now, **answer)
    if closing is None or closing.status != ClosingStatus.ASKED:
        return
    decided = rules.judge({one.service: one.is_agreed for one in closing.answers})
    closing.status = rules.move_closing(closing.status, decided)
    moment: dict[str, Any] = {"today": today, "now": now}
    if closing.status == ClosingStatus.CLOSED:
        closing.ended_at = now
        by, why = closing.asked_by, closing.reason
        move_account(session, account, Action.COMPLETE_CLOSING, reason=why, by=by, **moment)
        forget_documents(session, account_id)
    elif closing.status == ClosingStatus.REFUSED:
        closing.ended_at = now
        move_account(
            session,
            account,
            Action.REFUSE_CLOSING,
            reason=reason,
            by=service,
            back_to=(closing.from_status, closing.from_since_on),
            objected_by=service,
            code=code,
            **moment,
        )
        judge_documents(session, account, **moment)


def take_balances(session: Session, snapshots: Rows, *, today: date) -> None:
    """Keep what billing told of balances. What comes in for a closed account is its owner's to see."""
    keep_balances(session, snapshots)
    account_ids = {one["account_id"] for one in snapshots}
    closed = select(Account.account_id).where(
        Account.account_id.in_(account_ids), Account.status == Status.CLOSED
    )
    judge_closed(session, account_ids=sorted(session.scalars(closed)), today=today)


def judge_closed(session: Session, *, account_ids: Sequence[str], today: date) -> None:
    """Closed accounts on which money is open or unapplied wait for their owners, for each currency; what
    is settled, or open again, does not."""
    if not account_ids:
        return
    accounts = fetch_all_for_change(session, Account, account_ids)
    closed = [one.account_id for one in accounts if one.status == Status.CLOSED]
    balances = queries.read_balances(session, account_ids=closed)
    told = find_standing(session, reason=Kind.CLOSED_UNSETTLED, account_ids=account_ids)
    left = [
        replace(due, since=told.get(due.key, today))
        for account_id in closed
        for due in rules.left_open(account_id, balances.get(account_id, ()), today=today)
    ]
    tell_due(session, *left)
    tell_settled(session, *(told.keys() - {due.key for due in left}))


def review_closed(session: Session, *, today: date) -> None:
    """Once a day: tell of accounts that were closed at the moment in which money came in. One that
    nothing can be decided about is parked and stops no other."""
    overlooked = [row.account_id for row in queries.OVERLOOKED.read(session)]
    errors = each_apart(
        session, overlooked, lambda some: judge_closed(session, account_ids=some, today=today)
    )
    park_accounts(session, day=today, errors=errors)


def _keep_answer(session: Session, account_id: str, version: int, **answer: Any) -> Closing | None:
    """The closing with all its answers, this one among them; None where there is no such closing."""
    closing = session.get(Closing, (account_id, version), populate_existing=True)
    if closing is not None:
        row = {"account_id": account_id, "version": version, **answer}
        insert_new_rows(session, ClosingAnswer, [row])
        session.refresh(closing, ["answers"])
    return closing


def _read_balances(session: Session, account_id: str) -> list[tuple[Money, Money]]:
    balances = queries.read_balances(session, account_ids=[account_id]).get(account_id, ())
    return [(Money(row.open, row.currency), Money(row.unapplied, row.currency)) for row in balances]

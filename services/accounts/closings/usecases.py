"""What happens when an account is closed: asked of all who deal with it, answered, done or refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from chassis.database import fetch_for_change
from kernel.money import Money
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Action, require_move
from services.accounts.accounts.usecases import move_account
from services.accounts.balances.models import AccountBalance
from services.accounts.closings import rules
from services.accounts.closings.models import Closing, ClosingAnswer
from services.accounts.closings.rules import ClosingAction, ClosingStatus


def close_account(
    session: Session, *, account_id: str, reason: str, today: date, now: datetime, by: str
) -> Account:
    """Ask all who deal with a client whether the relationship can end, unless we see that it cannot.
    Our copy of what is owed may lag, so billing has the last word."""
    account = fetch_for_change(session, Account, account_id)
    require_move(account.number, account.status, Action.CLOSE)
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


def _keep_answer(session: Session, account_id: str, version: int, **answer: Any) -> Closing | None:
    """The closing with all its answers, this one among them; None where there is no such closing."""
    closing = session.get(Closing, (account_id, version), populate_existing=True)
    if closing is not None:
        row = {"account_id": account_id, "version": version, **answer}
        insert_new_rows(session, ClosingAnswer, [row])
        session.refresh(closing, ["answers"])
    return closing


def _read_balances(session: Session, account_id: str) -> list[tuple[Money, Money]]:
    balances = session.scalars(
        select(AccountBalance)
        .where(AccountBalance.account_id == account_id)
        .order_by(AccountBalance.currency)
    )
    return [(Money(row.open, row.currency), Money(row.unapplied, row.currency)) for row in balances]

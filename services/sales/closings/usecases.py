"""Say whether sales agrees that an account is closed."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from chassis.outbox import announce
from services.sales import events
from services.sales.accounts.rules import CLOSING
from services.sales.accounts.usecases import fetch_account_for_change, keep_accounts, lock_account
from services.sales.closings import queries, rules


def answer_closing(session: Session, *, account_id: str, version: int, **snapshot: Any) -> None:
    """Agree to the closing of an account, or object. From this moment on our copy says that it is
    closing, so that no order of it is confirmed; what was being confirmed meanwhile is waited for and
    seen.

    A closing that is over, of which a newer event has told already, is not answered."""
    lock_account(session, account_id)
    keep_accounts(session, [{"account_id": account_id, "version": version, **snapshot}])
    if fetch_account_for_change(session, account_id).status != CLOSING:
        return
    objection = rules.find_objection(
        open_=queries.find_open_orders(session, account_id=account_id),
        not_invoiced=queries.find_orders_not_invoiced(session, account_id=account_id),
    )
    answer = {"account_id": account_id, "account_version": version, "answered_by": "sales"}
    if objection is None:
        announce(session, events.AccountClosingAgreed, **answer, reason=rules.AGREED)
        return
    announce(
        session,
        events.AccountClosingObjected,
        **answer,
        code=objection.code,
        reason=objection.reason,
        orders=objection.orders,
    )

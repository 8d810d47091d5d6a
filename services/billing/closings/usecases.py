"""Say whether billing agrees that an account is closed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.outbox import announce
from services.billing.accounts.queries import get_account
from services.billing.accounts.rules import CLOSING
from services.billing.accounts.usecases import keep_accounts, lock_account_to_close
from services.billing.billables.queries import count_pending
from services.billing.charges.queries import find_going
from services.billing.closings import events, queries, rules
from services.billing.take_offs.usecases import credit_account_take_offs


def answer_closing(
    session: Session,
    *,
    account_id: str,
    version: int,
    today: date,
    now: datetime,
    by: str,
    **snapshot: Any,
) -> None:
    """Agree to the closing of an account, or object. From this moment on our copy says that it is
    closing, so that nothing is billed to it; what was being billed meanwhile is waited for and seen.

    Where no charge goes on, what is to be taken off a further bill is credited, since none comes.

    A closing that is over, of which a newer event has told already, is not answered."""
    lock_account_to_close(session, account_id=account_id)
    keep_accounts(session, [{"account_id": account_id, "version": version, **snapshot}])
    if get_account(session, account_id=account_id).status != CLOSING:
        return
    charges = len(find_going(session, account_id=account_id))
    if not charges:
        moment: dict[str, Any] = {"today": today, "now": now, "by": by}
        credit_account_take_offs(session, account_id=account_id, **moment)
    balances = queries.find_unsettled(session, account_id=account_id)
    drafts = queries.count_drafts(session, account_id=account_id)
    answer = {"account_id": account_id, "account_version": version, "answered_by": "billing"}
    pending = count_pending(session, account_id=account_id)
    objection = rules.find_objection(balances, drafts=drafts, charges=charges, pending=pending)
    if objection is None:
        announce(session, events.AccountClosingAgreed, **answer, reason=rules.AGREED)
        return
    announce(
        session,
        events.AccountClosingObjected,
        **answer,
        code=objection.code,
        reason=objection.reason,
        balances=balances,
        drafts=drafts,
    )

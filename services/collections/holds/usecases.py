"""Pausing dunning, and letting it go on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from kernel.ids import new_id
from kernel.refusals import Invalid, NotKnownYet
from services.collections.accounts.queries import get_account
from services.collections.accounts.usecases import lock_accounts
from services.collections.holds import rules
from services.collections.holds.models import Hold
from services.collections.receivables.models import Receivable


def place_hold(
    session: Session,
    *,
    account_id: str,
    item_id: str | None,
    reason: str,
    from_on: date | None,
    until_on: date,
    today: date,
    now: datetime,
    by: str,
) -> Hold:
    """Pause dunning of an account or of one item; its days do not count towards the next level."""
    get_account(session, account_id=account_id)
    lock_accounts(session, account_ids=[account_id])
    if item_id is not None:
        _require_item(session, account_id=account_id, item_id=item_id)
    from_on = from_on or today
    rules.require_period(from_on=from_on, until_on=until_on, today=today)
    holds = session.scalars(select(Hold).where(Hold.account_id == account_id))
    rules.require_no_overlap(holds, item_id=item_id, from_on=from_on, until_on=until_on)
    hold = Hold(
        hold_id=new_id("hld"),
        account_id=account_id,
        item_id=item_id,
        reason=reason,
        from_on=from_on,
        until_on=until_on,
        last_on=until_on,
        placed_at=now,
        placed_by=by,
    )
    session.add(hold)
    session.flush()
    return hold


def lift_hold(session: Session, *, hold_id: str, today: date, now: datetime, by: str) -> Hold:
    """Let dunning go on from today."""
    hold = fetch_for_change(session, Hold, hold_id)
    hold.last_on = rules.last_day_when_lifted(
        from_on=hold.from_on, last_on=hold.last_on, today=today
    )
    hold.lifted_at = now
    hold.lifted_by = by
    session.flush()
    return hold


def _require_item(session: Session, *, account_id: str, item_id: str) -> None:
    item = session.get(Receivable, item_id)
    if item is None:
        raise NotKnownYet("item_not_found", f"There is no item {item_id}.")
    if item.account_id != account_id:
        raise Invalid(
            "item_of_another_account",
            f"{item_id} belongs to {item.account_id}; name that account or another item.",
            field="item_id",
        )

"""Placing and lifting credit holds: whatever happens, the same review says what should stand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.bulk import each_apart
from chassis.outbox import announce
from services.collections import events
from services.collections.accounts.usecases import lock_accounts
from services.collections.credit_holds import queries, rules
from services.collections.credit_holds.models import CreditHold
from services.collections.credit_holds.rules import CreditHoldAction
from services.collections.dunning.queries import read_open_items
from services.collections.dunning.rules import claims
from services.collections.parked.rules import Job
from services.collections.parked.usecases import park_accounts


def review_all_credit_holds(session: Session, *, today: date, now: datetime) -> None:
    """The review of every account that was warned or has a credit hold."""
    errors = each_apart(
        session,
        queries.read_concerned(session),
        lambda some: review_credit_holds(session, account_ids=some, today=today, now=now),
    )
    park_accounts(session, job=Job.REVIEW_CREDIT_HOLDS, day=today, errors=errors)


def review_credit_holds(
    session: Session, *, account_ids: Collection[str], today: date, now: datetime
) -> None:
    """Stop orders of accounts that owe what a notice holding orders asked for, and let them go on
    where nothing of that is left."""
    lock_accounts(session, account_ids=account_ids)
    warned = queries.read_warned_items(session, account_ids=account_ids)
    standing = queries.read_standing(session, account_ids=account_ids)
    if not warned and not standing:
        return
    items = read_open_items(session, on=today, account_ids=warned.keys())
    item_ids = set().union(*warned.values())
    owed = rules.unheeded(claims(items), warned=item_ids, on=today)
    actions = rules.choose_actions(owed=owed.keys(), standing=standing.keys())
    _place(session, {key: owed[key] for key in actions[CreditHoldAction.PLACE]}, now)
    _lift(session, [standing[key] for key in actions[CreditHoldAction.LIFT]], now)


def _place(session: Session, owed: dict[str, dict[str, int]], now: datetime) -> None:
    numbers = queries.read_numbers(session, account_ids=owed.keys())
    for account_id, amounts in sorted(owed.items()):
        hold = CreditHold(
            account_id=account_id,
            number=numbers.get(account_id, 0) + 1,
            reason=rules.reason_to_hold(amounts),
            placed_at=now,
        )
        session.add(hold)
        announce(
            session,
            events.CreditHoldPlaced,
            account_id=account_id,
            version=rules.placed_version(hold.number),
            reason=hold.reason,
        )
    session.flush()


def _lift(session: Session, holds: Collection[CreditHold], now: datetime) -> None:
    for hold in holds:
        hold.lifted_at = now
        hold.lifted_reason = rules.CURED
        announce(
            session,
            events.CreditHoldLifted,
            account_id=hold.account_id,
            version=rules.lifted_version(hold.number),
            reason=rules.CURED,
        )
    session.flush()

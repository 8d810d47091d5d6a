"""Keep what clients contest of items, and credit what is upheld."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import Rows, attempt, keep_newest, refuse_one
from chassis.outbox import announce
from kernel.refusals import NotKnownYet, Refusal
from services.billing.credits.queries import find_note_of_dispute
from services.billing.credits.rules import Grounds
from services.billing.credits.usecases import credit_item
from services.billing.disputes import events, queries, rules
from services.billing.disputes.models import Dispute
from services.billing.items.queries import find_items
from services.billing.items.usecases import contest_items, lock_balances

REASON_MAX = 500  # characters, of a credit note


def take_disputes(
    session: Session, snapshots: Rows, *, today: date, now: datetime, by: str
) -> None:
    """Store what accounts' disputes are, in whatever order it is told; of their items is contested what
    their disputes come to. Each decision is answered once: what was upheld is credited or refused."""
    found = find_items(session, item_ids={one["item_id"] for one in snapshots})
    items = {(item.item_id, item.account_id, item.currency): item for item in found}
    known = [one for one in snapshots if _item_key(one) in items]
    for one in snapshots:
        if _item_key(one) not in items:
            _refuse(session, one, refuse_one(session, _item_not_found(one)))
    if not known:
        return
    lock_balances(session, keys={(one["account_id"], one["currency"]) for one in known})
    keep_newest(session, Dispute, [_row(one) for one in known])
    totals = queries.sum_contested(session, item_ids={one["item_id"] for one in known})
    contest_items(session, totals=totals)
    for one in sorted(known, key=lambda one: (one["account_id"], one["version"])):
        if one["upheld"]:
            _answer(session, one, today=today, now=now, by=by)


def _answer(session: Session, decided: Mapping[str, Any], **moment: Any) -> None:
    dispute = session.get_one(Dispute, decided["dispute_id"], populate_existing=True)
    if decided["version"] <= dispute.answered_version:
        return
    error = attempt(session, partial(_credit, session, decided, **moment))
    if error is not None and not isinstance(error, Refusal):
        raise error
    dispute.answered_version = decided["version"]
    dispute.refusal = None if error is None else error.detail
    if error is not None:
        _refuse(session, decided, error)


def _credit(session: Session, decided: Mapping[str, Any], **moment: Any) -> None:
    """A credit note of what was upheld, unless there is one of just that already."""
    upheld, dispute_id = decided["upheld"], decided["dispute_id"]
    rules.require_within_dispute(upheld, amount=decided["amount"], currency=decided["currency"])
    note = find_note_of_dispute(session, dispute_id=dispute_id)
    if note is not None and note.total == upheld:
        return
    reason = f"Dispute upheld: {decided['reason']}"[:REASON_MAX]
    credit_item(
        session,
        item_id=decided["item_id"],
        amount=upheld,
        grounds=Grounds(reason=reason, dispute_id=dispute_id),
        **moment,
    )


def _refuse(session: Session, one: Mapping[str, Any], refusal: Refusal) -> None:
    announce(
        session,
        events.DisputeCreditRefused,
        account_id=one["account_id"],
        dispute_id=one["dispute_id"],
        code=refusal.code,
        reason=refusal.detail,
    )


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name != "upheld"}


def _item_key(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return one["item_id"], one["account_id"], one["currency"]


def _item_not_found(one: Mapping[str, Any]) -> NotKnownYet:
    return NotKnownYet(
        "item_not_found",
        f"Account {one['account_id']} has no item {one['item_id']} in {one['currency']}; dispute one of "
        "its own.",
    )

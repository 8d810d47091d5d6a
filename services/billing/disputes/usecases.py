"""Keep what clients contest of items, and credit what is upheld; many at once, in a number of statements
that does not grow with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.bulk import Rows, columns, each_by_itself, keep_newest, refuse_one
from chassis.outbox import announce
from kernel.refusals import NotKnownYet, Refusal
from services.billing.credit_batches.usecases import issue_each
from services.billing.credits.queries import sum_disputes_credited
from services.billing.disputes import events, queries, rules
from services.billing.disputes.models import Dispute
from services.billing.items.models import Item
from services.billing.items.queries import find_items
from services.billing.items.usecases import contest_items, lock_balances

_ANSWER = text("""
    UPDATE dispute SET answered_version = told.version, refusal = told.refusal
    FROM unnest(
        CAST(:dispute_ids AS text[]), CAST(:versions AS integer[]), CAST(:refusals AS text[])
    ) AS told (dispute_id, version, refusal)
    WHERE dispute.dispute_id = told.dispute_id
    RETURNING dispute.*
""")


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
    decided = [one for one in known if one["upheld"]]
    for some in rules.in_turns(
        sorted(decided, key=lambda one: (one["account_id"], one["version"]))
    ):
        _answer(session, some, items, today=today, now=now, by=by)


def _answer(
    session: Session, decided: Rows, items: Mapping[tuple[str, str, str], Item], **moment: Any
) -> None:
    """Answer decisions, each of another dispute, as if one came after the other."""
    disputes = queries.find_disputes(session, dispute_ids={one["dispute_id"] for one in decided})
    new = [one for one in decided if one["version"] > disputes[one["dispute_id"]].answered_version]
    if not new:
        return
    credited = sum_disputes_credited(session, dispute_ids=[one["dispute_id"] for one in new])
    rows = each_by_itself(session, new, lambda one: _describe(one, items[_item_key(one)], credited))
    answers = iter(issue_each(session, [row for row in rows if row is not None], **moment))
    answered = []
    for one, row in zip(new, rows, strict=True):
        answer = None if row is None else next(answers)
        refusal = answer if isinstance(answer, Refusal) else None
        answered.append((one["dispute_id"], one["version"], refusal and refusal.detail))
        if refusal is not None:
            _refuse(session, one, refusal)
    session.scalars(
        select(Dispute).from_statement(_ANSWER),
        columns(answered, "dispute_ids", "versions", "refusals"),
        execution_options={"populate_existing": True},
    ).all()


def _describe(
    decided: Mapping[str, Any], item: Item, credited: Mapping[str, int]
) -> dict[str, Any] | None:
    """A credit note of what was upheld, unless there is one of just that already."""
    upheld, dispute_id = decided["upheld"], decided["dispute_id"]
    rules.require_within_dispute(upheld, amount=decided["amount"], currency=decided["currency"])
    if credited.get(dispute_id) == upheld:
        return None
    return rules.describe(decided, invoice_id=item.invoice_id)


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

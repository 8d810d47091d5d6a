"""Lock the payment or credit note that something is of, and take back what it was set against last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.database import fetch
from kernel.refusals import Conflict
from services.billing.allocations.models import Allocatable, Allocation
from services.billing.allocations.queries import find_standing
from services.billing.credits.usecases import lock_credit_note
from services.billing.funds.rules import sum_taken
from services.billing.ledger.rules import Journal
from services.billing.payments.usecases import lock_payment
from services.billing.settling.rules import choose_last
from services.billing.settling.usecases import renew_allocation, take_off_paid


def lock_fund(
    session: Session, *, payment_id: str | None, credit_note_id: str | None
) -> Allocatable:
    """The payment or credit note, whichever is named, for change, after the balance that comes before
    it in the order of locks."""
    if payment_id is not None:
        return lock_payment(session, payment_id=payment_id)
    assert credit_note_id is not None
    return lock_credit_note(session, credit_note_id=credit_note_id)


def lock_allocation(session: Session, *, allocation_id: str) -> tuple[Allocatable, Allocation]:
    """The payment or credit note of an allocation, for change, and the allocation; refused when it is
    reversed already."""
    found = fetch(session, Allocation, allocation_id)
    if found.adjustment_id is not None:
        raise Conflict(
            "adjustment",
            f"Allocation {allocation_id} gives up what was owed; reverse {found.adjustment_id} instead.",
            adjustment_id=found.adjustment_id,
        )
    fund = lock_fund(session, payment_id=found.payment_id, credit_note_id=found.credit_note_id)
    standing = find_standing(session, allocation_id=allocation_id)
    if not standing:
        raise Conflict(
            "allocation_reversed", f"Allocation {allocation_id} is reversed; there is nothing left."
        )
    return fund, standing[0]


def take_off_last(
    session: Session,
    fund: Allocatable,
    *,
    amount: int,
    allocations: Sequence[Allocation],
    reversed_on: date,
    reversal_id: str | None = None,
    now: datetime,
    by: str,
) -> tuple[dict[str, int], list[Journal]]:
    """Reverse the last of the allocations of a locked payment or credit note until that comes to the
    amount, which is unapplied then; of one that is more than needed, the rest is made anew. What was
    taken off which item, and journals to post; the account's balance is the caller's to change."""
    chosen, rest = choose_last(amount, allocations)
    if not chosen:
        return {}, []
    journals = take_off_paid(
        session,
        fund=fund,
        allocations=chosen,
        reversed_on=reversed_on,
        reversal_id=reversal_id,
        now=now,
        by=by,
    )
    journals += renew_allocation(
        session, fund=fund, allocation=chosen[0], amount=rest, now=now, by=by
    )
    return sum_taken(chosen, rest), journals

"""Submit debits and follow them until they succeed or fail, and fail or succeed after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.bulk import Asked
from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing.accounts.queries import get_account
from services.billing.bank_fees.usecases import charge_bank_fee, drop_bank_fee
from services.billing.debits.events import DebitChanged
from services.billing.debits.models import Debit, DebitPart
from services.billing.debits.queries import find_due_items
from services.billing.debits.rules import (
    DebitAction,
    DebitStatus,
    choose_parts,
    next_status,
    require_own_items,
    still_owed,
)
from services.billing.items.models import Item
from services.billing.items.queries import find_items
from services.billing.items.usecases import change_flights, lock_balances
from services.billing.payments.usecases import lock_payment
from services.billing.receiving.usecases import receive_payments
from services.billing.reversals.models import PaymentReversal
from services.billing.reversals.queries import is_standing
from services.billing.reversals.usecases import charge_back_payment, reinstate_payment

_AFTER_ALL = "The debit succeeded after all."


def submit_debit(
    session: Session,
    *,
    account_id: str,
    currency: str,
    amount: int | None,
    due_by: date | None,
    item_ids: Sequence[str] | None,
    method: str,
    reference: str | None,
    today: date,
    now: datetime,
    by: str,
) -> Debit:
    """Fetch what may be asked for of the items named, else of what is due; it is not asked for again
    while it is on its way."""
    get_account(session, account_id=account_id)
    lock_balances(session, keys=[(account_id, currency)])
    of = {"account_id": account_id, "currency": currency}
    until = due_by or today
    items = _find(session, item_ids=item_ids, due_by=until, **of)
    shares = choose_parts(
        items, currency=currency, amount=amount, due_by=until if item_ids is None else None
    )
    debit = Debit(
        debit_id=new_id("deb"),
        **of,
        amount=sum(share.amount for share in shares),
        method=method,
        reference=reference,
        status=DebitStatus.SUBMITTED,
        submitted_by=by,
        submitted_at=now,
        changed_by=by,
        changed_on=today,
        parts=[
            DebitPart(position=place, item_id=share.item.item_id, amount=share.amount)
            for place, share in enumerate(shares, start=1)
        ],
    )
    session.add(debit)
    change_flights(session, amounts=debit.amounts, now=now)
    return _announced(session, debit)


def move_debit(
    session: Session, *, debit_id: str, action: DebitAction, today: date, by: str
) -> Debit:
    """Approve a debit, or note that it was sent to the bank."""
    debit = _lock(session, debit_id)
    _move(debit, action, None, today, by)
    return _announced(session, debit)


def cancel_debit(
    session: Session, *, debit_id: str, reason: str, today: date, now: datetime, by: str
) -> Debit:
    """Fetch nothing: what it was to fetch may be asked for again."""
    debit = _lock(session, debit_id)
    _move(debit, DebitAction.CANCEL, reason, today, by)
    _land(session, debit, now)
    return _announced(session, debit)


def succeed_debit(
    session: Session,
    *,
    debit_id: str,
    value_date: date | None,
    today: date,
    now: datetime,
    caller: Caller,
) -> Debit:
    """The money is there: a payment, set against what its items still owe of what was fetched; the rest
    is unapplied. What had succeeded and then failed was there after all."""
    debit = _lock(session, debit_id)
    is_late = debit.status == DebitStatus.FAILED
    _move(debit, DebitAction.SUCCEED, None, today, caller.subject)
    if debit.payment_id is None:
        day = value_date or today
        debit.payment_id = _receive(session, debit, day, today, now, caller)
    else:
        _put_back(session, debit, value_date, today, now, caller.subject)
    if not is_late:
        _land(session, debit, now)
    _forgive_fee(session, debit, today, now, caller.subject)
    return _announced(session, debit)


def fail_debit(
    session: Session,
    *,
    debit_id: str,
    reason: str,
    fee: int | None,
    today: date,
    now: datetime,
    by: str,
) -> Debit:
    """There is no money. Of what had succeeded, the payment is reversed as far as it still stands. What
    the bank charged for that, if anything, the client owes then."""
    debit = _lock(session, debit_id)
    _move(debit, DebitAction.FAIL, reason, today, by)
    if debit.payment_id is None:
        _land(session, debit, now)
    else:
        debit.reversal_id = _take_back(session, debit.payment_id, reason, today, now, by)
    if fee is not None:
        of = {"account_id": debit.account_id, "currency": debit.currency}
        debit.fee_invoice_id = charge_bank_fee(
            session,
            **of,
            amount=fee,
            charged_on=today,
            reversal_id=debit.reversal_id,
            now=now,
            by=by,
        )
    return _announced(session, debit)


def _find(
    session: Session,
    *,
    account_id: str,
    currency: str,
    item_ids: Sequence[str] | None,
    due_by: date,
) -> Sequence[Item]:
    if item_ids is None:
        return find_due_items(session, account_id=account_id, currency=currency, due_by=due_by)
    items = find_items(session, item_ids=item_ids)
    require_own_items(items, item_ids=item_ids, account_id=account_id, currency=currency)
    return items


def _lock(session: Session, debit_id: str) -> Debit:
    """The debit for change, after the balance that comes before it in the order of locks."""
    found = fetch(session, Debit, debit_id)
    lock_balances(session, keys=[(found.account_id, found.currency)])
    return fetch_for_change(session, Debit, debit_id)


def _move(debit: Debit, action: DebitAction, reason: str | None, today: date, by: str) -> None:
    debit.status = next_status(debit.status, action)
    debit.reason, debit.changed_by, debit.changed_on = reason, by, today


def _land(session: Session, debit: Debit, now: datetime) -> None:
    """Nothing of it is on its way any more."""
    landed = {item_id: -amount for item_id, amount in debit.amounts.items()}
    change_flights(session, amounts=landed, now=now)


def _receive(
    session: Session, debit: Debit, value_date: date, today: date, now: datetime, caller: Caller
) -> str:
    parts = debit.amounts
    owed = still_owed(parts, find_items(session, item_ids=list(parts)))
    row = {
        "account_id": debit.account_id,
        "currency": debit.currency,
        "amount": debit.amount,
        "value_date": value_date,
        "method": debit.method,
        "reference": debit.reference,
        "external_id": None,
        "instruction": owed,
    }
    request_id, trace = session.info.get("cause", ("", None))
    asked = [Asked(row, caller, request_id, trace, {})]
    [received] = receive_payments(session, asked=asked, today=today, now=now)
    if isinstance(received, Refusal):
        raise received
    return received.payment_id


def _take_back(
    session: Session, payment_id: str, reason: str, today: date, now: datetime, by: str
) -> str | None:
    """Reverse what still stands of the payment; the reversal, or None where there was nothing left."""
    payment = lock_payment(session, payment_id=payment_id)
    if payment.reversed == payment.amount:
        return None
    reversal = charge_back_payment(
        session,
        payment_id=payment_id,
        amount=None,
        fee=None,
        charged_back_on=None,
        reason=reason,
        today=today,
        now=now,
        by=by,
    )
    return str(reversal.reversal_id)


def _put_back(
    session: Session,
    debit: Debit,
    reinstated_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Take back the reversal with which the debit failed, unless somebody did already."""
    if debit.reversal_id is None:
        return
    if is_standing(session, session.get_one(PaymentReversal, debit.reversal_id)):
        reinstate_payment(
            session,
            reversal_id=debit.reversal_id,
            reversed_on=reinstated_on,
            reason=_AFTER_ALL,
            today=today,
            now=now,
            by=by,
        )
    debit.reversal_id = None


def _forgive_fee(session: Session, debit: Debit, today: date, now: datetime, by: str) -> None:
    if debit.fee_invoice_id is not None:
        drop_bank_fee(
            session,
            invoice_id=debit.fee_invoice_id,
            dropped_on=today,
            reason=_AFTER_ALL,
            now=now,
            by=by,
        )
        debit.fee_invoice_id = None


def _announced(session: Session, debit: Debit) -> Debit:
    session.flush()
    told = ("account_id", "debit_id", "version", "status", "currency", "amount", "payment_id")
    announce(
        session,
        DebitChanged,
        **{name: getattr(debit, name) for name in told},
        reason=debit.reason,
        item_ids=list(debit.amounts),
    )
    return debit

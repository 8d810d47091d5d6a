"""Number the receipts of payments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.billing.numbers.rules import Series
from services.billing.numbers.usecases import take_numbers
from services.billing.payments.rules import require_standing
from services.billing.payments.usecases import lock_payment
from services.billing.receipts.models import Receipt
from services.billing.receipts.queries import find_receipt, get_receipt


def issue_receipt(
    session: Session, *, payment_id: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """The receipt of a payment, which is numbered when it is asked for first. The first is refused where
    all of the money turned out not to be there; later ones say so."""
    payment = lock_payment(session, payment_id=payment_id)
    known = find_receipt(session, payment_id=payment_id)
    if known is not None:
        return known
    require_standing(status=payment.status, payment_id=payment_id)
    [number] = take_numbers(session, series=Series.RECEIPT, year=today.year, count=1)
    session.add(
        Receipt(
            payment_id=payment_id,
            account_id=payment.account_id,
            number=number,
            issued_on=today,
            issued_by=by,
            recorded_at=now,
        )
    )
    session.flush()
    return get_receipt(session, payment_id=payment_id)

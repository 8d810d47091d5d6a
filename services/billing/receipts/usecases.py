"""Number the receipts of payments, and make their documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.billing.accounts.rules import account_not_found
from services.billing.document_facts.queries import read_correspondents
from services.billing.document_facts.rules import DocumentKind
from services.billing.documents.models import Document
from services.billing.documents.usecases import find_receipt_document, keep_document
from services.billing.numbers.rules import Series
from services.billing.numbers.usecases import take_numbers
from services.billing.payments.rules import require_standing
from services.billing.payments.usecases import lock_payment
from services.billing.receipts.models import Receipt
from services.billing.receipts.queries import find_receipt, get_receipt, read_facts
from services.billing.receipts.rules import compose_receipt
from stationery.mail.sending import our_sender


def make_receipt_document(
    session: Session, *, payment_id: str, today: date, now: datetime, by: str
) -> Document:
    """The receipt of a payment as a document, with its number, which it is given where it has none yet:
    made when it is first asked for, of what is so then; the same ever after."""
    payment = lock_payment(session, payment_id=payment_id)
    made = find_receipt_document(session, payment_id=payment_id)
    if made is not None:
        return made
    receipt = issue_receipt(session, payment_id=payment_id, today=today, now=now, by=by)
    account_id, currency = payment.account_id, payment.currency
    known = read_correspondents(session, account_ids=[account_id], currency=currency, on=today)
    parties = known.get(account_id)
    if parties is None:
        raise account_not_found(account_id)
    facts = read_facts(receipt)
    sheet = compose_receipt(facts, parties, reference=new_id("doc"), email=our_sender().address)
    document = keep_document(
        session,
        sheet,
        account_id=account_id,
        kind=DocumentKind.RECEIPT,
        number=facts.number,
        issued_on=facts.issued_on,
        payment_id=payment_id,
        now=now,
        by=by,
    )
    session.flush()
    return document


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

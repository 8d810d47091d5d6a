"""Demand what the bank charged us, and forgive it where the money was there after all."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.billing.accounts.usecases import lock_account_to_bill
from services.billing.bank_fees.rules import bank_fee, require_chargeable
from services.billing.credits.usecases import forgive_document
from services.billing.fees.usecases import post_fees
from services.billing.invoices.usecases import lock_invoice


def charge_bank_fee(
    session: Session,
    *,
    account_id: str,
    currency: str,
    amount: int,
    charged_on: date,
    reversal_id: str | None = None,
    now: datetime,
    by: str,
) -> str:
    """Demand so much of an account whose balance is locked; the document that does. Refused where the
    account is not billed any more: what the bank charged is then ours."""
    account = lock_account_to_bill(session, account_id=account_id)
    require_chargeable(number=account.number, status=account.status)
    document = bank_fee(
        invoice_id=new_id("inv"),
        fee_id=new_id("fee"),
        account_id=account_id,
        currency=currency,
        amount=amount,
        charged_on=charged_on,
        reversal_id=reversal_id,
    )
    post_fees(session, new=[document], now=now, by=by)
    return document.invoice_id


def drop_bank_fee(
    session: Session, *, invoice_id: str, dropped_on: date, reason: str, now: datetime, by: str
) -> None:
    """Credit all that is left of the document that demands what the bank charged: of what was paid of it,
    the client has a credit."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    assert invoice.issued_on is not None
    day = max(dropped_on, invoice.issued_on)
    forgive_document(session, invoice, reason=reason, issued_on=day, now=now, by=by)

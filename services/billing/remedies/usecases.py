"""Credit the remedies that accounts granted, or say why they cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import refusal_of
from chassis.database import fetch
from chassis.outbox import announce
from kernel.refusals import Refusal
from services.billing.credits.usecases import credit_account, credit_invoice
from services.billing.invoices.models import Invoice
from services.billing.remedies import events, rules
from services.billing.remedies.models import RefusedRemedy
from services.billing.remedies.queries import is_answered


def answer_remedy(
    session: Session,
    *,
    account_id: str,
    remedy_id: str,
    kind: str,
    currency: str,
    amount: int,
    is_by_lines: bool,
    invoice_id: str | None,
    lines: Sequence[Mapping[str, Any]],
    cause: str | None,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Issue the credit note of a remedy that billing carries out, or refuse it with a reason; once,
    whatever is repeated. One that somebody issued for it before is the answer."""
    remedy = rules.Granted(
        account_id=account_id,
        remedy_id=remedy_id,
        kind=kind,
        currency=currency,
        amount=amount,
        is_by_lines=is_by_lines,
        invoice_id=invoice_id,
        lines=lines,
        cause=cause,
    )
    names = {"remedy_id": remedy_id, "account_id": account_id}
    if kind not in rules.CREDITED or is_answered(session, **names):
        return
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    refusal = refusal_of(session, partial(_credit, session, remedy, **moment))
    if refusal is not None and not is_answered(session, **names):
        _refuse(session, refusal, **names, now=now)


def _credit(session: Session, remedy: rules.Granted, **moment: Any) -> None:
    grounds = {"reason": remedy.reason, "remedy_id": remedy.remedy_id, "return_id": None}
    told: dict[str, Any] = {**grounds, "issued_on": None, **moment}
    if remedy.invoice_id is None:
        credit_account(
            session,
            account_id=remedy.account_id,
            currency=remedy.currency,
            lines=[remedy.free_line],
            order_id=None,
            **told,
        )
        return
    invoice = fetch(session, Invoice, remedy.invoice_id)
    rules.require_same(
        remedy,
        name=invoice.name,
        account_ids={invoice.account_id, invoice.for_account_id},
        currency=invoice.currency,
    )
    credit_invoice(session, invoice_id=remedy.invoice_id, rates=None, **remedy.how, **told)


def _refuse(
    session: Session, refusal: Refusal, *, remedy_id: str, account_id: str, now: datetime
) -> None:
    answer = {
        "remedy_id": remedy_id,
        "account_id": account_id,
        "code": refusal.code,
        "reason": refusal.detail,
    }
    session.add(RefusedRemedy(**answer, refused_at=now))
    session.flush()
    announce(session, events.RemedyRefused, **answer)

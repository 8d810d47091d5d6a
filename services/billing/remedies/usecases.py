"""Credit the remedies that accounts granted, or say why they cannot be; many at once, in a number of
statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import Rows, each_by_itself, insert_rows
from chassis.outbox import announce
from kernel.refusals import Refusal
from services.billing.credit_batches.rules import invoice_not_found
from services.billing.credit_batches.usecases import issue_each
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import find_invoices
from services.billing.remedies import events, queries, rules
from services.billing.remedies.models import RefusedRemedy
from services.billing.remedies.rules import Granted, Remedy


def answer_remedies(session: Session, told: Rows, *, today: date, now: datetime, by: str) -> None:
    """Issue the credit notes of remedies that billing carries out, or refuse them with a reason; once
    each, whatever is repeated, as if one came after the other. One that somebody issued for it before is
    the answer."""
    granted: dict[Remedy, Granted] = {}
    for one in map(Granted.of, told):
        if one.kind in rules.CREDITED:
            granted.setdefault(one.name, one)
    new = _list_new(session, granted)
    if not new:
        return
    invoices = _find_invoices(session, new)
    rows = each_by_itself(session, new, lambda one: _describe(one, invoices))
    answers = issue_each(session, rows, today=today, now=now, by=by)
    refused = {
        one.name: answer
        for one, answer in zip(new, answers, strict=True)
        if isinstance(answer, Refusal)
    }
    _refuse(session, refused, now=now)


def _list_new(session: Session, granted: Mapping[Remedy, Granted]) -> list[Granted]:
    """Those that are not answered."""
    if not granted:
        return []
    answered = queries.find_answered(session, remedies=granted.keys())
    return [one for name, one in granted.items() if name not in answered]


def _find_invoices(session: Session, granted: Sequence[Granted]) -> dict[str, Invoice]:
    invoice_ids = {one.invoice_id for one in granted if one.invoice_id is not None}
    found = find_invoices(session, invoice_ids=invoice_ids)
    return {invoice.invoice_id: invoice for invoice in found}


def _describe(remedy: Granted, invoices: Mapping[str, Invoice]) -> dict[str, Any]:
    """The credit note of a remedy, as one of a batch."""
    if remedy.invoice_id is not None:
        invoice = invoices.get(remedy.invoice_id)
        if invoice is None:
            raise invoice_not_found(remedy.invoice_id)
        rules.require_same(
            remedy,
            name=invoice.name,
            account_ids={invoice.account_id, invoice.for_account_id},
            currency=invoice.currency,
        )
    return remedy.credit_note


def _refuse(session: Session, refused: Mapping[Remedy, Refusal], *, now: datetime) -> None:
    """Keep and announce why remedies are not credited, but for those that somebody else has answered
    meanwhile."""
    if not refused:
        return
    answered = queries.find_answered(session, remedies=refused.keys())
    answers = [
        {**name._asdict(), "code": refusal.code, "reason": refusal.detail}
        for name, refusal in refused.items()
        if name not in answered
    ]
    insert_rows(session, RefusedRemedy, [{**answer, "refused_at": now} for answer in answers])
    for answer in answers:
        announce(session, events.RemedyRefused, **answer)

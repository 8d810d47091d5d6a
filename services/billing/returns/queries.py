"""Reads of what came back, and of what had billed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.database import NATURAL_ORDER
from services.billing.advances.queries import find_advances
from services.billing.billables.models import Billable
from services.billing.billables.queries import IS_PENDING
from services.billing.credits.models import CreditNote
from services.billing.credits.queries import CREDITED_QUANTITY, is_about
from services.billing.invoices.models import Invoice, InvoiceLine
from services.billing.invoices.queries import for_whom
from services.billing.returns.models import AcceptedReturn
from services.billing.returns.rules import BilledLine, TakenOff, WaitingLine

_TAX = ("tax_percent", "tax_code", "exemption_reason")


def is_answered(session: Session, *, return_id: str, part: int, account_id: str) -> bool:
    """Whether a part of a return was settled or refused, or a credit note of its account names it, void
    or not, whoever issued that."""
    answered = select(AcceptedReturn.return_id).where(
        AcceptedReturn.return_id == return_id, AcceptedReturn.part == part
    )
    credited = select(CreditNote.return_id).where(
        CreditNote.return_id == return_id,
        CreditNote.return_part == part,
        is_about(account_id),
    )
    return session.scalars(answered.union_all(credited)).first() is not None


def find_waiting_lines(
    session: Session, *, account_id: str, currency: str, order_line_ids: Collection[str]
) -> list[WaitingLine]:
    """What is to be billed of an account's order lines and is not billed yet, what was sent last first.
    Whoever cancels it has locked the balance."""
    found = session.scalars(
        select(Billable)
        .where(
            Billable.order_line_id.in_(order_line_ids),
            Billable.account_id == account_id,
            Billable.currency == currency,
            IS_PENDING,
        )
        .order_by(Billable.billable_id.desc())
        .execution_options(populate_existing=True)
    )
    return [
        WaitingLine(
            str(one.order_line_id),
            one.billable_id,
            one.description,
            {name: getattr(one, name) for name in _TAX},
            one.pending,
        )
        for one in found
    ]


def find_payers_of_lines(
    session: Session, *, currency: str, order_line_ids: Collection[str]
) -> list[str]:
    """The accounts that were billed for order lines."""
    found = (
        select(Invoice.account_id)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.invoice_id)
        .where(InvoiceLine.order_line_id.in_(order_line_ids), Invoice.currency == currency)
    )
    return list(session.scalars(found.distinct()))


def find_taken_off(session: Session, *, invoice_ids: Collection[str]) -> dict[str, list[TakenOff]]:
    """The lines of invoices that take off what was billed ahead of them, by invoice, the last first; only
    of advances of which nothing is ahead any more."""
    found = session.execute(
        select(InvoiceLine.invoice_id, InvoiceLine.position, InvoiceLine.advance_id)
        .where(InvoiceLine.invoice_id.in_(invoice_ids), InvoiceLine.advance_id.is_not(None))
        .order_by(InvoiceLine.invoice_id, InvoiceLine.position.desc())
    ).all()
    if not found:
        return {}
    advances = find_advances(session, invoice_ids={row.advance_id for row in found})
    used_up = {each.invoice_id for each in advances if not each.left.total}
    lines: defaultdict[str, list[TakenOff]] = defaultdict(list)
    for row in found:
        if row.advance_id in used_up:
            lines[row.invoice_id].append(TakenOff(row.position, row.advance_id))
    return lines


def find_billed_lines(
    session: Session, *, account_id: str, currency: str, order_line_ids: Collection[str]
) -> list[BilledLine]:
    """The lines of live invoices that bill an account's order lines, whoever pays for it, the newest
    invoice first, with how much of each is not credited. Whoever credits them has locked the balances."""
    found = session.execute(
        select(
            InvoiceLine.order_line_id,
            InvoiceLine.invoice_id,
            InvoiceLine.position,
            (InvoiceLine.quantity - CREDITED_QUANTITY).label("left"),
        )
        .join(Invoice, Invoice.invoice_id == InvoiceLine.invoice_id)
        .outerjoin(Billable, Billable.billable_id == InvoiceLine.billable_id)
        .where(
            InvoiceLine.order_line_id.in_(order_line_ids),
            func.coalesce(Billable.account_id, for_whom()) == account_id,
            Invoice.currency == currency,
            Invoice.issued_on.is_not(None),
            Invoice.voided_on.is_(None),
        )
        .order_by(
            Invoice.issued_on.desc(),
            Invoice.number.collate(NATURAL_ORDER).desc(),
            Invoice.invoice_id.desc(),
            InvoiceLine.position,
        )
    )
    return [BilledLine(str(row[0]), *row[1:]) for row in found]

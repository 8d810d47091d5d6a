"""Reads of what came back, and of what had billed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session

from chassis.database import NATURAL_ORDER
from services.billing.billables.models import Billable
from services.billing.billables.queries import IS_PENDING
from services.billing.credits.models import CreditNote
from services.billing.credits.queries import CREDITED_QUANTITY
from services.billing.invoices.models import Invoice, InvoiceLine
from services.billing.invoices.queries import for_whom
from services.billing.items.rules import AccountCurrency
from services.billing.returns.models import AcceptedReturn
from services.billing.returns.rules import BilledLine, LineKey, Part, TakenOff, WaitingLine

_TAX = ("tax_percent", "tax_code", "exemption_reason")


def find_answered(session: Session, *, parts: Collection[Part]) -> set[Part]:
    """Those of these parts of returns, each of an account, that were settled or refused, or that a credit
    note of the account names, void or not, whoever issued that."""
    wanted = {part.return_id for part in parts}
    answered = select(AcceptedReturn.return_id, AcceptedReturn.part, null()).where(
        AcceptedReturn.return_id.in_(wanted)
    )
    notes = [
        select(CreditNote.return_id, CreditNote.return_part, whose).where(
            CreditNote.return_id.in_(wanted), whose.is_not(None)
        )
        for whose in (CreditNote.account_id, CreditNote.for_account_id)
    ]
    found = {tuple(row) for row in session.execute(answered.union_all(*notes))}
    return {part for part in parts if found & {part, part._replace(account_id=None)}}


def find_waiting_lines(
    session: Session, *, order_line_ids: Collection[str]
) -> dict[LineKey, list[WaitingLine]]:
    """What is to be billed of order lines and is not billed yet, of each what was sent last first.
    Whoever cancels it has locked the balances."""
    found = session.scalars(
        select(Billable)
        .where(Billable.order_line_id.in_(order_line_ids), IS_PENDING)
        .order_by(Billable.billable_id.desc())
        .execution_options(populate_existing=True)
    )
    lines: defaultdict[LineKey, list[WaitingLine]] = defaultdict(list)
    for one in found:
        key = LineKey(one.account_id, one.currency, str(one.order_line_id))
        tax = {name: getattr(one, name) for name in _TAX}
        line = WaitingLine(key.order_line_id, one.billable_id, one.description, tax, one.pending)
        lines[key].append(line)
    return dict(lines)


def find_payers_of_lines(
    session: Session, *, order_line_ids: Collection[str]
) -> set[AccountCurrency]:
    """The accounts that were billed for order lines, and in which currencies."""
    found = session.execute(
        select(Invoice.account_id, Invoice.currency)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.invoice_id)
        .where(InvoiceLine.order_line_id.in_(order_line_ids))
        .distinct()
    )
    return {(row.account_id, row.currency) for row in found}


def find_taken_off(session: Session, *, invoice_ids: Collection[str]) -> dict[str, list[TakenOff]]:
    """The lines of invoices that take off what was billed ahead of them, by invoice, the last first."""
    if not invoice_ids:
        return {}
    found = session.execute(
        select(InvoiceLine.invoice_id, InvoiceLine.position, InvoiceLine.advance_id)
        .where(InvoiceLine.invoice_id.in_(invoice_ids), InvoiceLine.advance_id.is_not(None))
        .order_by(InvoiceLine.invoice_id, InvoiceLine.position.desc())
    )
    lines: defaultdict[str, list[TakenOff]] = defaultdict(list)
    for row in found:
        lines[row.invoice_id].append(TakenOff(row.position, str(row.advance_id)))
    return dict(lines)


def find_billed_lines(
    session: Session, *, order_line_ids: Collection[str]
) -> dict[LineKey, list[BilledLine]]:
    """The lines of live invoices that bill order lines, by whose these are, whoever pays for it, the
    newest invoice first, with how much of each is not credited. Whoever credits them has locked the
    balances."""
    found = session.execute(
        select(
            func.coalesce(Billable.account_id, for_whom()).label("account_id"),
            Invoice.currency,
            InvoiceLine.order_line_id,
            InvoiceLine.invoice_id,
            InvoiceLine.position,
            (InvoiceLine.quantity - CREDITED_QUANTITY).label("left"),
        )
        .join(Invoice, Invoice.invoice_id == InvoiceLine.invoice_id)
        .outerjoin(Billable, Billable.billable_id == InvoiceLine.billable_id)
        .where(
            InvoiceLine.order_line_id.in_(order_line_ids),
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
    lines: defaultdict[LineKey, list[BilledLine]] = defaultdict(list)
    for row in found:
        key = LineKey(*row[:2], str(row.order_line_id))
        lines[key].append(BilledLine(key.order_line_id, *row[3:]))
    return dict(lines)

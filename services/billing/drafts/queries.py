"""Reads of what stands on drafts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.billables.models import Billable
from services.billing.invoices.models import Invoice, InvoiceLine


def find_drafted_lines(
    session: Session, *, account_id: str, currency: str, order_line_ids: Collection[str]
) -> Sequence[InvoiceLine]:
    """The lines of drafts that bill an account's order lines, whoever pays, the newest draft first."""
    return session.scalars(
        select(InvoiceLine)
        .join(Invoice, Invoice.invoice_id == InvoiceLine.invoice_id)
        .join(Billable, Billable.billable_id == InvoiceLine.billable_id)
        .where(
            InvoiceLine.order_line_id.in_(order_line_ids),
            Invoice.issued_on.is_(None),
            Invoice.currency == currency,
            Billable.account_id == account_id,
        )
        .order_by(Invoice.invoice_id.desc(), InvoiceLine.position)
        .execution_options(populate_existing=True)
    ).all()


def find_drafted(session: Session, *, order_line_ids: Collection[str]) -> set[tuple[str, str, str]]:
    """Of which of these order lines something is on drafts: each with its account and the currency."""
    found = session.execute(
        select(Billable.account_id, Invoice.currency, InvoiceLine.order_line_id)
        .join(InvoiceLine, InvoiceLine.billable_id == Billable.billable_id)
        .join(Invoice, Invoice.invoice_id == InvoiceLine.invoice_id)
        .where(InvoiceLine.order_line_id.in_(order_line_ids), Invoice.issued_on.is_(None))
        .distinct()
    )
    return {(row[0], row[1], str(row[2])) for row in found}

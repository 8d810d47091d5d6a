"""Reads of drafts that are to be issued."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.billing.invoices.models import InvoiceLine

_FIND_READDRESSED = text(
    """
    SELECT DISTINCT invoice.invoice_id
    FROM invoice
        JOIN invoice_line AS line ON line.invoice_id = invoice.invoice_id
        JOIN billable ON billable.billable_id = line.billable_id
        JOIN account ON account.account_id = billable.account_id
    WHERE invoice.invoice_id = ANY(:invoice_ids)
        AND coalesce(account.payer_id, account.account_id) <> invoice.account_id
    """
)


def find_readdressed(session: Session, *, invoice_ids: Collection[str]) -> set[str]:
    """Those of these invoices that bill something for which somebody else pays by now, whether or not
    the caller sees for whom it is."""
    found = session.scalars(_FIND_READDRESSED, {"invoice_ids": list(invoice_ids)})
    return {str(invoice_id) for invoice_id in found}


def read_lines(
    session: Session, *, invoice_ids: Collection[str]
) -> Mapping[str, Sequence[InvoiceLine]]:
    """The lines of invoices by their ids, in their order."""
    lines: defaultdict[str, list[InvoiceLine]] = defaultdict(list)
    found = select(InvoiceLine).where(InvoiceLine.invoice_id.in_(invoice_ids))
    for line in session.scalars(found.order_by(InvoiceLine.invoice_id, InvoiceLine.position)):
        lines[line.invoice_id].append(line)
    return lines

"""What a debit note demands beside its invoice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kernel.refusals import Conflict, Invalid
from services.billing.invoices.rules import Demand, demand
from services.billing.items.rules import ItemKind
from services.billing.numbers.rules import Series


def debit_note(
    *,
    invoice_id: str,
    account_id: str,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    **terms: Any,
) -> Demand:
    """The demand for what is owed on an invoice beside what it says: an extra charge, of no order, so
    that nothing of it is taken off the invoices of shipments."""
    asked = demand(
        account_id=account_id,
        currency=currency,
        lines=lines,
        **terms,
        number=None,
        series=None,
        order_id=None,
        client_order_number=None,
    )
    return replace(asked, series=Series.DEBIT_NOTE, raises_invoice_id=invoice_id)


def require_invoice(kind: str, *, name: str) -> None:
    """A debit note raises an invoice, not another debit note."""
    if kind == ItemKind.DEBIT_NOTE:
        raise Conflict(
            "debit_note", f"{name} is a debit note; raise the invoice that it raises instead."
        )


def require_after_invoice(issued_on: date, *, invoice_issued_on: date) -> None:
    """What is raised was demanded before."""
    if issued_on < invoice_issued_on:
        raise Invalid(
            "debit_before_invoice",
            f"The invoice is of {invoice_issued_on}; the debit note cannot be of {issued_on}.",
            field="issued_on",
        )

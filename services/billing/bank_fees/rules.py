"""The document that demands what the bank charged."""

from __future__ import annotations

from datetime import date

from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import Due, NewInvoice
from services.billing.numbers.rules import Series
from services.billing.pricing.rules import Priced


def bank_fee(
    *,
    invoice_id: str,
    fee_id: str,
    account_id: str,
    currency: str,
    amount: int,
    charged_on: date,
    reversal_id: str | None,
) -> NewInvoice:
    """The demand for what the bank charged: due at once, neither sale nor tax, with no notice."""
    charged = Demand(
        account_id,
        currency,
        Priced((), ()),
        terms=None,
        series=Series.FEE,
        assessed=amount,
        fee_id=fee_id,
        reversal_id=reversal_id,
    )
    return NewInvoice(invoice_id, charged, charged_on, (Due(amount, charged_on),))

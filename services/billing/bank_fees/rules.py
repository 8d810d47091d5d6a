"""Of whom what the bank charged is demanded, and the document that does."""

from __future__ import annotations

from datetime import date

from kernel.refusals import Conflict
from services.billing.accounts.rules import require_billable
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import Due, NewInvoice
from services.billing.numbers.rules import Series
from services.billing.pricing.rules import Priced


def require_chargeable(*, number: str, status: str) -> None:
    """As `require_billable`, for what the bank charged: where it cannot be demanded, it is ours."""
    try:
        require_billable(number=number, status=status)
    except Conflict as refusal:
        detail = f"{refusal.detail} Or leave the fee out; it is ours then."
        raise Conflict(refusal.code, detail, field="fee", number=number) from None


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

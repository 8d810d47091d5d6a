"""What is claimed back of which refund."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from kernel.refusals import Conflict
from services.billing.invoices.rules import Demand
from services.billing.issuing.rules import Due, NewInvoice
from services.billing.numbers.rules import Series
from services.billing.pricing.rules import Priced

Thing = TypeVar("Thing")


def spread(amount: int, limits: Iterable[tuple[Thing, int]]) -> Iterator[tuple[Thing, int]]:
    """The amount over the things, the first first, to each up to its limit."""
    for thing, limit in limits:
        share = min(amount, limit)
        if share:
            yield thing, share
            amount -= share
    assert amount == 0, "no more is claimed back than was refunded"


def require_not_adjusted(adjustment_ids: Iterable[str | None]) -> None:
    """A debit note of which some was given up is not dropped: what was given up is no money."""
    for adjustment_id in filter(None, adjustment_ids):
        raise Conflict(
            "debit_note_adjusted",
            f"Some of the debit note for it was given up; reverse {adjustment_id} first.",
            adjustment_id=adjustment_id,
        )


def debit_note(
    *,
    invoice_id: str,
    account_id: str,
    currency: str,
    amount: int,
    refund_id: str,
    reversal_id: str,
    issued_on: date,
) -> NewInvoice:
    """The demand for what was refunded out of money that was not there, due at once."""
    claim = Demand(
        account_id,
        currency,
        Priced((), ()),
        terms=None,
        series=Series.DEBIT_NOTE,
        reclaimed=amount,
        refund_id=refund_id,
        reversal_id=reversal_id,
    )
    return NewInvoice(invoice_id, claim, issued_on, (Due(amount, issued_on),))

"""How a credit note divides over the rates of tax of its invoice, and what it posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from kernel.money import split
from kernel.refusals import Conflict, Invalid
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount
from services.billing.pricing.rules import RateTotal


class CreditNoteStatus(StrEnum):
    """Computed from the amounts, never stored."""

    UNAPPLIED = "unapplied"
    APPLIED = "applied"


def credit_note_status(*, unapplied: int) -> CreditNoteStatus:
    """Applied when all of it is allocated or refunded."""
    return CreditNoteStatus.UNAPPLIED if unapplied else CreditNoteStatus.APPLIED


def choose_amount(*, name: str, asked: int | None, total: int, credited: int) -> int:
    """What to credit of an invoice: what is asked, or all that has not been credited yet."""
    left = total - credited
    amount = left if asked is None else asked
    if amount > left or left == 0:
        raise Conflict(
            "credit_exceeds_invoice",
            f"Of invoice {name}, {left} minor units are left to credit; ask for no more than that.",
            field="amount",
            left=left,
        )
    return amount


def credit_in_proportion(amount: int, left: Sequence[RateTotal]) -> list[RateTotal]:
    """Divide a gross amount over what is left to credit at each rate, net and tax, in proportion.

    Largest remainder: the parts add up to the amount, none exceeds what is left of it, and crediting
    the whole rest leaves exactly nothing."""
    parts = split(amount, [part for rate in left for part in (rate.net, rate.tax)])
    credited = [
        RateTotal(rate.tax_percent, net, tax)
        for rate, net, tax in zip(left, parts[::2], parts[1::2], strict=True)
    ]
    return [rate for rate in credited if rate.net or rate.tax]


def subtract(rates: Sequence[RateTotal], credited: Sequence[RateTotal]) -> list[RateTotal]:
    """What is left to credit at each rate."""
    before = {rate.tax_percent: rate for rate in credited}
    return [
        RateTotal(rate.tax_percent, rate.net - done.net, rate.tax - done.tax)
        if (done := before.get(rate.tax_percent))
        else rate
        for rate in rates
    ]


def require_after_invoice(issued_on: date, *, invoice_issued_on: date) -> None:
    """What is credited was demanded before."""
    if issued_on < invoice_issued_on:
        raise Invalid(
            "credit_before_invoice",
            f"The invoice is of {invoice_issued_on}; the credit note cannot be of {issued_on}.",
            field="issued_on",
        )


def credit_journal(
    *,
    credit_note_id: str,
    account_id: str,
    currency: str,
    issued_on: date,
    net: int,
    tax: int,
    waived: Mapping[LedgerAccount, int],
) -> Journal:
    """Less revenue and tax, or less of what paying late costs; the client has a credit."""
    return Journal(
        JournalKind.CREDIT_NOTE_ISSUED,
        credit_note_id,
        account_id,
        currency,
        issued_on,
        {
            LedgerAccount.REVENUE: net,
            LedgerAccount.TAX: tax,
            **waived,
            LedgerAccount.CREDITS: -net - tax - sum(waived.values()),
        },
    )

"""Double entry: the ledger's accounts, and journals that balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.refusals import Invalid

EARLIEST = date(1970, 1, 1)


class LedgerAccount(StrEnum):
    """Debits are positive, credits negative."""

    RECEIVABLES = "receivables"  # what clients owe on open items
    REVENUE = "revenue"
    TAX = "tax"  # owed to the tax office
    CASH = "cash"
    UNAPPLIED_CASH = "unapplied_cash"  # received from clients, not yet allocated
    CREDITS = "credits"  # credit notes, not yet allocated
    FEES = "fees"  # what paying late costs: fees and letters
    INTEREST = "interest"
    BAD_DEBT = "bad_debt"  # owed and given up
    PAYMENT_DIFFERENCES = "payment_differences"  # too little to ask for
    OVERPAYMENTS = "overpayments"  # came too much, and is ours
    DISCOUNTS = "discounts"  # given up since it was paid early, without tax


class JournalKind(StrEnum):
    """What happened."""

    INVOICE_ISSUED = "invoice_issued"
    INVOICE_VOIDED = "invoice_voided"
    CREDIT_NOTE_ISSUED = "credit_note_issued"
    CREDIT_NOTE_VOIDED = "credit_note_voided"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_REVERSED = "payment_reversed"
    ALLOCATION_MADE = "allocation_made"
    ALLOCATION_REVERSED = "allocation_reversed"
    PAYMENT_REINSTATED = "payment_reinstated"
    MONEY_REFUNDED = "money_refunded"
    REFUND_REVERSED = "refund_reversed"
    OVERPAYMENT_WRITTEN_OFF = "overpayment_written_off"
    OVERPAYMENT_REVERSED = "overpayment_reversed"


@dataclass(frozen=True, slots=True)
class Journal:
    """One thing that happened, as amounts in minor units of one currency that sum to zero."""

    kind: JournalKind
    document_id: str
    account_id: str
    currency: str
    effective_on: date
    amounts: Mapping[LedgerAccount, int]

    def __post_init__(self) -> None:
        assert sum(self.amounts.values()) == 0, f"{self.kind} {self.document_id} does not balance"


def require_past(day: date, *, today: date, field: str) -> None:
    """Nothing is booked in the future, nor in a year that can only be a slip of the pen."""
    if day < EARLIEST:
        raise Invalid(
            "too_long_ago", f"{field} is {day}; give a day from {EARLIEST} on.", field=field
        )
    if day > today:
        raise Invalid(
            "in_the_future",
            f"{field} is {day}, after today, {today}; give today or earlier.",
            field=field,
        )


def choose_day(asked: date | None, *, earliest: date, today: date, field: str) -> date:
    """The day asked for, or today; not to come, and not before what is taken back was so."""
    day = asked or today
    require_past(day, today=today, field=field)
    if day < earliest:
        raise Invalid(
            "too_early", f"{field} is {day}; it can be {earliest} at the earliest.", field=field
        )
    return day

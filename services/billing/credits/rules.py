"""What a credit note is issued for, and what it posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.refusals import Invalid
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount


class CreditNoteStatus(StrEnum):
    """Computed from the amounts, never stored."""

    UNAPPLIED = "unapplied"
    APPLIED = "applied"


def credit_note_status(*, unapplied: int) -> CreditNoteStatus:
    """Applied when all of it is allocated or refunded."""
    return CreditNoteStatus.UNAPPLIED if unapplied else CreditNoteStatus.APPLIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a credit note is issued: in words, and what it carries out, each of which is credited once."""

    reason: str
    remedy_id: str | None = None
    return_id: str | None = None
    dispute_id: str | None = None

    @property
    def ids(self) -> dict[str, str | None]:
        """What it carries out."""
        return {
            "remedy_id": self.remedy_id,
            "return_id": self.return_id,
            "dispute_id": self.dispute_id,
        }


def require_after_invoice(issued_on: date, *, invoice_issued_on: date) -> None:
    """What is credited was demanded before."""
    if issued_on < invoice_issued_on:
        raise Invalid(
            "credit_before_invoice",
            f"The invoice is of {invoice_issued_on}; the credit note cannot be of {issued_on}.",
            field="issued_on",
        )


def credit_journal(
    *, credit_note_id: str, account_id: str, currency: str, issued_on: date, net: int, tax: int
) -> Journal:
    """Less revenue and tax; the client has a credit."""
    return Journal(
        JournalKind.CREDIT_NOTE_ISSUED,
        credit_note_id,
        account_id,
        currency,
        issued_on,
        {
            LedgerAccount.REVENUE: net,
            LedgerAccount.TAX: tax,
            LedgerAccount.CREDITS: -net - tax,
        },
    )

"""What a credit note is issued for, and what it posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.refusals import Conflict, Invalid
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount


class CreditNoteStatus(StrEnum):
    """Computed from the amounts, never stored."""

    UNAPPLIED = "unapplied"
    APPLIED = "applied"
    VOID = "void"


def credit_note_status(*, is_void: bool, unapplied: int) -> CreditNoteStatus:
    """Void whatever else, then applied when all of it is allocated or refunded."""
    if is_void:
        return CreditNoteStatus.VOID
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


def require_voidable(*, number: str, is_void: bool, refunded: int, waived: int) -> None:
    """A credit note is voided once, and only where nothing of it was paid out; what was waived is
    demanded again by who waived it."""
    if waived:
        raise Conflict(
            "waived_by_collections",
            f"Credit note {number} forgives what collections waived. Have it reinstated there instead.",
        )
    if is_void:
        raise Conflict("credit_note_void", f"Credit note {number} is void already.")
    if refunded:
        raise Conflict(
            "credit_note_refunded",
            f"Credit note {number} has been paid out in part or whole; reverse the refund first.",
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


def void_journal(
    *, credit_note_id: str, account_id: str, currency: str, voided_on: date, net: int, tax: int
) -> Journal:
    """The credit note's journal, turned round on the day it was voided."""
    return Journal(
        JournalKind.CREDIT_NOTE_VOIDED,
        credit_note_id,
        account_id,
        currency,
        voided_on,
        {
            LedgerAccount.REVENUE: -net,
            LedgerAccount.TAX: -tax,
            LedgerAccount.CREDITS: net + tax,
        },
    )

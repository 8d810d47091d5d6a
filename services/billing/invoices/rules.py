"""What an invoice is before its issue, and what may be done with it in which state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kernel.refusals import Conflict, Invalid
from services.billing.discounts.rules import discount_of
from services.billing.items.rules import COSTS, ItemKind
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount
from services.billing.numbers.rules import Series
from services.billing.pricing.rules import Priced, price, require_amount
from services.billing.taxes.rules import Rounding
from services.billing.terms.rules import Instalment, Terms, plan_instalments

EXTERNAL = "external"  # the series of invoices numbered elsewhere, unless another is named
SERIES: Mapping[ItemKind, Series] = {
    ItemKind.INVOICE: Series.INVOICE,
    ItemKind.DEBIT_NOTE: Series.DEBIT_NOTE,
    ItemKind.FEE: Series.FEE,
    ItemKind.INTEREST: Series.INTEREST,
    ItemKind.LETTER: Series.LETTER,
}
"""Where documents are numbered that are numbered here."""
_KINDS: Mapping[str, ItemKind] = {series: kind for kind, series in SERIES.items()}
_EARNED: Mapping[ItemKind, LedgerAccount] = {
    ItemKind.FEE: LedgerAccount.FEES,
    ItemKind.LETTER: LedgerAccount.FEES,
    ItemKind.INTEREST: LedgerAccount.INTEREST,
}


class InvoiceStatus(StrEnum):
    """Computed from dates and amounts, never stored."""

    DRAFT = "draft"
    ISSUED = "issued"
    PAID = "paid"
    VOID = "void"
    WRITTEN_OFF = "written_off"


class Action(StrEnum):
    """What a person may want to do with an invoice."""

    ISSUE = "issue"
    DELETE = "delete"
    EDIT = "edit"
    VOID = "void"
    CREDIT = "credit"
    RAISE = "raise"
    RESCHEDULE = "reschedule"


# Where an action leads from a status; None is issued or paid, as the balance says, or nowhere: a deleted
# draft is gone.
MOVES: Mapping[InvoiceStatus, Mapping[Action, InvoiceStatus | None]] = {
    InvoiceStatus.DRAFT: {
        Action.ISSUE: None,
        Action.DELETE: None,
        Action.EDIT: InvoiceStatus.DRAFT,
    },
    InvoiceStatus.ISSUED: {
        Action.VOID: InvoiceStatus.VOID,
        Action.CREDIT: None,
        Action.RAISE: InvoiceStatus.ISSUED,
        Action.RESCHEDULE: InvoiceStatus.ISSUED,
    },
    InvoiceStatus.PAID: {
        Action.CREDIT: InvoiceStatus.PAID,
        Action.RAISE: InvoiceStatus.PAID,
    },
    InvoiceStatus.VOID: {},
    InvoiceStatus.WRITTEN_OFF: {Action.CREDIT: InvoiceStatus.WRITTEN_OFF},
}
_INSTEAD = {
    InvoiceStatus.DRAFT: "issue it first, or delete it",
    InvoiceStatus.ISSUED: "void or credit it instead",
    InvoiceStatus.PAID: "nothing of it is owed; credit it instead",
    InvoiceStatus.VOID: "make a new one",
    InvoiceStatus.WRITTEN_OFF: "reverse the write-off first, where it was entered in error",
}


@dataclass(frozen=True, slots=True)
class Demand:
    """An invoice to be: all that is known of it before its issue."""

    account_id: str
    currency: str
    priced: Priced
    terms: list[Instalment] | None
    series: str = Series.INVOICE
    number: str | None = None
    order_id: str | None = None
    shipment_id: str | None = None
    taken_off: int = 0
    reclaimed: int = 0
    refund_id: str | None = None
    reversal_id: str | None = None
    assessed: int = 0
    fee_id: str | None = None
    notice_id: str | None = None
    client_order_number: str | None = None
    raises_invoice_id: str | None = None
    payment_terms_id: str | None = None
    billing_run_id: str | None = None
    for_account_id: str | None = None

    @property
    def total(self) -> int:
        return self.priced.total + self.reclaimed + self.assessed


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A demand to be kept as a draft; of one that is made anew, the id that it keeps and its next
    version."""

    invoice_id: str
    demand: Demand
    version: int = 1


def demand(
    *,
    account_id: str,
    for_account_id: str | None = None,
    currency: str,
    lines: Sequence[Mapping[str, Any]],
    net_days: int | None,
    due_date: date | None,
    instalments: Sequence[Mapping[str, Any]] | None,
    payment_terms_id: str | None,
    business_days: str | None,
    discount_percent: Decimal | None,
    discount_days: int | None,
    later_discounts: Sequence[Mapping[str, Any]] | None = None,
    terms: Terms | None,
    rounding: Rounding,
    number: str | None,
    series: str | None,
    order_id: str | None,
    client_order_number: str | None,
) -> Demand:
    """Price the lines and plan the instalments of an invoice as a caller gives it; `terms` are those that
    it names, `rounding` what its tax is rounded by."""
    priced = price(lines, rounding=rounding)
    require_amount(priced)
    planned = plan_instalments(
        priced.total,
        currency=currency,
        net_days=net_days,
        due_date=due_date,
        instalments=instalments,
        terms=terms,
        business_days=business_days,
        discount=discount_of(discount_percent, discount_days, later_discounts),
    )
    return Demand(
        account_id,
        currency,
        priced,
        planned,
        choose_series(number, series),
        number,
        order_id,
        client_order_number=client_order_number,
        payment_terms_id=payment_terms_id,
        for_account_id=for_account_id,
    )


def facts_of_demand(demand: Demand) -> dict[str, Any]:
    """What an invoice has of a demand from the beginning and for good."""
    same = (
        "account_id",
        "for_account_id",
        "currency",
        "total",
        "reclaimed",
        "refund_id",
        "shipment_id",
        "order_id",
        "client_order_number",
        "raises_invoice_id",
        "taken_off",
        "billing_run_id",
    )
    priced = demand.priced
    return {
        **{name: getattr(demand, name) for name in same},
        "net": priced.net,
        "tax": priced.tax,
    }


def choose_series(number: str | None, series: str | None) -> str:
    """The series an invoice is numbered in: ours, or with its own number another."""
    if number is None:
        if series is not None:
            raise Invalid(
                "series_without_number",
                "A series is named for invoices numbered elsewhere; give the number too, or neither.",
                field="series",
            )
        return Series.INVOICE
    if series in set(Series):
        raise Invalid(
            "series_reserved",
            f"Series {series} is numbered here without gaps; name another, or none.",
            field="series",
        )
    return series or EXTERNAL


def issue_journal(
    *,
    invoice_id: str,
    account_id: str,
    currency: str,
    issued_on: date,
    net: int,
    tax: int,
    reclaimed: int,
    kind: str,
    assessed: int,
) -> Journal:
    """An invoice is owed: part of it is ours, part the tax office's; what is claimed back was given out
    of money that the client did not have with us; what paying late costs is no sale."""
    return Journal(
        JournalKind.INVOICE_ISSUED,
        invoice_id,
        account_id,
        currency,
        issued_on,
        {
            LedgerAccount.RECEIVABLES: net + tax + reclaimed + assessed,
            LedgerAccount.REVENUE: -net,
            LedgerAccount.TAX: -tax,
            LedgerAccount.UNAPPLIED_CASH: -reclaimed,
            **({earned_of(kind): -assessed} if assessed else {}),
        },
    )


def void_journal(
    *,
    invoice_id: str,
    account_id: str,
    currency: str,
    voided_on: date,
    net: int,
    tax: int,
    reclaimed: int,
) -> Journal:
    """The invoice's journal, turned round on the day it was voided."""
    return Journal(
        JournalKind.INVOICE_VOIDED,
        invoice_id,
        account_id,
        currency,
        voided_on,
        {
            LedgerAccount.RECEIVABLES: -net - tax - reclaimed,
            LedgerAccount.REVENUE: net,
            LedgerAccount.TAX: tax,
            LedgerAccount.UNAPPLIED_CASH: reclaimed,
        },
    )


def kind_of(series: str) -> ItemKind:
    """What kind of document a series numbers; invoices are numbered elsewhere, too."""
    return _KINDS.get(series, ItemKind.INVOICE)


def earned_of(kind: str) -> LedgerAccount:
    """Where what paying late costs is posted."""
    return _EARNED[ItemKind(kind)]


def require_sale(kind: str, *, reclaimed: int, notice_id: str | None, name: str) -> None:
    """What claims money back is undone by what it follows from, and forgiven by a free credit note; what
    paying late costs is waived by who assessed it; what the bank charged, by what it was charged for."""
    if kind in COSTS and notice_id is None:
        raise Conflict(
            "bank_fee",
            f"{name} demands what the bank charged for money that was not there. Reverse the reversal, "
            "or have the debit succeed, where it was there after all; or settle the item in full.",
        )
    if kind in COSTS:
        raise Conflict(
            "assessed_by_collections",
            f"{name} demands what collections assessed. Have it waived there; then it is credited.",
        )
    if reclaimed:
        raise Conflict(
            "debit_note",
            f"{name} claims back what was refunded out of a payment that was reversed. Reverse the "
            "refund or that reversal, where it was entered in error; or give the account a credit note.",
        )


def require_not_raised(name: str, *, by: Sequence[str]) -> None:
    """What debit notes raise is not voided while they stand."""
    if by:
        listed = ", ".join(by)
        raise Conflict(
            "invoice_raised",
            f"Invoice {name} is raised by {listed}; void {listed} first, or credit it instead.",
        )


def require_no_notice(name: str, *, notice_id: str | None) -> None:
    """Nobody is written about an invoice that is void by the time they read it."""
    if notice_id is not None:
        raise Conflict(
            "notice_on_its_way",
            f"Letter {notice_id} about invoice {name} is approved and not sent yet. Cancel the letter "
            "first, or void the invoice when it is sent.",
            notice_id=notice_id,
        )


def invoice_status(
    *, is_issued: bool, is_void: bool, balance: int, written_off: int
) -> InvoiceStatus:
    """Void whatever else, then draft until issued; when nothing is owed any more, written off where some
    of it was given up, else paid."""
    if is_void:
        return InvoiceStatus.VOID
    if not is_issued:
        return InvoiceStatus.DRAFT
    if balance:
        return InvoiceStatus.ISSUED
    return InvoiceStatus.WRITTEN_OFF if written_off else InvoiceStatus.PAID


def require_allowed(action: Action, *, status: str, name: str) -> None:
    """Conflict when the table of moves does not allow the action."""
    now = InvoiceStatus(status)
    state = "a draft" if now is InvoiceStatus.DRAFT else now.replace("_", " ")
    if action not in MOVES[now]:
        raise Conflict(
            f"invoice_{now}",
            f"Invoice {name} is {state}, so it cannot be {_DONE[action]}; {_INSTEAD[now]}.",
            state=now,
        )


_DONE = {
    Action.ISSUE: "issued",
    Action.DELETE: "deleted",
    Action.EDIT: "edited",
    Action.VOID: "voided",
    Action.CREDIT: "credited",
    Action.RAISE: "raised by a debit note",
    Action.RESCHEDULE: "rescheduled",
}


def require_voidable(*, name: str, status: str, total: int, balance: int, credited: int) -> None:
    """Only an issued invoice that nothing was set against, and nothing credited of, may be voided; also
    one that never demanded anything."""
    if total or status != InvoiceStatus.PAID:
        require_allowed(Action.VOID, status=status, name=name)
    if credited:
        raise Conflict(
            "invoice_credited",
            f"Invoice {name} has been credited in part; credit the rest instead.",
        )
    if balance != total:
        raise Conflict(
            "invoice_allocated",
            f"Invoice {name} has been paid in part; reverse its allocations first, or credit it.",
        )

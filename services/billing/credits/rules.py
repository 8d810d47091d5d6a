"""What a credit note is issued for, and what it posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from kernel.refusals import Conflict, Invalid
from services.billing.advances.rules import Advance, Amounts, Part, take_same_rates
from services.billing.allocations.rules import AllocationSource, Share, Standing, in_order, total
from services.billing.crediting.rules import Credit, Creditable, credit, take
from services.billing.invoices.rules import Action, require_allowed, require_sale
from services.billing.items.rules import AccountCurrency, Held, require_room
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount, require_past
from services.billing.pricing.rules import Line, Priced, RateTotal


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


Claim = tuple[str, int | None, str | None]
"""What is credited once: a remedy or dispute; a part of a return, with the invoice of which it is
credited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a credit note is issued: in words, and what it carries out, each of which is credited once; a
    part of a return once of each invoice that billed it."""

    reason: str
    remedy_id: str | None = None
    return_id: str | None = None
    return_part: int | None = None
    dispute_id: str | None = None

    @property
    def part(self) -> int | None:
        """The part of the return that it is for; the first, where none is named."""
        return None if self.return_id is None else self.return_part or 1

    @property
    def ids(self) -> dict[str, str | None]:
        """What it carries out."""
        return {
            "remedy_id": self.remedy_id,
            "return_id": self.return_id,
            "dispute_id": self.dispute_id,
        }

    def claims(self, invoice_id: str | None) -> dict[str, Claim]:
        """What a credit note of an invoice, or a free one, credits with these."""
        return {
            name: (identity, self.part, invoice_id)
            if name == "return_id"
            else (identity, None, None)
            for name, identity in self.ids.items()
            if identity is not None
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """A credit note to be: what it credits, and which items it is set against."""

    credit_note_id: str
    account_id: str
    currency: str
    issued_on: date
    grounds: Grounds
    lines: Sequence[Line] = ()
    rates: Sequence[RateTotal] = ()
    for_account_id: str | None = None
    invoice_id: str | None = None
    order_id: str | None = None
    parts: Sequence[Part] = ()
    shares: Sequence[Share] = ()
    waived: Mapping[LedgerAccount, int] = field(default_factory=dict)
    fee_id: str | None = None

    @property
    def free_from(self) -> date:
        return self.issued_on

    def post(self, amount: int) -> dict[LedgerAccount, int]:
        """Where what is set against an item comes from, in the ledger."""
        return {LedgerAccount.CREDITS: amount}

    @property
    def keys(self) -> dict[str, str | None]:
        return {"payment_id": None, "credit_note_id": self.credit_note_id}

    @property
    def balance(self) -> AccountCurrency:
        return self.account_id, self.currency

    @property
    def net(self) -> int:
        return sum(rate.net for rate in self.rates)

    @property
    def tax(self) -> int:
        return sum(rate.tax for rate in self.rates)

    @property
    def total(self) -> int:
        return self.net + self.tax + sum(self.waived.values())

    @property
    def unapplied(self) -> int:
        return self.total - total(self.shares)

    @property
    def given_as(self) -> str:
        """What a caller gave of which there may be too much."""
        return "lines" if self.lines else "amount"

    @property
    def facts(self) -> dict[str, Any]:
        """What is stored of it and told of it alike, but for its number and lines."""
        names = ("credit_note_id", "account_id", "for_account_id", "currency", "issued_on")
        amounts, of = ("net", "tax", "total"), ("invoice_id", "order_id", "fee_id")
        return {
            **{name: getattr(self, name) for name in (*names, *amounts, *of)},
            **self.grounds.ids,
            "return_part": self.grounds.part,
            "waived": sum(self.waived.values()),
            "taken_back": sum(part.net + part.tax for part in self.parts),
        }


class Lowered(Protocol):
    """What is looked at of an invoice that is credited."""

    @property
    def invoice_id(self) -> str: ...

    @property
    def account_id(self) -> str: ...

    @property
    def for_account_id(self) -> str | None: ...

    @property
    def currency(self) -> str: ...

    @property
    def order_id(self) -> str | None: ...

    @property
    def issued_on(self) -> date | None: ...

    @property
    def notice_id(self) -> str | None: ...

    @property
    def reclaimed(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def name(self) -> str: ...


@dataclass(slots=True, kw_only=True)
class Desk:
    """Where credit notes are written one after the other: what was read for all of them, of which each
    leaves less to the next. Refused is one before anything is taken for it."""

    today: date
    held: dict[AccountCurrency, Held]
    creditable: dict[str, Creditable]
    items: dict[str, list[Standing]]
    advances: Sequence[Advance]
    credited: dict[Claim, str]

    def copy(self) -> Desk:
        """The desk as it is now; what is written at either takes nothing at the other."""
        return replace(
            self,
            held={**self.held},
            creditable={**self.creditable},
            items={name: [replace(item) for item in own] for name, own in self.items.items()},
            advances=[replace(each, left=Amounts(each.left.rates)) for each in self.advances],
            credited={**self.credited},
        )

    def choose(
        self,
        invoice: Lowered,
        *,
        amount: int | None,
        lines: Sequence[Mapping[str, Any]] | None,
        rates: Sequence[Mapping[str, Any]] | None,
    ) -> Credit:
        """What is credited of an invoice, as far as that may be."""
        require_sale(
            invoice.kind,
            reclaimed=invoice.reclaimed,
            notice_id=invoice.notice_id,
            name=invoice.name,
        )
        require_allowed(Action.CREDIT, status=invoice.status, name=invoice.name)
        left = self.creditable[invoice.invoice_id]
        return credit(left, amount=amount, lines=lines, rates=rates)

    def share_out(self, credited: Credit, invoice: Lowered, *, first: str = "") -> list[Share]:
        """What is credited over what is owed on the invoice: one item first, then those due first."""
        own = self.items.get(invoice.invoice_id, ())
        own = sorted(own, key=lambda item: item.item_id != first)
        return in_order(credited.total, own, AllocationSource.CREDIT_NOTE)

    def lower(
        self,
        invoice: Lowered,
        credited: Credit,
        *,
        credit_note_id: str,
        shares: Sequence[Share],
        grounds: Grounds,
        issued_on: date | None,
    ) -> NewNote:
        """The credit note that lowers an invoice by what was chosen, set against its items so."""
        assert invoice.issued_on is not None
        day = self._require_day(issued_on)
        require_after_invoice(day, invoice_issued_on=invoice.issued_on)
        note = NewNote(
            credit_note_id=credit_note_id,
            account_id=invoice.account_id,
            for_account_id=invoice.for_account_id,
            currency=invoice.currency,
            issued_on=day,
            grounds=grounds,
            lines=credited.lines,
            rates=credited.rates,
            invoice_id=invoice.invoice_id,
            order_id=invoice.order_id,
            shares=shares,
        )
        advances = [each for each in self.advances if each.invoice_id == invoice.invoice_id]
        note = self._take(note, advances)
        self.creditable[invoice.invoice_id] = take(self.creditable[invoice.invoice_id], credited)
        left = {item.item_id: item for item in self.items.get(invoice.invoice_id, ())}
        for share in shares:
            left[share.item.item_id].balance -= share.amount
        return note

    def grant(
        self,
        priced: Priced,
        *,
        credit_note_id: str,
        account_id: str,
        for_account_id: str | None,
        currency: str,
        order_id: str | None,
        grounds: Grounds,
        issued_on: date | None,
    ) -> NewNote:
        """The credit note that names no invoice; what was billed ahead of its order it takes back."""
        note = NewNote(
            credit_note_id=credit_note_id,
            account_id=account_id,
            for_account_id=for_account_id,
            currency=currency,
            issued_on=self._require_day(issued_on),
            grounds=grounds,
            lines=priced.lines,
            rates=priced.rates,
            order_id=order_id,
        )
        of = (order_id, account_id, currency)
        advances = [
            each for each in self.advances if (each.order_id, each.account_id, each.currency) == of
        ]
        return self._take(note, advances)

    def _require_day(self, issued_on: date | None) -> date:
        day = issued_on or self.today
        require_past(day, today=self.today, field="issued_on")
        return day

    def _take(self, note: NewNote, advances: Sequence[Advance]) -> NewNote:
        require_not_credited(note.grounds, note.invoice_id, credited=self.credited)
        held = self.held[note.balance]
        unapplied = held.unapplied + note.unapplied
        require_room(unapplied, currency=note.currency, field=note.given_as)
        self.held[note.balance] = Held(held.open - total(note.shares), unapplied)
        claims = note.grounds.claims(note.invoice_id).values()
        self.credited.update(dict.fromkeys(claims, "of the same batch"))
        return replace(note, parts=take_same_rates(Amounts(note.rates), advances))


def require_not_credited(
    grounds: Grounds, invoice_id: str | None, *, credited: Mapping[Claim, str]
) -> None:
    """A remedy or dispute is credited once, a part of a return once of each invoice."""
    for name, claim in grounds.claims(invoice_id).items():
        if claim in credited:
            what = name.removesuffix("_id")
            once = "once of an invoice" if name == "return_id" else "once"
            raise Conflict(
                f"{what}_credited",
                f"Credit note {credited[claim]} is for {what} {claim[0]} already; each is credited "
                f"{once}.",
                field=name,
            )


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


def credit_journal(note: NewNote) -> Journal:
    """Less revenue and tax, or less of what paying late costs; the client has a credit."""
    return Journal(
        JournalKind.CREDIT_NOTE_ISSUED,
        note.credit_note_id,
        note.account_id,
        note.currency,
        note.issued_on,
        {
            LedgerAccount.REVENUE: note.net,
            LedgerAccount.TAX: note.tax,
            **note.waived,
            LedgerAccount.CREDITS: -note.total,
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

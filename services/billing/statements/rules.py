"""Of which days a statement tells, what stands on it, and in which words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from kernel.money import Money
from kernel.refusals import Invalid
from services.billing.document_facts.rules import Correspondents
from services.billing.items.rules import ItemKind
from services.billing.labels.rules import Labels, choose_labels
from services.billing.ledger.rules import JournalKind, LedgerAccount
from services.billing.reports.rules import BUCKETS, Bucket
from services.billing.sheets.rules import Sheet, SheetTable, epc_code, head, set_apart, where_to_pay
from services.billing.statement_labels.rules import STATEMENT_LABELS, StatementLabels
from stationery.languages import ways_of, write_day, write_money

CLIENTS = (LedgerAccount.RECEIVABLES, LedgerAccount.UNAPPLIED_CASH, LedgerAccount.CREDITS)
"""Where the ledger has what a client owes us, less what we have of theirs: they sum to the balance."""
DAYS_MAX = 1827  # five years
ROWS_MAX = 2000  # moves, or open items, on one document

_UNDONE = {
    JournalKind.INVOICE_VOIDED,
    JournalKind.CREDIT_NOTE_VOIDED,
    JournalKind.REFUND_REVERSED,
    JournalKind.ALLOCATION_REVERSED,
    JournalKind.OVERPAYMENT_REVERSED,
}
_PAYMENTS = {
    JournalKind.PAYMENT_RECEIVED,
    JournalKind.PAYMENT_REINSTATED,
    JournalKind.PAYMENT_REVERSED,
}
_BILLS = {ItemKind.INVOICE: "invoice", ItemKind.DEBIT_NOTE: "debit_note"}


class Period(NamedTuple):
    """Of which days a statement tells, as known at a moment."""

    first_day: date
    last_day: date
    known_at: datetime


class Move(NamedTuple):
    """What moved what an account owes, in minor units: by which document, of which invoice where it is
    one, and for whom where not for the account itself."""

    kind: JournalKind
    effective_on: date
    amount: int
    number: str | None = None
    invoice_kind: ItemKind = ItemKind.INVOICE
    for_whom: str | None = None


class OpenItem(NamedTuple):
    """What was open of an item at the end of the period."""

    number: str
    issued_on: date
    due_date: date
    open: int
    for_whom: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPart:
    """What moved what one account owes. `name` says whose it is, where the statement is of several."""

    account_id: str
    name: str | None
    opening: int
    moves: Sequence[Move]

    @property
    def closing(self) -> int:
        return self.opening + sum(move.amount for move in self.moves)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFacts:
    """A statement of one account, or of several in one: what was owed before the period, all that moved
    it, and what was open at its end."""

    currency: str
    first_day: date
    last_day: date
    parts: Sequence[AccountPart]
    open_items: Sequence[OpenItem]

    @property
    def opening(self) -> int:
        return sum(part.opening for part in self.parts)

    @property
    def closing(self) -> int:
        return sum(part.closing for part in self.parts)

    @property
    def open(self) -> int:
        return sum(item.open for item in self.open_items)

    @property
    def unapplied(self) -> int:
        """What we have of theirs that is set against nothing."""
        return self.open - self.closing

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell of."""
        return not (
            self.opening or self.closing or self.open_items or any(p.moves for p in self.parts)
        )

    def aged(self) -> list[tuple[Bucket, int]]:
        """What was open by how long it was overdue at the end of the period."""
        return [(bucket, self._in(bucket)) for bucket in BUCKETS]

    def _in(self, bucket: Bucket) -> int:
        first, last = bucket.due_dates(self.last_day)
        return sum(item.open for item in self.open_items if first <= item.due_date <= last)


def require_within_reach(first_day: date, last_day: date) -> None:
    """A statement tells of five years at most."""
    if (last_day - first_day).days >= DAYS_MAX:
        raise Invalid(
            "period_too_long",
            f"A statement tells of {DAYS_MAX} days at most; ask for several, each from the day after.",
            field="to",
        )


def is_too_long(facts: StatementFacts) -> bool:
    """Whether it is longer than a document may be."""
    rows = sum(len(part.moves) for part in facts.parts)
    return max(rows, len(facts.open_items)) > ROWS_MAX


def require_short(facts: StatementFacts) -> None:
    """A document tells of so many moves and open items at most."""
    if is_too_long(facts):
        raise Invalid(
            "statement_too_long",
            f"There are more than {ROWS_MAX} moves or open items; ask for several shorter periods, or "
            "list them.",
            field="to",
        )


def name_statement(facts: StatementFacts, parties: Correspondents) -> str:
    """What a statement is called: whose, until when, in which currency."""
    return f"{parties.buyer.number}-{facts.last_day}-{facts.currency}"


def compose_statement(
    facts: StatementFacts, parties: Correspondents, *, made_on: date, reference: str, email: str
) -> Sheet:
    """The statement in the language of the client where we have its words, else in English."""
    tag, labels = choose_labels(parties.language)
    writer = _Writer(facts, labels, tag, ways_of(tag, parties.language))
    owed = Money(facts.closing, facts.currency)
    number = parties.buyer.number or ""
    is_owed = facts.closing > 0
    return Sheet(
        **head(parties, reference=reference, email=email),
        title=f"{writer.words.statement}, {writer.span()}",
        facts=[
            [labels.issued, writer.day(made_on)],
            *([[labels.account, number]] if number else []),
        ],
        columns=[],
        rows=[],
        tables=[writer.moves(part) for part in facts.parts],
        sums=[writer.closing()],
        strong=[writer.words.closing],
        notes=[writer.words.in_favour] if facts.closing < 0 else [],
        late_tables=[*writer.late_tables()],
        due_columns=[],
        dues=[],
        payment=where_to_pay(parties, reference=number) if is_owed else [],
        qr=epc_code(parties, money=owed, text=number) if is_owed else None,
        enclosed=writer.words.enclosed,
    )


class _Writer:
    """Writes a statement's facts in one language."""

    def __init__(self, facts: StatementFacts, labels: Labels, tag: str, ways: str) -> None:
        self._facts, self._labels, self._tag, self._ways = facts, labels, tag, ways
        self.words: StatementLabels = STATEMENT_LABELS[tag]

    def day(self, day: date) -> str:
        return write_day(day, self._ways)

    def span(self) -> str:
        first, last = self._facts.first_day, self._facts.last_day
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def closing(self) -> list[str]:
        return [self.words.closing, self._money(self._facts.closing)]

    def moves(self, part: AccountPart) -> SheetTable:
        """What was owed first, each move with what was owed then, and what was owed last."""
        words, balance = self.words, part.opening
        rows = [[self.day(self._facts.first_day), words.opening, "", self._money(balance)]]
        for move in part.moves:
            balance += move.amount
            amounts = [self._money(move.amount), self._money(balance)]
            rows.append([self.day(move.effective_on), self._about(move), *amounts])
        if part.name:  # of one account alone it stands below the table
            rows.append([self.day(self._facts.last_day), words.closing, "", self._money(balance)])
        return SheetTable(
            title=part.name or "",
            columns=[
                *(self._labels.issued, self._labels.description),
                *(words.amount, words.balance),
            ],
            rows=rows,
            text_columns=2,
            wide=1,
        )

    def late_tables(self) -> Iterator[SheetTable]:
        """What was open, and for how long: nothing where nothing was."""
        facts, words, labels = self._facts, self.words, self._labels
        if not facts.open_items:
            return
        rows = [
            [
                self._named(item.number, item.for_whom),
                self.day(item.issued_on),
                self.day(item.due_date),
                self._money(item.open),
            ]
            for item in facts.open_items
        ]
        if facts.unapplied:
            rows.append([words.unapplied, "", "", self._money(-facts.unapplied)])
        columns = [labels.description, labels.issued, labels.due, words.balance]
        yield SheetTable(title=words.open_items, columns=columns, rows=rows, text_columns=3)
        aged = [[self._bucket(bucket), self._money(amount)] for bucket, amount in facts.aged()]
        yield SheetTable(title="", columns=[words.ageing, words.amount], rows=aged)

    def _bucket(self, bucket: Bucket) -> str:
        if bucket.first is None:
            return self.words.not_due
        last = bucket.last
        days = f"> {bucket.first - 1}" if last is None else f"{bucket.first}–{last}"
        return self.words.overdue.replace("{days}", set_apart(days, self._tag))

    def _about(self, move: Move) -> str:
        between = (
            " · " if move.kind in _PAYMENTS else " "
        )  # a payment's reference is the payer's words
        named = between.join(filter(None, [self._kind(move), self._apart(move)]))
        if move.kind in _UNDONE:
            named = self.words.cancelled.replace("{document}", named)
        return self._named(named, move.for_whom)

    def _kind(self, move: Move) -> str:
        labels, words = self._labels, self.words
        if move.kind in (JournalKind.INVOICE_ISSUED, JournalKind.INVOICE_VOIDED):
            bill: str = getattr(labels, _BILLS.get(move.invoice_kind, "costs"))
            return bill
        if move.kind in (JournalKind.CREDIT_NOTE_ISSUED, JournalKind.CREDIT_NOTE_VOIDED):
            return labels.credit_note
        if move.kind is JournalKind.PAYMENT_REVERSED:
            return words.payment_reversed
        if move.kind in _PAYMENTS:
            return words.payment
        if move.kind in (JournalKind.MONEY_REFUNDED, JournalKind.REFUND_REVERSED):
            return words.refund
        return words.adjustment

    def _apart(self, move: Move) -> str:
        return set_apart(move.number, self._tag) if move.number else ""

    def _named(self, text: str, for_whom: str | None) -> str:
        return " · ".join(filter(None, [text, for_whom]))

    def _money(self, minor: int) -> str:
        return write_money(Money(minor, self._facts.currency), self._ways)

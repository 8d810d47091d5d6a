"""What a receipt says, word for word, in its reader's language. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.money import Money
from services.billing.document_facts.rules import Correspondents
from services.billing.labels.rules import choose_labels
from services.billing.sheets.rules import Sheet, head, set_apart
from services.billing.statement_labels.rules import STATEMENT_LABELS
from stationery.languages import ways_of, write_day, write_money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts:
    """That so much money came, when and how, and what it is set against: pairs of a document's number
    and an amount. What is `left` is set against nothing yet; `given_back` was refunded, `reversed` turned
    out not to be there, and `kept` came too much and is ours. The parts and these come to the amount."""

    number: str
    issued_on: date
    currency: str
    amount: int
    value_date: date
    method: str
    reference: str | None
    parts: Sequence[tuple[str, int]]
    left: int
    given_back: int
    reversed: int
    kept: int


def compose_receipt(
    facts: ReceiptFacts, parties: Correspondents, *, reference: str, email: str
) -> Sheet:
    """The receipt in the language of the client where we have its words, else in English."""
    tag, labels = choose_labels(parties.language)
    words, ways = STATEMENT_LABELS[tag], ways_of(tag, parties.language)

    def money(minor: int) -> str:
        return write_money(Money(minor, facts.currency), ways)

    told = {
        labels.issued: write_day(facts.issued_on, ways),
        labels.account: parties.buyer.number,
        words.received_on: write_day(facts.value_date, ways),
        words.method: getattr(words, facts.method, None),
        labels.reference: facts.reference,
    }
    rest: Mapping[str, int] = {
        words.unapplied: facts.left,
        words.refund: facts.given_back,
        words.payment_reversed: facts.reversed,
        words.adjustment: facts.kept,
    }
    parts = _add_up(facts.parts)
    return Sheet(
        **head(parties, reference=reference, email=email),
        title=f"{labels.receipt} {set_apart(facts.number, tag)}",
        facts=[[label, value] for label, value in told.items() if value],
        columns=[labels.refers_to, words.amount],
        rows=[
            *([set_apart(number, tag), money(amount)] for number, amount in parts),
            *([label, money(amount)] for label, amount in rest.items() if amount),
        ],
        sums=[[words.received, money(facts.amount)]],
        strong=[words.received],
        notes=[],
        due_columns=[],
        dues=[],
        payment=[],
        qr=None,
        enclosed=labels.enclosed,
    )


def _add_up(parts: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """One row for each document, whatever its instalments."""
    sums: dict[str, int] = {}
    for number, amount in parts:
        sums[number] = sums.get(number, 0) + amount
    yield from sums.items()

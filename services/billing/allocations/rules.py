"""Which items a payment or credit note is set against, by how much, and from which day on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from kernel.refusals import Conflict, Invalid, NotFound
from services.billing.items.rules import stands_of
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount
from services.billing.policies.rules import AllocationPolicy, one_by_one, share_out


class AllocationSource(StrEnum):
    """Who decided what money or credit is for."""

    INSTRUCTION = "instruction"  # the client, or whoever enters it for them
    LAW = "law"  # section 367 BGB, as agreed with the account: costs, interest, principal
    POLICY = "policy"  # the account's own, as agreed with it
    OURS = "ours"  # nobody: oldest due first
    CREDIT_NOTE = "credit_note"  # the credit note, by naming the invoice it lowers
    WRITE_OFF = "write_off"  # whoever gave it up
    PAYMENT_DIFFERENCE = "payment_difference"  # whoever settled it in full


_DECIDED_BY: Mapping[AllocationPolicy, AllocationSource] = {
    AllocationPolicy.OLDEST_DUE: AllocationSource.OURS,
    AllocationPolicy.BY_TYPE: AllocationSource.POLICY,
    AllocationPolicy.COSTS_INTEREST_PRINCIPAL: AllocationSource.LAW,
    AllocationPolicy.PRO_RATA: AllocationSource.POLICY,
}


class OpenItem(Protocol):
    """What is looked at of an item."""

    item_id: str
    kind: str
    invoice_id: str
    invoice_number: str
    account_id: str
    currency: str
    balance: int
    open_from: date

    @property
    def askable(self) -> int: ...


@dataclass(slots=True)
class Standing:
    """An item while one amount after the other is set against it: less is owed after each."""

    item_id: str
    invoice_id: str
    invoice_number: str
    account_id: str
    currency: str
    balance: int
    open_from: date
    kind: str
    disputed_total: int
    in_flight_total: int

    @property
    def askable(self) -> int:
        stands = stands_of(
            self.balance, disputed=self.disputed_total, in_flight=self.in_flight_total
        )
        return self.balance - sum(stands)

    @classmethod
    def of(cls, item: Any) -> Standing:
        return cls(**{name: getattr(item, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Share:
    """The part of an amount that is to be set against one item."""

    item: OpenItem
    amount: int
    source: str

    def effective_on(self, free_from: date) -> date:
        """The day from which the item counts as paid by it: when the money or credit was there, and
        the item open."""
        return max(self.item.open_from, free_from)


def total(shares: Iterable[Share]) -> int:
    """What the shares come to."""
    return sum(share.amount for share in shares)


def owed(item: OpenItem) -> int:
    """All that is owed of an item."""
    return item.balance


def askable(item: OpenItem) -> int:
    """What is owed of an item, not disputed and not on its way: nobody's money goes to the rest unless
    they say so."""
    return item.askable


def in_order(
    amount: int,
    items: Iterable[OpenItem],
    source: AllocationSource,
    *,
    most: Callable[[OpenItem], int] = owed,
) -> list[Share]:
    """Shares that pay one item after the other, in the order given, each at `most` so much, until the
    amount is used up."""
    return [Share(item, share, source) for item, share in one_by_one(amount, items, most=most)]


def by_policy(policy: AllocationPolicy, amount: int, items: Sequence[OpenItem]) -> list[Share]:
    """Shares of what may be asked for of items, which come oldest due first, as the policy has it."""
    source = _DECIDED_BY[policy]
    shared = share_out(policy, amount, items, most=askable)
    return [Share(item, share, source) for item, share in shared]


def by_instruction(
    instruction: Sequence[Mapping[str, Any]],
    items: Sequence[OpenItem],
    *,
    account_id: str,
    currency: str,
    amount: int,
) -> list[Share]:
    """Shares as instructed: each line names an item, or an invoice whose items are paid in the order
    given, and an amount of at most what is still owed there."""
    asked = sum(line["amount"] for line in instruction)
    if asked > amount:
        raise Invalid(
            "instruction_exceeds_amount",
            f"The instruction comes to {asked}, but only {amount} {currency} minor units are there.",
            field="instruction",
        )
    shares: dict[str, Share] = {}
    for line in instruction:
        left = line["amount"]
        for item in _named(line, items):
            _require_same(item, account_id=account_id, currency=currency)
            before = shares[item.item_id].amount if item.item_id in shares else 0
            share = min(left, item.balance - before)
            if share:
                shares[item.item_id] = Share(item, before + share, AllocationSource.INSTRUCTION)
            left -= share
        if left:
            raise Conflict(
                "more_than_owed",
                f"{line['item_id'] or line['invoice_id']} is owed {line['amount'] - left} at most; "
                "allocate no more than that, the rest stays unapplied.",
                field="instruction",
                owed=line["amount"] - left,
            )
    return list(shares.values())


def allocation_journal(
    *,
    allocation_id: str,
    account_id: str,
    currency: str,
    effective_on: date,
    ledger_account: LedgerAccount,
    amount: int,
) -> Journal:
    """Unapplied money or credit lowers what is owed; a reversal has a negative amount."""
    kind = JournalKind.ALLOCATION_MADE if amount > 0 else JournalKind.ALLOCATION_REVERSED
    return Journal(
        kind,
        allocation_id,
        account_id,
        currency,
        effective_on,
        {ledger_account: amount, LedgerAccount.RECEIVABLES: -amount},
    )


def _named(line: Mapping[str, Any], items: Sequence[OpenItem]) -> list[OpenItem]:
    if (line["item_id"] is None) == (line["invoice_id"] is None):
        raise Invalid("item_or_invoice", "Name either an item or an invoice.", field="instruction")
    named = [
        item
        for item in items
        if line["item_id"] in (None, item.item_id) and line["invoice_id"] in (None, item.invoice_id)
    ]
    if not named:
        raise NotFound(
            "item_not_found",
            f"There is no item {line['item_id']}."
            if line["item_id"]
            else f"There is no issued invoice {line['invoice_id']}.",
            field="instruction",
        )
    return named


def _require_same(item: OpenItem, *, account_id: str, currency: str) -> None:
    if item.account_id != account_id:
        raise Conflict(
            "other_account",
            f"Invoice {item.invoice_number} is of account {item.account_id}; name one of {account_id}.",
            field="instruction",
        )
    if item.currency != currency:
        raise Conflict(
            "other_currency",
            f"Invoice {item.invoice_number} is in {item.currency}, the money in {currency}; "
            "currencies are never mixed.",
            field="instruction",
        )

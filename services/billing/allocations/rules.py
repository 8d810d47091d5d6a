"""Which items a payment or credit note is set against, by how much, and from which day on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from kernel.money import Money
from kernel.refusals import Conflict, Invalid, NotFound
from services.billing.discounts.rules import enough_for, percent_on, settled_by
from services.billing.items.rules import stands_of
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount
from services.billing.policies.rules import AllocationPolicy, one_by_one, share_out
from services.billing.tolerances.rules import Tolerances


class AllocationSource(StrEnum):
    """Who decided what money or credit is for."""

    INSTRUCTION = "instruction"  # the client, or whoever enters it for them
    LAW = "law"  # section 367 BGB, as agreed with the account: costs, interest, principal
    POLICY = "policy"  # the account's own, as agreed with it
    OURS = "ours"  # nobody: oldest due first
    CREDIT_NOTE = "credit_note"  # the credit note, by naming the invoice it lowers
    WRITE_OFF = "write_off"  # whoever gave it up
    PAYMENT_DIFFERENCE = "payment_difference"  # whoever settled it in full
    EARLY_PAYMENT_DISCOUNT = "early_payment_discount"  # the terms, by saying what is less


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
    amount: int
    balance: int
    open_from: date
    discount_percent: Decimal | None
    discount_until: date | None

    @property
    def later_discounts(self) -> Sequence[Mapping[str, Any]] | None: ...

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
    discount_percent: Decimal | None = None
    discount_until: date | None = None
    later_discounts: Sequence[Mapping[str, Any]] | None = None
    amount: int = 0

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
    """The part of an amount that is to be set against one item, and what of the item is given up along
    with it: since it is paid early, and since what is left then is too little to ask for."""

    item: OpenItem
    amount: int
    source: str
    discount: int = 0
    difference: int = 0
    with_id: str | None = None

    @property
    def settled(self) -> int:
        """What is owed less by it."""
        return self.amount + self.discount + self.difference

    def effective_on(self, free_from: date) -> date:
        """The day from which the item counts as paid by it: when the money or credit was there, and
        the item open."""
        return max(self.item.open_from, free_from)


def total(shares: Iterable[Share]) -> int:
    """What the shares come to."""
    return sum(share.amount for share in shares)


def total_settled(shares: Iterable[Share]) -> int:
    """What is owed less by the shares."""
    return sum(share.settled for share in shares)


def owed(item: OpenItem) -> int:
    """All that is owed of an item."""
    return item.balance


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


def by_policy(
    policy: AllocationPolicy,
    amount: int,
    items: Sequence[OpenItem],
    *,
    paid_on: date | None,
) -> list[Share]:
    """Shares of what may be asked for of items, which come oldest due first, as the policy has it. Of
    what is paid early each gets what is enough; only what is left then goes to what would be given up."""
    percents = {item.item_id: percent_on(item, paid_on) for item in items}
    shared = share_out(
        policy,
        amount,
        items,
        most=lambda item: enough_for(item.askable, percent=percents[item.item_id]),
    )
    left = amount - sum(share for _, share in shared)
    shares = []
    for item, share in shared:
        more = min(left, item.askable - share)
        left -= more
        shares.append(_paid(item, share + more, _DECIDED_BY[policy], item.askable, paid_on))
    return shares


def give_discounts(shares: Iterable[Share], *, paid_on: date | None) -> list[Share]:
    """The same shares, with what is given up of their items since the money was there on a day."""
    return [
        _paid(share.item, share.amount, share.source, share.item.balance, paid_on)
        for share in shares
    ]


def close_differences(shares: Iterable[Share], tolerances: Tolerances) -> list[Share]:
    """The same shares of money, with what they leave of their items where that is too little to ask for;
    where some of an item is disputed or on its way, all of it is waited for."""
    return [
        replace(share, difference=left) if (left := _difference(share, tolerances)) else share
        for share in shares
    ]


def _difference(share: Share, tolerances: Tolerances) -> int:
    item = share.item
    left = item.balance - share.amount - share.discount
    if not left or item.askable != item.balance:
        return 0
    return left if tolerances[item.currency].takes(left, demanded=item.amount) else 0


def by_instruction(
    instruction: Sequence[Mapping[str, Any]],
    items: Sequence[OpenItem],
    *,
    account_id: str,
    currency: str,
    amount: int,
    paid_on: date | None,
) -> list[Share]:
    """Shares as instructed: each line names an item, or an invoice whose items are paid in the order
    given, and an amount of at most what is still owed there."""
    asked = sum(line["amount"] for line in instruction)
    if asked > amount:
        raise Invalid(
            "instruction_exceeds_amount",
            f"The instruction comes to {Money(asked, currency)}, but only {Money(amount, currency)} is "
            "there; instruct no more than that.",
            field="instruction",
        )
    paid: dict[str, tuple[OpenItem, int]] = {}
    for place, line in enumerate(instruction):
        field = f"instruction/{place}"
        named = _named(line, items, field=field)
        for item in named:
            _require_same(item, account_id=account_id, currency=currency, field=field)
        left = line["amount"]
        for most in (enough_for, _all_of):
            left = _pay_named(left, named, paid, most, paid_on)
        if left:
            owed = Money(line["amount"] - left, currency)
            raise Conflict(
                "more_than_owed",
                f"Of {line['item_id'] or line['invoice_id']}, {owed} is owed at most; allocate no more "
                "than that, the rest stays unapplied.",
                field=f"{field}/amount",
                owed=line["amount"] - left,
            )
    return [
        _paid(item, share, AllocationSource.INSTRUCTION, item.balance, paid_on)
        for item, share in paid.values()
    ]


def _pay_named(
    left: int,
    named: Iterable[OpenItem],
    paid: dict[str, tuple[OpenItem, int]],
    most: Callable[..., int],
    paid_on: date | None,
) -> int:
    """Pay named items one after the other, each at `most` so much; what is left of the amount."""
    for item in named:
        _, before = paid.get(item.item_id, (item, 0))
        wanted = most(item.balance, percent=percent_on(item, paid_on))
        share = min(left, max(wanted - before, 0))
        if share:
            paid[item.item_id] = (item, before + share)
            left -= share
    return left


def _all_of(owed: int, *, percent: Decimal) -> int:
    return owed


def _paid(
    item: OpenItem, amount: int, source: AllocationSource | str, most: int, paid_on: date | None
) -> Share:
    """A share that settles of its item what it does after the discount, `most` at most."""
    percent = percent_on(item, paid_on)
    settled = settled_by(amount, owed=most, percent=percent) if percent else amount
    return Share(item, amount, source, settled - amount)


def allocation_journal(
    *,
    allocation_id: str,
    account_id: str,
    currency: str,
    effective_on: date,
    amount: int,
    posted: Mapping[LedgerAccount, int],
) -> Journal:
    """Unapplied money or credit, or what is given up, lowers what is owed: `posted` adds up to the
    amount. A reversal has a negative one."""
    kind = JournalKind.ALLOCATION_MADE if amount > 0 else JournalKind.ALLOCATION_REVERSED
    return Journal(
        kind,
        allocation_id,
        account_id,
        currency,
        effective_on,
        {**posted, LedgerAccount.RECEIVABLES: -amount},
    )


def _named(line: Mapping[str, Any], items: Sequence[OpenItem], *, field: str) -> list[OpenItem]:
    if (line["item_id"] is None) == (line["invoice_id"] is None):
        raise Invalid("item_or_invoice", "Name either an item or an invoice.", field=field)
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
            field=f"{field}/{'item_id' if line['item_id'] else 'invoice_id'}",
        )
    return named


def _require_same(item: OpenItem, *, account_id: str, currency: str, field: str) -> None:
    if item.account_id != account_id:
        raise Conflict(
            "other_account",
            f"Invoice {item.invoice_number} is of account {item.account_id}; name one of {account_id}, "
            "or enter the money as that account's.",
            field=field,
        )
    if item.currency != currency:
        raise Conflict(
            "other_currency",
            f"Invoice {item.invoice_number} is in {item.currency}, the money in {currency}; "
            "currencies are never mixed.",
            field=field,
        )

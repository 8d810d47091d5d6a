"""What is given up of which items, and of what components it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from kernel.money import split
from kernel.refusals import Conflict, NotFound
from services.billing.allocations.rules import AllocationSource, OpenItem, Share
from services.billing.invoices.rules import InvoiceStatus
from services.billing.items.rules import ItemKind
from services.billing.ledger.rules import LedgerAccount


class AdjustmentKind(StrEnum):
    """Why something is given up."""

    WRITE_OFF = "write_off"
    PAYMENT_DIFFERENCE = "payment_difference"
    EARLY_PAYMENT_DISCOUNT = "early_payment_discount"
    OVERPAYMENT = "overpayment"  # upwards: what came too much is ours


LEDGER_ACCOUNTS: Mapping[AdjustmentKind, LedgerAccount] = {
    AdjustmentKind.WRITE_OFF: LedgerAccount.BAD_DEBT,
    AdjustmentKind.PAYMENT_DIFFERENCE: LedgerAccount.PAYMENT_DIFFERENCES,
    AdjustmentKind.EARLY_PAYMENT_DISCOUNT: LedgerAccount.DISCOUNTS,
    AdjustmentKind.OVERPAYMENT: LedgerAccount.OVERPAYMENTS,
}

COMPONENTS = ("net", "tax", "fee", "interest")
_OF_COSTS: Mapping[str, str] = {
    ItemKind.FEE: "fee",
    ItemKind.LETTER: "fee",
    ItemKind.INTEREST: "interest",
}


class Adjusted(Protocol):
    """What is looked at of an adjustment."""

    adjustment_id: str

    @property
    def is_reversed(self) -> bool: ...


class Rated(Protocol):
    """What a document comes to at one rate of tax."""

    tax_code: str
    tax_percent: Decimal
    net: int
    tax: int


def require_items(
    items: Mapping[str, OpenItem], asked: Iterable[str], *, account_id: str, currency: str
) -> None:
    """What is given up is the account's own, in one currency."""
    for item_id in asked:
        item = items.get(item_id)
        if item is None:
            raise NotFound("item_not_found", f"There is no item {item_id}.", field="items")
        if item.account_id != account_id:
            raise Conflict(
                "other_account",
                f"{item.invoice_number} is of account {item.account_id}; name items of {account_id}.",
                field="items",
            )
        if item.currency != currency:
            raise Conflict(
                "other_currency",
                f"{item.invoice_number} is in {item.currency}, the write-off in {currency}; "
                "make one for each currency.",
                field="items",
            )


def give_up(
    asked: Iterable[Mapping[str, Any]], items: Mapping[str, OpenItem], *, source: AllocationSource
) -> list[Share]:
    """Of each item what is asked, at most what is still owed (`nothing_owed` where that is nothing)."""
    wanted: dict[str, int] = {}
    for line in asked:
        wanted[line["item_id"]] = wanted.get(line["item_id"], 0) + line["amount"]
    shares = [
        Share(items[item_id], min(amount, items[item_id].balance), source)
        for item_id, amount in wanted.items()
        if items[item_id].balance
    ]
    return require_any(shares)


def settle(items: Iterable[OpenItem], *, status: str, name: str) -> list[Share]:
    """All that is still owed of items of an invoice (`nothing_owed` where that is nothing, with why)."""
    source = AllocationSource.PAYMENT_DIFFERENCE
    shares = [Share(item, item.balance, source) for item in items if item.balance]
    if not shares and status in _DEMANDS_NOTHING:
        raise Conflict("nothing_owed", f"Invoice {name} is {_DEMANDS_NOTHING[status]}")
    return require_any(shares)


_DEMANDS_NOTHING: Mapping[str, str] = {
    InvoiceStatus.DRAFT: "a draft and demands nothing yet; issue it first, or delete it.",
    InvoiceStatus.VOID: "void and demands nothing any more; there is nothing to settle.",
}


def require_any(shares: list[Share]) -> list[Share]:
    """There is something to give up."""
    if not shares:
        raise Conflict(
            "nothing_owed", "Nothing of it is owed any more; there is nothing to give up."
        )
    return shares


class Part(NamedTuple):
    """An amount given up of an item of a kind, and what its document comes to, with and of tax."""

    kind: str
    amount: int
    total: int
    tax: int


def components_of(parts: Iterable[Part]) -> dict[str, int]:
    """What is given up consists of: of a sale net and tax in the proportion of its document (largest
    remainder). The components add up to the amounts."""
    found = dict.fromkeys(COMPONENTS, 0)
    for part in parts:
        if part.kind in _OF_COSTS:
            found[_OF_COSTS[part.kind]] += part.amount
            continue
        net, tax = split(part.amount, [part.total - part.tax, part.tax])
        found["net"] += net
        found["tax"] += tax
    return found


class RatePart(NamedTuple):
    """What of an amount given up is of one rate of tax."""

    tax_code: str
    tax_percent: Decimal
    net: int
    tax: int


def divide_by_rate(amount: int, rates: Sequence[Rated]) -> list[RatePart]:
    """What of an amount, given up of a document, is of which of its rates, net and tax: in proportion
    (largest remainder), together the amount."""
    parts = iter(split(amount, [part for rate in rates for part in (rate.net, rate.tax)]))
    return [RatePart(rate.tax_code, rate.tax_percent, next(parts), next(parts)) for rate in rates]


def sum_rates(rates: Iterable[RatePart]) -> dict[str, int]:
    """The components of what is given up, by what is of which rate."""
    found = dict.fromkeys(COMPONENTS, 0)
    for rate in rates:
        found["net"] += rate.net
        found["tax"] += rate.tax
    return found


def post(kind: str, *, amount: int, tax: int) -> dict[LedgerAccount, int]:
    """Where what is given up is posted: a discount lowers the tax that is owed with it, and is given
    up and taken back whole."""
    ledger_account = LEDGER_ACCOUNTS[AdjustmentKind(kind)]
    if kind != AdjustmentKind.EARLY_PAYMENT_DISCOUNT:
        return {ledger_account: amount}
    of_tax = tax if amount > 0 else -tax
    return {ledger_account: amount - of_tax, LedgerAccount.TAX: of_tax}


def require_overpayment(payment_id: str | None, *, adjustment_id: str) -> str:
    """The payment of which an adjustment is what came too much."""
    if payment_id is None:
        raise Conflict(
            "no_overpayment",
            f"{adjustment_id} gives up what was owed, and no overpayment; reverse it as that.",
        )
    return payment_id


def require_given_up(payment_id: str | None, *, adjustment_id: str) -> None:
    """What came too much is taken back with its payment."""
    if payment_id is not None:
        raise Conflict(
            "overpayment",
            f"{adjustment_id} is what came too much with {payment_id}; use reverse-overpayment instead.",
        )


def require_standing(adjustment: Adjusted) -> None:
    """What is taken back is so once."""
    if adjustment.is_reversed:
        raise Conflict(
            "adjustment_reversed",
            f"{adjustment.adjustment_id} is reversed already; there is nothing left of it.",
        )

"""What a reversal takes back first, and what it posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kernel.money import Money
from kernel.refusals import Conflict
from services.billing.allocations.rules import AllocationSource, OpenItem, Share
from services.billing.funds.rules import Allocated
from services.billing.ledger.rules import Journal, JournalKind, LedgerAccount


class ReversalKind(StrEnum):
    """Why money that was received is not there."""

    REVERSAL = "reversal"  # it bounced, or was entered in error
    CHARGEBACK = "chargeback"  # the payer had their bank take it back


class Parts(NamedTuple):
    """What becomes of the money that is taken back."""

    unapplied: int
    allocated: int
    refunded: int


def choose_amount(asked: int | None, *, left: Money, payment_id: str) -> int:
    """What to reverse of a payment: what is asked, or all that is left."""
    amount = left.minor if asked is None else asked
    if amount > left.minor:
        raise Conflict(
            "reversal_exceeds_amount",
            f"Of payment {payment_id}, {left} can be reversed; ask for no more than that.",
            field="amount",
            left=left.minor,
        )
    return amount


def divide(amount: int, *, unapplied: int, allocated: int) -> Parts:
    """Money that is taken back is taken of what is unapplied first, then of what is allocated; what is
    missing then was refunded."""
    from_unapplied = min(amount, unapplied)
    from_allocated = min(amount - from_unapplied, allocated)
    return Parts(from_unapplied, from_allocated, amount - from_unapplied - from_allocated)


def choose_again(
    amount: int, claimed: Sequence[OpenItem], taken: Sequence[Allocated], items: Sequence[OpenItem]
) -> list[Share]:
    """What money that was there after all is set against: the debit notes that followed from its
    reversal, then what it had paid before, as far as both are still owed. `taken` are the reversed
    allocations, with their amounts below zero."""
    by_id = {item.item_id: item for item in items}
    wanted = [(item, item.balance, str(AllocationSource.OURS)) for item in claimed]
    wanted += [(by_id[each.item_id], -each.amount, each.source) for each in taken]
    shares: dict[str, Share] = {}
    for item, most, source in wanted:
        before = shares[item.item_id].amount if item.item_id in shares else 0
        share = min(amount, most, item.balance - before)
        if share > 0:
            shares[item.item_id] = Share(item, before + share, source)
            amount -= share
    return list(shares.values())


def require_standing(*, is_standing: bool, code: str, what: str) -> None:
    """What is taken back is so once."""
    if not is_standing:
        raise Conflict(code, f"{what} is taken back already; there is nothing left of it.")


def reversal_journal(
    *, payment_id: str, account_id: str, currency: str, reversed_on: date, amount: int
) -> Journal:
    """The receipt, turned round: the money is not there."""
    return Journal(
        JournalKind.PAYMENT_REVERSED,
        payment_id,
        account_id,
        currency,
        reversed_on,
        {LedgerAccount.UNAPPLIED_CASH: amount, LedgerAccount.CASH: -amount},
    )


def reinstatement_journal(
    *, payment_id: str, account_id: str, currency: str, reinstated_on: date, amount: int
) -> Journal:
    """The reversal, turned round: the money was there after all."""
    return Journal(
        JournalKind.PAYMENT_REINSTATED,
        payment_id,
        account_id,
        currency,
        reinstated_on,
        {LedgerAccount.CASH: amount, LedgerAccount.UNAPPLIED_CASH: -amount},
    )


def refund_reversal_journal(
    *,
    refund_id: str,
    account_id: str,
    currency: str,
    reversed_on: date,
    ledger_account: LedgerAccount,
    amount: int,
) -> Journal:
    """The refund, turned round: the money did not go out, or came back."""
    return Journal(
        JournalKind.REFUND_REVERSED,
        refund_id,
        account_id,
        currency,
        reversed_on,
        {LedgerAccount.CASH: amount, ledger_account: -amount},
    )

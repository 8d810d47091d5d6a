"""What billing has against the closing of an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kernel.money import Money

AGREED = "Nothing is owed, unapplied, drafted, charged or to be billed."


class Balance(Protocol):
    """What an account owes in one currency, in minor units."""

    @property
    def currency(self) -> str: ...
    @property
    def open(self) -> int: ...
    @property
    def unapplied(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Objection:
    """Why an account cannot be closed."""

    code: str
    reason: str


def find_objection(
    balances: Sequence[Balance], *, drafts: int, charges: int, pending: int
) -> Objection | None:
    """The first of what is in the way of closing an account with these balances, that many invoices
    drafted, charges that go on and lines that wait to be billed; None if nothing is."""
    if owed := _sums(balances, lambda balance: balance.open):
        return Objection(
            "balance_open",
            f"{owed} still owed; it can be closed once that is paid, credited or written off.",
        )
    if unapplied := _sums(balances, lambda balance: balance.unapplied):
        return Objection(
            "money_unapplied",
            f"{unapplied} not allocated; it can be closed once that is refunded or allocated.",
        )
    if drafts:
        return Objection(
            "drafts_waiting",
            "1 drafted invoice waits to be issued; "
            "it can be closed once that is issued and paid, or deleted."
            if drafts == 1
            else f"{drafts} drafted invoices wait to be issued; "
            "it can be closed once they are issued and paid, or deleted.",
        )
    if charges:
        return Objection(
            "charges_running",
            "1 charge goes on; it can be closed once that is ended."
            if charges == 1
            else f"{charges} charges go on; it can be closed once they are ended.",
        )
    if pending:
        return Objection(
            "not_billed",
            "1 line waits to be billed; it can be closed once it is."
            if pending == 1
            else f"{pending} lines wait to be billed; it can be closed once they are.",
        )
    return None


def _sums(balances: Iterable[Balance], amount: Callable[[Balance], int]) -> str:
    sums = [str(Money(amount(one), one.currency)) for one in balances if amount(one)]
    return f"{' and '.join(sums)} {'is' if len(sums) == 1 else 'are'}" if sums else ""

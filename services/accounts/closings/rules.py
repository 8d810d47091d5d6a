"""Whether an account may be closed: what we see at once, and what those say who must agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from kernel.money import Money
from kernel.refusals import Conflict
from services.accounts.reasons.rules import Due, Kind

# Who must agree that an account is closed. Collections is not asked: where nothing is owed there is
# nothing to collect.
MUST_AGREE = (
    "billing",  # that nothing is owed, unapplied or drafted
    "sales",  # that nothing is ordered and not shipped, or shipped and not invoiced
)


class Balance(Protocol):
    """What is known to be owed in one currency, in minor units."""

    @property
    def currency(self) -> str: ...
    @property
    def open(self) -> int: ...
    @property
    def unapplied(self) -> int: ...


class ClosingStatus(StrEnum):
    """What came of an attempt to close an account."""

    ASKED = "asked"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ClosingAction(StrEnum):
    """What can happen to an attempt to close an account."""

    AGREE = "agree"
    CLOSE = "close"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


# Where an action leads from a status.
MOVES: Mapping[ClosingStatus, Mapping[ClosingAction, ClosingStatus]] = {
    ClosingStatus.ASKED: {
        ClosingAction.AGREE: ClosingStatus.ASKED,
        ClosingAction.CLOSE: ClosingStatus.CLOSED,
        ClosingAction.REFUSE: ClosingStatus.REFUSED,
        ClosingAction.WITHDRAW: ClosingStatus.WITHDRAWN,
    },
    ClosingStatus.CLOSED: {},
    ClosingStatus.REFUSED: {},
    ClosingStatus.WITHDRAWN: {},
}


def move_closing(status: ClosingStatus, action: ClosingAction) -> ClosingStatus:
    """Where the action leads from a closing that is undecided."""
    return MOVES[status][action]


def judge(answers: Mapping[str, bool]) -> ClosingAction:
    """What happens to a closing, from who has agreed (or objected) so far: one objection refuses it, and
    it closes when all agree, in whatever order they say so."""
    if not all(answers.values()):
        return ClosingAction.REFUSE
    return ClosingAction.AGREE if waits_for(answers) else ClosingAction.CLOSE


def waits_for(answered: Collection[str]) -> list[str]:
    """The services that must agree and have not answered yet."""
    return [service for service in MUST_AGREE if service not in answered]


def require_settled(number: str, balances: Sequence[tuple[Money, Money]]) -> None:
    """Refuse to close an account with money open or unapplied as far as we know; `balances` are (open,
    unapplied) in each currency."""
    open_items = [str(open_) for open_, _ in balances if open_]
    unapplied = [str(received) for _, received in balances if received]
    if open_items:
        raise Conflict(
            "balance_open",
            f"Account {number} still owes {' and '.join(open_items)}; "
            "it can be closed once that is paid, credited or written off.",
            open=open_items,
        )
    if unapplied:
        raise Conflict(
            "money_unapplied",
            f"Account {number} has {' and '.join(unapplied)} that is not allocated; "
            "it can be closed once that is refunded or allocated.",
            unapplied=unapplied,
        )


def left_open(account_id: str, balances: Iterable[Balance], *, today: date) -> list[Due]:
    """Why a closed account is to be looked at: what is left of it, in each currency in which something
    is."""
    dues = []
    for balance in balances:
        kinds = {"open": balance.open, "unapplied": balance.unapplied}
        words = [f"{Money(kinds[kind], balance.currency)} {kind}" for kind in kinds if kinds[kind]]
        if words:
            left = " and ".join(words)
            due = Due(
                account_id=account_id,
                reason=Kind.CLOSED_UNSETTLED,
                about=balance.currency,
                since=today,
                sentence=f"The account is closed with {left}; settle that, or reopen the account.",
                amount=Money(max(kinds.values()), balance.currency),
            )
            dues.append(due)
    return dues

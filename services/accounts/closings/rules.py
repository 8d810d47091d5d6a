"""Whether an account may be closed: what we see at once, and what those say who must agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from kernel.money import Money
from kernel.refusals import Conflict

# Who must agree that an account is closed. Collections is not asked: where nothing is owed there is
# nothing to collect.
MUST_AGREE = (
    "billing",  # that nothing is owed, unapplied or drafted
    "sales",  # that nothing is ordered and not shipped, or shipped and not invoiced
)


class ClosingStatus(StrEnum):
    """What came of an attempt to close an account."""

    ASKED = "asked"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def judge(answers: Mapping[str, bool]) -> ClosingStatus:
    """What comes of a closing, from who has agreed (or objected) so far: one objection refuses it, and
    it is closed when all agree, in whatever order they say so."""
    if not all(answers.values()):
        return ClosingStatus.REFUSED
    return ClosingStatus.ASKED if waits_for(answers) else ClosingStatus.CLOSED


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

"""What becomes of a hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from kernel.refusals import Conflict, Invalid
from services.accounts.hand_over_steps.rules import Action

ACCOUNTS_MAX = 100  # named in one command


class Status(StrEnum):
    """Where a hand-over stands."""

    DRAFTED = "drafted"
    PACKED = "packed"
    OFFERED = "offered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


MOVES: Mapping[Status, Mapping[Action, Status]] = {
    Status.DRAFTED: {Action.PACK: Status.PACKED, Action.CANCEL: Status.CANCELLED},
    Status.PACKED: {
        Action.PACK: Status.PACKED,
        Action.OFFER: Status.OFFERED,
        Action.CANCEL: Status.CANCELLED,
    },
    Status.OFFERED: {
        Action.ACCEPT: Status.OFFERED,
        Action.RETURN: Status.OFFERED,
        Action.COMPLETE: Status.COMPLETED,
        Action.CANCEL: Status.CANCELLED,
    },
    Status.COMPLETED: {},
    Status.CANCELLED: {},
}


def next_status(status: Status, action: Action) -> Status:
    """Where an action leads a hand-over; Conflict where it leads nowhere."""
    if action not in MOVES[status]:
        by_hand = sorted(MOVES[status].keys() - {Action.COMPLETE})  # which the last account does
        possible = " or ".join(by_hand) or "nothing"
        raise Conflict("wrong_status", f"The hand-over is {status}; possible: {possible}.")
    return MOVES[status][action]


def require_idle(step: Action | None) -> None:
    """Refuse anything new while a step goes through the accounts."""
    if step is not None:
        detail = f"The step {step} is still going through the accounts; wait until it is done."
        raise Conflict("hand_over_busy", detail)


def require_two(*, from_id: str, to_id: str) -> None:
    """Refuse a successor who is the predecessor."""
    if from_id == to_id:
        detail = "A book goes to somebody else; name another successor."
        raise Invalid("same_owner", detail, field="to_id")


def say_late(before: str, after: str, *, by_on: date, count: int) -> str:
    """That a hand-over from one to another should be over."""
    accounts = "1 account still waits" if count == 1 else f"{count} accounts still wait"
    return f"{before}'s hand-over to {after} was to be done by {by_on}: {accounts}."

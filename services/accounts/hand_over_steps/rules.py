"""What becomes of each account of a hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.refusals import Conflict

CHUNK = 100  # accounts in one transaction of a run


class Action(StrEnum):
    """What is done with a hand-over, or with an account in it."""

    PACK = "pack"
    OFFER = "offer"
    ACCEPT = "accept"
    RETURN = "return"
    COMPLETE = "complete"
    CANCEL = "cancel"
    RETRY = "retry"


class AccountStatus(StrEnum):
    """Where an account stands in a hand-over. One that is parked could not go on, for its reason; it
    stays where it is, and stops none of the others."""

    DRAFTED = "drafted"
    PACKED = "packed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    PARKED = "parked"


MOVES: Mapping[AccountStatus, Mapping[Action, AccountStatus]] = {
    AccountStatus.DRAFTED: {
        Action.PACK: AccountStatus.PACKED,
        Action.CANCEL: AccountStatus.CANCELLED,
    },
    AccountStatus.PACKED: {
        Action.OFFER: AccountStatus.OFFERED,
        Action.CANCEL: AccountStatus.CANCELLED,
    },
    AccountStatus.OFFERED: {
        Action.ACCEPT: AccountStatus.ACCEPTED,
        Action.RETURN: AccountStatus.RETURNED,
        Action.CANCEL: AccountStatus.CANCELLED,
    },
    AccountStatus.PARKED: {Action.RETRY: AccountStatus.DRAFTED},
    AccountStatus.ACCEPTED: {},
    AccountStatus.RETURNED: {},
    AccountStatus.CANCELLED: {},
}
WAITING = (AccountStatus.DRAFTED, AccountStatus.PACKED, AccountStatus.OFFERED)
"""Of an account that is still to go on; it is so in one hand-over at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done with accounts of a hand-over from one to another, and why: who asked for it, when it
    is done, what is missing where they are returned."""

    hand_over_id: str
    from_id: str
    to_id: str
    reason: str
    action: Action
    missing: str | None
    today: date
    now: datetime
    by: str


def next_status(status: AccountStatus, action: Action) -> AccountStatus:
    """Where an action leads an account of a hand-over; Conflict where it leads nowhere."""
    if action not in MOVES[status] and status == AccountStatus.PARKED:
        detail = (
            "The account is parked, and `parked_reason` says why; draft another hand-over for it."
        )
        raise Conflict("wrong_account_status", detail)
    if action not in MOVES[status]:
        possible = " or ".join(sorted(MOVES[status])) or "nothing"
        detail = f"In this hand-over the account is {status}; possible: {possible}."
        raise Conflict("wrong_account_status", detail)
    return MOVES[status][action]


def takes(action: Action) -> list[AccountStatus]:
    """The statuses from which an action moves an account."""
    return [status for status, moves in MOVES.items() if action in moves]


def require_still_theirs(*, owner_id: str, from_id: str) -> None:
    """Refuse to pass on what belongs to another by now."""
    if owner_id != from_id:
        detail = "The account has another owner by now; it stays there."
        raise Conflict("owner_changed", detail, owner_id=owner_id)


def returned_to(*, from_id: str, to_id: str, lead_id: str | None, is_lead_there: bool) -> str:
    """Who gets an account that is returned: whom the predecessor reports to, if they work here and
    are not who returns it; else it stays with the predecessor."""
    return lead_id if lead_id is not None and is_lead_there and lead_id != to_id else from_id

"""What a case may do in which state."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kernel.refusals import Conflict


class CaseStatus(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    DIAGNOSED = "diagnosed"
    PROPOSED = "proposed"
    IN_APPROVAL = "in_approval"
    ACCEPTED = "accepted"
    EXECUTED = "executed"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    WAITING_FOR_CLIENT = "waiting_for_client"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


class CaseAction(StrEnum):
    """What is done with a case. The last four leave it where it is."""

    ACKNOWLEDGE = "acknowledge"
    DIAGNOSE = "diagnose"
    PROPOSE = "propose"
    ASK_APPROVAL = "ask_approval"
    APPROVE = "approve"
    REFUSE = "refuse"
    ACCEPT = "accept"
    EXECUTE = "execute"
    CONFIRM = "confirm"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    MARK_DUPLICATE = "mark_duplicate"
    RESOLVE_DISPUTE = "resolve_dispute"
    WAIT = "wait"
    RESUME = "resume"
    NOTE = "note"
    UPDATE = "update"
    PRIORITISE = "prioritise"
    REASSIGN = "reassign"


class AboutKind(StrEnum):
    """What a case may be about."""

    ORDER = "order"
    ORDER_LINE = "order_line"
    INVOICE = "invoice"
    SHIPMENT = "shipment"


class DisputeOutcome(StrEnum):
    """What came of a contested amount."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    REJECTED = "rejected"


Moves = Mapping[CaseAction, CaseStatus | None]


def _running(status: CaseStatus, **moves: CaseStatus) -> Moves:
    """What is possible while something is being done about a case: these moves, to wait for the client,
    and what leaves it where it is."""
    return {
        **{CaseAction(name): to for name, to in moves.items()},
        CaseAction.WAIT: CaseStatus.WAITING_FOR_CLIENT,
        CaseAction.NOTE: status,
        CaseAction.UPDATE: status,
        CaseAction.PRIORITISE: status,
        CaseAction.REASSIGN: status,
    }


_GIVEN_UP = {"withdraw": CaseStatus.WITHDRAWN, "mark_duplicate": CaseStatus.DUPLICATE}

# Where an action leads from a status; None is back to where the case was before it waited.
MOVES: Mapping[CaseStatus, Moves] = {
    CaseStatus.RECEIVED: _running(
        CaseStatus.RECEIVED,
        acknowledge=CaseStatus.ACKNOWLEDGED,
        resolve_dispute=CaseStatus.PROPOSED,
        **_GIVEN_UP,
    ),
    CaseStatus.ACKNOWLEDGED: _running(
        CaseStatus.ACKNOWLEDGED,
        diagnose=CaseStatus.DIAGNOSED,
        close=CaseStatus.CLOSED,  # of praise alone, which asks for nothing
        resolve_dispute=CaseStatus.PROPOSED,
        **_GIVEN_UP,
    ),
    CaseStatus.DIAGNOSED: _running(
        CaseStatus.DIAGNOSED,
        diagnose=CaseStatus.DIAGNOSED,
        propose=CaseStatus.PROPOSED,
        resolve_dispute=CaseStatus.PROPOSED,
        **_GIVEN_UP,
    ),
    CaseStatus.PROPOSED: _running(
        CaseStatus.PROPOSED,
        propose=CaseStatus.PROPOSED,
        ask_approval=CaseStatus.IN_APPROVAL,
        accept=CaseStatus.ACCEPTED,
        refuse=CaseStatus.DIAGNOSED,
        resolve_dispute=CaseStatus.PROPOSED,
        **_GIVEN_UP,
    ),
    CaseStatus.IN_APPROVAL: _running(
        CaseStatus.IN_APPROVAL, approve=CaseStatus.ACCEPTED, refuse=CaseStatus.DIAGNOSED
    ),
    CaseStatus.ACCEPTED: _running(
        CaseStatus.ACCEPTED, execute=CaseStatus.EXECUTED, propose=CaseStatus.PROPOSED
    ),
    CaseStatus.EXECUTED: _running(CaseStatus.EXECUTED, confirm=CaseStatus.CONFIRMED),
    CaseStatus.CONFIRMED: _running(CaseStatus.CONFIRMED, close=CaseStatus.CLOSED),
    CaseStatus.CLOSED: {CaseAction.REOPEN: CaseStatus.ACKNOWLEDGED},
    CaseStatus.WAITING_FOR_CLIENT: {
        CaseAction.RESUME: None,
        CaseAction.NOTE: CaseStatus.WAITING_FOR_CLIENT,
        CaseAction.UPDATE: CaseStatus.WAITING_FOR_CLIENT,
        CaseAction.PRIORITISE: CaseStatus.WAITING_FOR_CLIENT,
        CaseAction.REASSIGN: CaseStatus.WAITING_FOR_CLIENT,
    },
    CaseStatus.WITHDRAWN: {},
    CaseStatus.DUPLICATE: {},
}

ENDED = frozenset({CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.DUPLICATE})


def require_move(number: str, status: CaseStatus, action: CaseAction) -> None:
    """Conflict, which says when the action would be possible, where it leads nowhere."""
    if action in MOVES[status]:
        return
    possible = " or ".join(str(before) for before, moves in MOVES.items() if action in moves)
    raise Conflict(
        "wrong_status",
        f"Case {number} is {status}; {action} is for a case that is {possible}.",
        state=status,
    )


def next_status(
    number: str, status: CaseStatus, action: CaseAction, *, before_waiting: CaseStatus | None
) -> CaseStatus:
    """Where the action leads; Conflict where it leads nowhere. `before_waiting` is where a case that
    waits was before."""
    require_move(number, status, action)
    to = MOVES[status][action] or before_waiting
    assert to is not None, "who waits knows where they were before"
    return to

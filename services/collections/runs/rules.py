"""Where dunning runs and their notices stand, what moves them, and when a run may be made. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from kernel.calendar import require_foreseeable
from kernel.refusals import Conflict


class RunStatus(StrEnum):
    """The state of a dunning run."""

    PLANNED = "planned"
    PREVIEWED = "previewed"
    APPROVED = "approved"
    RUNNING = "running"
    COMPLETED = "completed"
    COMPLETED_WITH_PARKED = "completed_with_parked"
    CANCELLED = "cancelled"


class NoticeStatus(StrEnum):
    """The state of a dunning notice. An item in it is proposed, approved, sent or dropped."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


class RunAction(StrEnum):
    """What moves a run from one state to another."""

    PREVIEW = "preview"
    APPROVE = "approve"
    SEND = "send"
    COMPLETE = "complete"
    PARK = "park"
    CANCEL = "cancel"


class NoticeAction(StrEnum):
    """What moves a notice, or an item in one, from one state to another."""

    APPROVE = "approve"
    SEND = "send"
    REFUSE = "refuse"
    DROP = "drop"
    CANCEL = "cancel"


RUN_MOVES: Mapping[RunStatus, Mapping[RunAction, RunStatus]] = {
    RunStatus.PLANNED: {
        RunAction.PREVIEW: RunStatus.PREVIEWED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.PREVIEWED: {
        RunAction.APPROVE: RunStatus.APPROVED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.APPROVED: {
        RunAction.SEND: RunStatus.RUNNING,
        RunAction.COMPLETE: RunStatus.COMPLETED,
        RunAction.PARK: RunStatus.COMPLETED_WITH_PARKED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.RUNNING: {
        RunAction.COMPLETE: RunStatus.COMPLETED,
        RunAction.PARK: RunStatus.COMPLETED_WITH_PARKED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.COMPLETED_WITH_PARKED: {
        RunAction.COMPLETE: RunStatus.COMPLETED,
        RunAction.CANCEL: RunStatus.CANCELLED,
    },
    RunStatus.COMPLETED: {},
    RunStatus.CANCELLED: {},
}
NOTICE_MOVES: Mapping[NoticeStatus, Mapping[NoticeAction, NoticeStatus]] = {
    NoticeStatus.PROPOSED: {
        NoticeAction.APPROVE: NoticeStatus.APPROVED,
        NoticeAction.DROP: NoticeStatus.DROPPED,
        NoticeAction.CANCEL: NoticeStatus.CANCELLED,
    },
    NoticeStatus.APPROVED: {
        NoticeAction.SEND: NoticeStatus.SENT,
        NoticeAction.REFUSE: NoticeStatus.UNDELIVERABLE,
        NoticeAction.DROP: NoticeStatus.DROPPED,
        NoticeAction.CANCEL: NoticeStatus.CANCELLED,
    },
    NoticeStatus.SENT: {},
    NoticeStatus.UNDELIVERABLE: {},
    NoticeStatus.DROPPED: {},
    NoticeStatus.CANCELLED: {},
}


def move_run(status: str, action: RunAction) -> RunStatus:
    """Where the action leads; Conflict, which says when it would be possible, where it leads nowhere."""
    moves = RUN_MOVES[RunStatus(status)]
    if action not in moves:
        possible = " or ".join(state for state, known in RUN_MOVES.items() if action in known)
        raise Conflict(
            "run_state",
            f"The run is {status}; one can {action} only what is {possible}.",
            state=status,
        )
    return moves[action]


def move_notice(status: str, action: NoticeAction) -> NoticeStatus:
    """As `move_run`, of a notice or an item in one."""
    moves = NOTICE_MOVES[NoticeStatus(status)]
    if action not in moves:
        possible = " or ".join(statuses_before(action))
        raise Conflict(
            "notice_state",
            f"The notice is {status}; one can {action} only what is {possible}.",
            state=status,
        )
    return moves[action]


def statuses_before(action: NoticeAction) -> tuple[NoticeStatus, ...]:
    """The states of notices, and of items in them, from which the action leads somewhere."""
    return tuple(status for status, moves in NOTICE_MOVES.items() if action in moves)


def status_after(action: NoticeAction) -> NoticeStatus:
    """Where the action leads, whatever it began from."""
    return move_notice(statuses_before(action)[0], action)


def require_sendable(*, run_on: date, today: date) -> None:
    """A run for a day to come can be looked at, not sent."""
    if run_on > today:
        raise Conflict("run_in_the_future", f"The run is for {run_on}; approve it on that day.")


def require_plannable(*, run_on: date, today: date) -> None:
    """What was open on a day gone by is not known any more; what will be then is not foreseeable."""
    if run_on < today:
        raise Conflict(
            "run_in_the_past",
            f"Runs look at items as they are; give today ({today}) or a later day. "
            "What was decided earlier is under dunning-explanations.",
        )
    require_foreseeable(run_on, today=today, field="run_on")

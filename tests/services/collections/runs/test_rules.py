"""Claims about where runs and notices stand: every state and everything that may happen in it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from kernel.refusals import Conflict, Invalid, Refusal
from services.collections.runs.rules import (
    NoticeAction,
    NoticeStatus,
    RunAction,
    RunStatus,
    move_notice,
    move_run,
    require_plannable,
    require_sendable,
    status_after,
    statuses_before,
)

TODAY = date(2026, 3, 1)

RUNS = {
    ("planned", "preview"): "previewed",
    ("planned", "cancel"): "cancelled",
    ("previewed", "approve"): "approved",
    ("previewed", "cancel"): "cancelled",
    ("approved", "send"): "running",
    ("approved", "complete"): "completed",
    ("approved", "park"): "completed_with_parked",
    ("approved", "cancel"): "cancelled",
    ("running", "complete"): "completed",
    ("running", "park"): "completed_with_parked",
    ("running", "cancel"): "cancelled",
    ("completed_with_parked", "complete"): "completed",
    ("completed_with_parked", "cancel"): "cancelled",
}
NOTICES = {
    ("proposed", "approve"): "approved",
    ("proposed", "drop"): "dropped",
    ("proposed", "cancel"): "cancelled",
    ("approved", "send"): "sent",
    ("approved", "refuse"): "undeliverable",
    ("approved", "drop"): "dropped",
    ("approved", "cancel"): "cancelled",
}


@pytest.mark.parametrize(("status", "action"), list(product(RunStatus, RunAction)))
def test_a_run_moves_as_the_table_says_or_is_refused(status: RunStatus, action: RunAction) -> None:
    if (status, action) in RUNS:
        assert move_run(status, action) == RUNS[status, action]
        return
    with pytest.raises(Conflict, match=f"The run is {status}; one can {action} only") as refused:
        move_run(status, action)
    assert (refused.value.code, refused.value.facts) == ("run_state", {"state": status})


@pytest.mark.parametrize(("status", "action"), list(product(NoticeStatus, NoticeAction)))
def test_a_notice_moves_as_the_table_says_or_is_refused(
    status: NoticeStatus, action: NoticeAction
) -> None:
    if (status, action) in NOTICES:
        assert move_notice(status, action) == NOTICES[status, action]
        return
    with pytest.raises(Conflict, match=f"The notice is {status}; one can {action}") as refused:
        move_notice(status, action)
    assert (refused.value.code, refused.value.facts) == ("notice_state", {"state": status})


def test_a_refusal_says_when_it_would_be_possible() -> None:
    with pytest.raises(Conflict, match=r"one can approve only what is previewed\."):
        move_run(RunStatus.RUNNING, RunAction.APPROVE)
    with pytest.raises(Conflict, match=r"one can cancel only what is proposed or approved\."):
        move_notice(NoticeStatus.SENT, NoticeAction.CANCEL)


@pytest.mark.parametrize("action", NoticeAction)
def test_many_notices_are_moved_from_the_same_states_to_the_same_as_one(
    action: NoticeAction,
) -> None:
    assert {(before, action): status_after(action) for before in statuses_before(action)} == {
        move: after for move, after in NOTICES.items() if move[1] == action
    }


@pytest.mark.parametrize(
    ("run_on", "refusal", "code"),
    [
        (TODAY - timedelta(days=1), Conflict, "run_in_the_past"),
        (TODAY, None, None),
        (date(2076, 3, 1), None, None),
        (date(2076, 3, 2), Invalid, "too_far_ahead"),
    ],
)
def test_a_run_is_for_today_or_a_day_that_is_foreseeable(
    run_on: date, refusal: type[Refusal] | None, code: str | None
) -> None:
    if refusal is None:
        require_plannable(run_on=run_on, today=TODAY)
        return
    with pytest.raises(refusal) as refused:
        require_plannable(run_on=run_on, today=TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(("days", "is_sendable"), [(-1, True), (0, True), (1, False)])
def test_a_run_is_sent_on_its_day_at_the_earliest(days: int, is_sendable: bool) -> None:
    run_on = TODAY + timedelta(days=days)
    if is_sendable:
        require_sendable(run_on=run_on, today=TODAY)
        return
    with pytest.raises(Conflict, match="approve it on that day") as refused:
        require_sendable(run_on=run_on, today=TODAY)
    assert refused.value.code == "run_in_the_future"

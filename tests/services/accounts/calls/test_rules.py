"""Claims about calls: what becomes of them, whose they are, what is said of those who wait."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kernel.refusals import Conflict, Invalid
from services.accounts.calls.rules import (
    MOVES,
    CallAction,
    CallStatus,
    Match,
    call_status,
    choose_match,
    explain_callback,
    explain_late,
    require_account,
    require_back,
    require_move,
    require_period,
    require_times,
    require_unknown,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("answered_at", "called_back_at", "status"),
    [(None, None, "missed"), (NOW, None, "answered"), (None, NOW, "called_back")],
)
def test_what_became_of_a_call(
    answered_at: datetime | None, called_back_at: datetime | None, status: str
) -> None:
    assert call_status(answered_at=answered_at, called_back_at=called_back_at) == status


@pytest.mark.parametrize("status", CallStatus)
def test_only_who_was_missed_is_called_back(status: CallStatus) -> None:
    assert set(MOVES) == set(CallStatus)
    if status == CallStatus.MISSED:
        require_move(status, CallAction.CALL_BACK)
        return
    with pytest.raises(Conflict, match=f"is {status}; there is nobody to call back") as refused:
        require_move(status, CallAction.CALL_BACK)
    assert refused.value.code == "wrong_status"


@pytest.mark.parametrize(
    ("facts", "refused_as"),
    [
        ({}, None),
        ({"answered_at": NOW}, None),
        ({"answered_at": NOW, "minutes": 5}, None),
        ({"minutes": 0}, None),
        ({"rung_at": NOW + SECOND}, ("rung_in_future", "rung_at")),
        ({"minutes": 5}, ("minutes_of_missed", "minutes")),
        ({"answered_at": NOW - SECOND}, ("answered_wrongly", "answered_at")),
        ({"answered_at": NOW + SECOND}, ("answered_wrongly", "answered_at")),
    ],
)
def test_a_call_rings_before_it_is_answered_and_neither_in_the_future(
    facts: dict[str, object], refused_as: tuple[str, str] | None
) -> None:
    known: dict[str, object] = {"rung_at": NOW, "answered_at": None, "minutes": None, "now": NOW}
    if refused_as is None:
        require_times(**known | facts)  # type: ignore[arg-type]
        return
    with pytest.raises(Invalid) as refused:
        require_times(**known | facts)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.errors[0]["field"]) == refused_as


def test_who_rang_is_somebody_at_an_account() -> None:
    require_account("acc_1", "con_1")
    require_account(None, None)
    with pytest.raises(Invalid) as refused:
        require_account(None, "con_1")
    assert refused.value.errors[0]["field"] == "account_id"


@pytest.mark.parametrize(("seconds", "is_taken"), [(0, True), (10, True), (11, False), (-1, False)])
def test_somebody_is_called_back_after_they_rang_and_not_in_the_future(
    seconds: int, is_taken: bool
) -> None:
    at, now = NOW + seconds * SECOND, NOW + 10 * SECOND
    if is_taken:
        require_back(at, rung_at=NOW, now=now)
        return
    with pytest.raises(Invalid) as refused:
        require_back(at, rung_at=NOW, now=now)
    assert refused.value.errors[0]["field"] == "at"


def test_a_call_is_assigned_once() -> None:
    require_unknown(None)
    with pytest.raises(Conflict, match="acc_1's"):
        require_unknown("acc_1")


@pytest.mark.parametrize(("days", "is_taken"), [(0, True), (365, True), (366, False), (-1, False)])
def test_a_period_of_calls_is_a_year_at_the_most(days: int, is_taken: bool) -> None:
    since = date(2026, 1, 1)
    if is_taken:
        require_period(since, since + timedelta(days=days))
        return
    with pytest.raises(Invalid) as refused:
        require_period(since, since + timedelta(days=days))
    assert refused.value.errors[0]["field"] == "until"


A1, A2 = Match("acc_a", "con_1", False), Match("acc_a", "con_2", False)
B1, OLD_A, OLD_B = (
    Match("acc_b", "con_3", False),
    Match("acc_a", "con_4", True),
    Match("acc_b", "con_5", True),
)


@pytest.mark.parametrize(
    ("matches", "chosen"),
    [
        ([], (None, None)),
        ([A1], ("acc_a", "con_1")),
        ([A1, A2], ("acc_a", None)),
        ([A1, B1], (None, None)),
        ([A1, OLD_B], ("acc_a", "con_1")),
        ([OLD_A], ("acc_a", "con_4")),
        ([OLD_A, OLD_B], (None, None)),
    ],
)
def test_who_rang_is_known_where_only_one_can_be_meant(
    matches: list[Match], chosen: tuple[str | None, str | None]
) -> None:
    assert choose_match(matches) == chosen


def test_who_waits_for_a_call_is_told_of_in_a_sentence() -> None:
    when = {"rung_at": NOW, "due_at": NOW + timedelta(hours=4), "zone": BERLIN}
    assert explain_callback("Ada (+4930)", **when) == (  # type: ignore[arg-type]
        "Ada (+4930) rang at 2026-03-02 10:30 and was not answered; call back until 2026-03-02 14:30."
    )
    assert explain_late("Ada (+4930)", **when) == (  # type: ignore[arg-type]
        "Ada (+4930) rang at 2026-03-02 10:30 and was to be called back until 2026-03-02 14:30: "
        "nobody has, call now."
    )

"""Claims about activities: where they may go, what must be said of them, what follows them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from kernel.working_time import Stretch, WorkingTime
from services.accounts.activities.rules import (
    MOVES,
    ActivityAction,
    ActivityKind,
    ActivityOutcome,
    ActivityStatus,
    CountedFrom,
    FollowUpRule,
    Way,
    choose_step,
    explain_due,
    move_activity,
    name_follow_up,
    require_ahead,
    require_begun,
    require_contacts,
    require_correctable,
    require_outcome,
    require_past,
    require_rules,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def office_week(zone: tzinfo) -> WorkingTime:
    """Monday to Friday, nine to five."""
    return WorkingTime(zone, [[Stretch(time(9), time(17))]] * 5 + [[], []])


LEADS = {
    ("planned", "hold"): "held",
    ("planned", "miss"): "not_held",
    ("planned", "reschedule"): "rescheduled",
    ("planned", "cancel"): "cancelled",
    ("held", "correct"): "held",
}


@pytest.mark.parametrize("action", ActivityAction)
@pytest.mark.parametrize("status", ActivityStatus)
def test_an_activity_goes_where_the_table_says_or_nowhere(
    status: ActivityStatus, action: ActivityAction
) -> None:
    to = LEADS.get((status, action))
    if to is not None:
        assert move_activity(status, action) == to
        return
    with pytest.raises(Conflict, match=f"is {status}; {action} is for one that is") as refused:
        move_activity(status, action)
    assert (refused.value.code, refused.value.facts["state"]) == ("wrong_status", status)


def test_every_status_has_its_moves() -> None:
    assert set(MOVES) == set(ActivityStatus)


@pytest.mark.parametrize(
    ("kind", "outcome", "note", "refused_as"),
    [
        ("call", "reached", None, None),
        ("call", "not_reached", None, None),
        ("call", "left_message", None, None),
        ("visit", "agreed", None, None),
        ("visit", "complained", "The lamp flickers.", None),
        ("visit", "complained", None, ("note_missing", "note")),
        ("letter", "other", "", ("note_missing", "note")),
        ("visit", "not_reached", "Gone.", ("outcome_of_calls", "outcome")),
        ("email", "left_message", None, ("outcome_of_calls", "outcome")),
        ("call", "not_held", None, ("outcome_of_none", "outcome")),
    ],
)
def test_an_outcome_fits_its_kind_and_says_something(
    kind: str, outcome: str, note: str | None, refused_as: tuple[str, str] | None
) -> None:
    said = (ActivityKind(kind), ActivityOutcome(outcome), note)
    if refused_as is None:
        require_outcome(*said)
        return
    with pytest.raises(Invalid) as refused:
        require_outcome(*said)
    assert (refused.value.code, refused.value.errors[0]["field"]) == refused_as


def test_nothing_was_held_in_the_future() -> None:
    require_past(NOW, now=NOW)
    with pytest.raises(Invalid, match="plan what is still to come") as refused:
        require_past(NOW + HOUR, now=NOW)
    assert (refused.value.code, refused.value.errors[0]["field"]) == ("held_in_future", "held_at")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW - HOUR, "planned_in_past"),
        (NOW + timedelta(days=51 * 366), "too_far_ahead"),
        (NOW, None),
        (NOW + HOUR, None),
    ],
)
def test_what_is_planned_is_ahead_and_foreseeable(at: datetime, code: str | None) -> None:
    if code is None:
        require_ahead(at, now=NOW, zone=UTC)
        return
    with pytest.raises(Invalid) as refused:
        require_ahead(at, now=NOW, zone=UTC, field="next_step/at")
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, "next_step/at")


def test_nobody_has_missed_what_is_still_to_come() -> None:
    require_begun(NOW, now=NOW)
    with pytest.raises(Conflict, match="reschedule it or cancel it"):
        require_begun(NOW + HOUR, now=NOW)


def test_what_was_said_can_be_corrected_for_a_day() -> None:
    require_correctable(NOW - 24 * HOUR, now=NOW)
    with pytest.raises(Conflict, match="until 2026-03-02T09:29:59") as refused:
        require_correctable(NOW - 24 * HOUR - timedelta(seconds=1), now=NOW)
    assert refused.value.code == "correction_too_late"


def test_people_of_another_account_are_named_and_refused() -> None:
    require_contacts(["con_1", "con_1"], {"con_1", "con_2"})
    with pytest.raises(Invalid, match="con_3, con_4") as refused:
        require_contacts(["con_4", "con_1", "con_3"], {"con_1"})
    assert refused.value.errors[0]["field"] == "contact_ids"


def rule(**facts: object) -> FollowUpRule:
    known = {
        "kind": ActivityKind.CALL,
        "outcome": ActivityOutcome.NOT_REACHED,
        "way": Way.CREATED,
        "next_kind": ActivityKind.CALL,
        "delay_days": 1,
        "counted_from": CountedFrom.TODAY,
    }
    return FollowUpRule(**known | facts)  # type: ignore[arg-type]


def test_there_is_one_rule_for_a_kind_and_an_outcome() -> None:
    agreed = {"outcome": ActivityOutcome.AGREED}
    require_rules([rule(), rule(**agreed), rule(**agreed, kind=ActivityKind.VISIT)])
    with pytest.raises(Invalid, match="call not_reached") as refused:
        require_rules([rule(), rule(**agreed), rule(delay_days=2)])
    assert refused.value.errors[0]["field"] == "rules/2/outcome"


def test_no_rule_is_for_what_cannot_be() -> None:
    with pytest.raises(Invalid, match="Only a call is not_reached") as refused:
        require_rules([rule(), rule(kind=ActivityKind.VISIT)])
    assert refused.value.errors[0]["field"] == "rules/1/outcome"


FRIDAY_EVENING = datetime(2026, 3, 6, 18, tzinfo=UTC)
LAST_TUESDAY = datetime(2026, 2, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "now", "planned_at", "at"),
    [
        ({}, NOW, None, "2026-03-03T09:00"),
        ({"delay_days": 5}, NOW, None, "2026-03-09T09:00"),  # over the weekend
        ({"delay_days": 0}, NOW, None, "2026-03-02T09:30"),  # at once
        ({"delay_days": 0}, FRIDAY_EVENING, None, "2026-03-09T09:00"),  # when the office opens
        (
            {"counted_from": CountedFrom.PLANNED, "delay_days": 6},
            NOW,
            LAST_TUESDAY,
            "2026-03-04T09:00",
        ),
        (
            {"counted_from": CountedFrom.PLANNED},
            NOW,
            LAST_TUESDAY,
            "2026-03-02T09:30",
        ),  # it is past
        ({"counted_from": CountedFrom.PLANNED}, NOW, None, "2026-03-03T09:00"),  # nothing was
    ],
)
def test_the_next_step_is_so_many_business_days_away(
    facts: dict[str, object], now: datetime, planned_at: datetime | None, at: str
) -> None:
    step = choose_step(
        rule(**facts), subject="Offer", planned_at=planned_at, now=now, working=office_week(UTC)
    )
    assert step.at == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert step.subject == "Follow-up: Offer"


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1))


@given(moments, st.none() | moments, st.integers(0, 60), st.sampled_from(CountedFrom))
def test_a_next_step_is_in_office_hours_never_past_and_so_many_working_days_on(
    now: datetime, planned: datetime | None, delay: int, counted_from: CountedFrom
) -> None:
    now, working = now.replace(tzinfo=UTC), office_week(BERLIN)
    planned_at = planned and planned.replace(tzinfo=UTC)
    wanted = rule(delay_days=delay, counted_from=counted_from)
    step = choose_step(wanted, subject="x", planned_at=planned_at, now=now, working=working)
    assert step.at >= now
    assert working.is_open(step.at)
    is_from_plan = counted_from == CountedFrom.PLANNED and planned_at
    start = (planned_at if is_from_plan else now).astimezone(BERLIN).date()
    days = (step.at.astimezone(BERLIN).date() - start).days
    passed = sum(working.is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))
    is_at_once = step.at == max(now, working.next_open(now)[0])
    assert is_at_once or passed == delay + (not working.is_working_day(start))


def test_a_follow_up_of_a_follow_up_is_named_as_one() -> None:
    assert name_follow_up("Follow-up: Offer") == "Follow-up: Offer"
    assert len(name_follow_up("x" * 200)) == 200


def test_what_waits_for_its_outcome_is_told_in_a_sentence() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert explain_due(ActivityKind.VISIT, at, "Annual review", zone=BERLIN) == (
        "Visit planned for 2026-03-02 10:00 has no outcome yet (Annual review)."
    )

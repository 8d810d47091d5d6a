"""What clocks count: working time while a case runs, and nothing while the client is waited for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.refusals import Invalid
from services.accounts.accounts.rules import Tier
from services.accounts.calendars.rules import Timetable, usual_week, working_time
from services.accounts.clocks import rules
from services.accounts.clocks.rules import Clock, Kind, Passage, Priority, rounds_of

BERLIN = ZoneInfo("Europe/Berlin")
EVERY = frozenset(Clock)
ONE = frozenset({Clock.SOLUTION})
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """A moment in Berlin: Friday is 2026-06-12, in a week without a holiday."""
    weekday, clock = text.split()
    day = {"fri": 12, "sat": 13, "mon": 15, "tue": 16, "wed": 17}[weekday]
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


def week(*, country: str | None = "DE", closed: tuple[date, ...] = ()) -> Timetable:
    hours = working_time(usual_week(None), zone=BERLIN, country=country, closed_days=closed)
    return Timetable([(datetime(2000, 1, 1, tzinfo=UTC), hours)])


def waits(*pauses: tuple[str, str], received: str = "fri 15:30") -> list[Passage]:
    """A case that was received, and waited for the client from each of the moments to the other."""
    passages = [Passage(at(received), is_running=True, begins=EVERY)]
    for since, until in pauses:
        passages += [Passage(at(since), is_running=False), Passage(at(until), is_running=True)]
    return passages


@pytest.mark.parametrize(
    ("passages", "due"),
    [
        (waits(), "mon 11:30"),
        (waits(("mon 10:00", "tue 10:00")), "tue 11:30"),
        (waits(("mon 17:00", "tue 9:00")), "mon 11:30"),
        (waits(("fri 17:00", "mon 9:00")), "mon 11:30"),
        (waits(("fri 16:00", "fri 16:30")), "mon 12:00"),
        (waits(received="sat 10:00"), "mon 13:00"),
    ],
)
def test_four_hours_are_four_hours_of_work_while_the_case_runs(
    passages: list[Passage], due: str
) -> None:
    [one] = rounds_of(Clock.SOLUTION, passages)
    assert one.reaches(timedelta(hours=4), week()) == at(due)


@pytest.mark.parametrize(
    ("timetable", "due"),
    [
        (week(closed=(date(2026, 6, 15),)), "tue 11:30"),
        (week(country="XX"), "mon 11:30"),
    ],
)
def test_closed_days_move_it_and_a_country_of_which_nothing_is_known_has_none(
    timetable: Timetable, due: str
) -> None:
    [one] = rounds_of(Clock.SOLUTION, waits())
    assert one.reaches(timedelta(hours=4), timetable) == at(due)


def test_a_public_holiday_counts_nothing() -> None:
    good_friday_eve = datetime(2026, 4, 2, 16, tzinfo=BERLIN)
    [one] = rounds_of(Clock.UPDATE, [Passage(good_friday_eve, is_running=True, begins=EVERY)])
    tuesday_after_easter = datetime(2026, 4, 7, 10, tzinfo=BERLIN)
    assert one.reaches(timedelta(hours=2), week()) == tuesday_after_easter


def test_what_stands_still_has_no_moment_at_which_it_is_due() -> None:
    passages = waits(("mon 10:00", "tue 10:00"))[:2]
    [one] = rounds_of(Clock.SOLUTION, passages)
    assert one.is_standing
    assert one.reaches(timedelta(hours=4), week()) is None
    assert one.reaches(timedelta(hours=2), week()) == at("mon 9:30")  # it was due before
    assert one.elapsed(week(), at("wed 12:00")) == timedelta(hours=2, minutes=30)


def test_what_is_begun_anew_counts_from_there_and_what_was_before_is_judged_apart() -> None:
    passages = [
        Passage(at("mon 9:00"), is_running=True, begins=EVERY),
        Passage(at("mon 11:00"), is_running=True, begins=frozenset({Clock.UPDATE})),
        Passage(at("mon 12:00"), is_running=True, ends=ONE),
        Passage(at("tue 9:00"), is_running=False, ends=ONE),
        Passage(at("tue 12:00"), is_running=True, begins=EVERY),
    ]
    first, second, third = rounds_of(Clock.UPDATE, passages)
    assert (first.begun_at, first.ended_at) == (at("mon 9:00"), at("mon 11:00"))
    assert second.elapsed(week(), at("wed 9:00")) == timedelta(hours=6)
    assert third.ended_at is None
    solved, again = rounds_of(Clock.SOLUTION, passages)
    assert (solved.ended_at, solved.elapsed(week(), at("wed 9:00"))) == (
        at("mon 12:00"),
        timedelta(hours=3),
    )
    assert again.begun_at == at("tue 12:00")


PERIODS = st.lists(st.tuples(st.integers(1, 4000), st.booleans()), min_size=1, max_size=6)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
COUNTRIES = st.sampled_from([None, "DE", "US", "IN", "NZ"])


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10)),
    periods=PERIODS,
    zone=ZONES,
    country=COUNTRIES,
    closed=st.lists(st.dates(date(2026, 3, 20), date(2026, 4, 20)), max_size=3),
    change=st.integers(0, 10_000),
    target=st.integers(1, 1500),
)
def test_a_clock_counts_as_one_does_minute_by_minute(
    start: datetime,
    periods: list[tuple[int, bool]],
    zone: str,
    country: str | None,
    closed: list[date],
    change: int,
    target: int,
) -> None:
    moment = start.replace(second=0, microsecond=0, tzinfo=UTC)
    hours = working_time(usual_week(None), zone=ZoneInfo(zone), country=country, closed_days=closed)
    later = working_time(usual_week(None)[:3], zone=ZoneInfo(zone), country=country, closed_days=())
    timetable = Timetable([(moment, hours), (moment + change * MINUTE, later)])
    passages, counted, reached = [], 0, None
    for length, is_running in periods:
        begins = frozenset() if passages else EVERY
        passages.append(Passage(moment, is_running=is_running, begins=begins))
        for _ in range(length):
            counted += is_running and timetable.at(moment).is_open(moment)
            moment += MINUTE
            reached = moment if counted == target and reached is None else reached
    passages.append(Passage(moment, is_running=False))
    [one] = rounds_of(Clock.SOLUTION, passages)
    assert one.elapsed(timetable, moment) == counted * MINUTE
    assert one.reaches(target * MINUTE, timetable) == reached


@pytest.mark.parametrize(
    ("kind", "priority", "tier", "minutes"),
    [
        (Kind.COMPLAINT, Priority.NORMAL, Tier.STANDARD, (240, 960, 2400)),
        (Kind.COMPLAINT, Priority.NORMAL, Tier.KEY, (120, 480, 1200)),
        (Kind.REQUEST, Priority.URGENT, Tier.SMALL, (120, 480, 960)),
        (Kind.PRAISE, Priority.LOW, Tier.STANDARD, (480, None, None)),
    ],
)
def test_usual_targets(kind: Kind, priority: Priority, tier: Tier, minutes: tuple[int]) -> None:
    assert tuple(rules.usual_target(kind, priority, tier).values()) == minutes


def test_it_warns_at_three_quarters_while_it_runs() -> None:
    [runs] = rounds_of(Clock.SOLUTION, waits())
    assert runs.look_ahead(240, week()) == rules.Ahead(at("mon 10:30"), at("mon 11:30"))
    [stands] = rounds_of(Clock.SOLUTION, waits(("fri 16:00", "mon 9:00"))[:2])
    over = Passage(at("fri 16:00"), is_running=True, ends=EVERY)
    [ended] = rounds_of(Clock.SOLUTION, [*waits(), over])
    assert stands.look_ahead(240, week()) is ended.look_ahead(240, week()) is None


class Warned:
    """A clock that has warned."""

    def __init__(self, clock: Clock, escalated_at: datetime | None = None) -> None:
        self.clock, self.due_at, self.escalated_at = clock, at("mon 11:30"), escalated_at


@pytest.mark.parametrize(
    ("clocks", "superior", "sentence"),
    [
        (
            [Warned(Clock.FIRST_RESPONSE)],
            None,
            "Complaint C-000017 waits for its first answer until 2026-06-15 11:30.",
        ),
        (
            [Warned(Clock.UPDATE, at("mon 11:30")), Warned(Clock.SOLUTION)],
            "Lea Lead",
            "Complaint C-000017 should have had news by 2026-06-15 11:30. "
            "Complaint C-000017 waits for its solution until 2026-06-15 11:30. Lea Lead has been told.",
        ),
    ],
)
def test_it_says_what_is_waited_for_and_until_when(
    clocks: list[Warned], superior: str | None, sentence: str
) -> None:
    assert rules.say_waiting("Complaint C-000017", clocks, BERLIN, superior) == sentence


def test_a_target_is_named_once() -> None:
    one = (Kind.PRAISE, Priority.LOW, Tier.KEY)
    rules.require_once([one])
    with pytest.raises(Invalid, match="praise low key is there twice"):
        rules.require_once([one, one])

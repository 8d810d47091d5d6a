"""What may become of an activity, what must be said of one that was held, and what follows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from kernel.calendar import day_at, moment_at, require_foreseeable
from kernel.refusals import Conflict, Invalid
from kernel.working_time import WorkingTime

SUBJECT_MAX = 200  # characters
CONTACTS_MAX = 20
PLANNED_MINUTES = 30  # where nobody says how long
MINUTES_MAX = 24 * 60
DELAY_DAYS_MAX = 250
CORRECTED_WITHIN = timedelta(hours=24)
VISIT_DUE = "visit_due"
FOLLOW_UP = "Follow-up: "


class ActivityKind(StrEnum):
    """How an account is met."""

    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    EMAIL = "email"
    LETTER = "letter"


class Direction(StrEnum):
    """Who begins: the client, or we."""

    IN = "in"
    OUT = "out"


class ActivityStatus(StrEnum):
    """Where an activity stands."""

    PLANNED = "planned"
    HELD = "held"
    NOT_HELD = "not_held"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"


class ActivityAction(StrEnum):
    """What can become of an activity."""

    HOLD = "hold"
    MISS = "miss"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    CORRECT = "correct"


# Where an action leads from a status.
MOVES: Mapping[ActivityStatus, Mapping[ActivityAction, ActivityStatus]] = {
    ActivityStatus.PLANNED: {
        ActivityAction.HOLD: ActivityStatus.HELD,
        ActivityAction.MISS: ActivityStatus.NOT_HELD,
        ActivityAction.RESCHEDULE: ActivityStatus.RESCHEDULED,
        ActivityAction.CANCEL: ActivityStatus.CANCELLED,
    },
    ActivityStatus.HELD: {ActivityAction.CORRECT: ActivityStatus.HELD},
    ActivityStatus.NOT_HELD: {},
    ActivityStatus.RESCHEDULED: {},
    ActivityStatus.CANCELLED: {},
}


class ActivityOutcome(StrEnum):
    """What came of an activity."""

    REACHED = "reached"
    AGREED = "agreed"
    WANTS_OFFER = "wants_offer"
    NO_DECISION = "no_decision"
    COMPLAINED = "complained"
    LEFT_MESSAGE = "left_message"
    NOT_REACHED = "not_reached"
    OTHER = "other"
    NOT_HELD = "not_held"


NEEDS_NOTE = frozenset({ActivityOutcome.COMPLAINED, ActivityOutcome.OTHER})
NOBODY_REACHED = frozenset({ActivityOutcome.LEFT_MESSAGE, ActivityOutcome.NOT_REACHED})


class Way(StrEnum):
    """What is done about a next step."""

    SUGGESTED = "suggested"
    CREATED = "created"


class CountedFrom(StrEnum):
    """From which day the business days until a next step are counted."""

    TODAY = "today"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """What follows an activity of a kind with an outcome, after so many business days."""

    kind: ActivityKind
    outcome: ActivityOutcome
    way: Way
    next_kind: ActivityKind
    delay_days: int
    counted_from: CountedFrom


@dataclass(frozen=True, slots=True)
class NextStep:
    """An activity that follows another."""

    kind: ActivityKind
    at: datetime
    subject: str


def move_activity(status: ActivityStatus, action: ActivityAction) -> ActivityStatus:
    """Where the action leads; Conflict, which says when it would be possible, where it leads nowhere."""
    if action not in MOVES[status]:
        possible = " or ".join(str(before) for before, moves in MOVES.items() if action in moves)
        raise Conflict(
            "wrong_status",
            f"The activity is {status}; {action} is for one that is {possible}.",
            state=status,
        )
    return MOVES[status][action]


def require_outcome(kind: ActivityKind, outcome: ActivityOutcome, note: str | None) -> None:
    """Refuse an outcome that this kind cannot have, and one that says nothing without its note."""
    if outcome == ActivityOutcome.NOT_HELD:
        detail = "It is held, or it is not: POST …/miss says that it was not."
        raise Invalid("outcome_of_none", detail, field="outcome")
    if outcome in NOBODY_REACHED and kind != ActivityKind.CALL:
        detail = (
            f"Only a call is {outcome}; if there was no {kind}, plan it and say that it was missed."
        )
        raise Invalid("outcome_of_calls", detail, field="outcome")
    if outcome in NEEDS_NOTE and not note:
        raise Invalid("note_missing", f"Say in the note what came of it: {outcome}.", field="note")


def require_past(held_at: datetime, *, now: datetime) -> None:
    """Refuse an activity that was held in the future."""
    if held_at > now:
        detail = f"It is {now.isoformat()} now; plan what is still to come, or give the true time."
        raise Invalid("held_in_future", detail, field="held_at")


def require_ahead(at: datetime, *, now: datetime, zone: tzinfo, field: str = "at") -> None:
    """Refuse to plan what would be over, or what nobody foresees."""
    if at < now:
        detail = f"It is {now.isoformat()} already; log what was held, or plan it for later."
        raise Invalid("planned_in_past", detail, field=field)
    require_foreseeable(day_at(at, zone), today=day_at(now, zone), field=field)


def require_begun(at: datetime, *, now: datetime) -> None:
    """Refuse to say of an activity that is still to come that it was not held."""
    if now < at:
        detail = f"It is planned for {at.isoformat()}; reschedule it or cancel it until then."
        raise Conflict("not_begun", detail)


def require_correctable(logged_at: datetime, *, now: datetime) -> None:
    """Refuse to correct what was said more than a day ago: it is history."""
    latest = logged_at + CORRECTED_WITHIN
    if now > latest:
        detail = f"It could be corrected until {latest.isoformat()}; log another activity instead."
        raise Conflict("correction_too_late", detail)


def require_contacts(
    sent: Iterable[str], known: Collection[str], *, field: str = "contact_ids"
) -> None:
    """Refuse contacts who are not people of the account."""
    if unknown := sorted(set(sent) - set(known)):
        detail = f"These are no contacts of the account: {', '.join(unknown)}; leave them out."
        raise Invalid("contact_of_another", detail, field=field)


def require_rules(rules: Sequence[FollowUpRule]) -> None:
    """Refuse two rules for one kind and outcome, and one for an outcome that the kind cannot have."""
    known: set[tuple[ActivityKind, ActivityOutcome]] = set()
    for place, rule in enumerate(rules):
        field = f"rules/{place}/outcome"
        if rule.outcome in NOBODY_REACHED and rule.kind != ActivityKind.CALL:
            detail = f"Only a call is {rule.outcome}, no {rule.kind} is."
            raise Invalid("outcome_of_calls", detail, field=field)
        if (rule.kind, rule.outcome) in known:
            detail = f"What follows {rule.kind} {rule.outcome} was said before; say it once."
            raise Invalid("rule_twice", detail, field=field)
        known.add((rule.kind, rule.outcome))


def choose_step(
    rule: FollowUpRule,
    *,
    subject: str,
    planned_at: datetime | None,
    now: datetime,
    working: WorkingTime,
) -> NextStep:
    """The next step: when the office opens so many working days after the day from which they are
    counted (today, where nothing was planned), but not in the past."""
    from_plan = rule.counted_from == CountedFrom.PLANNED and planned_at is not None
    counted_from = planned_at if from_plan and planned_at is not None else now
    day = working.add_working_days(day_at(counted_from, working.zone), rule.delay_days)
    first = max(moment_at(day, time.min, working.zone), now)
    opens, _ = working.next_open(first)
    return NextStep(rule.next_kind, max(opens, first), name_follow_up(subject))


def name_follow_up(subject: str) -> str:
    """What a follow-up is about, however many came before it."""
    return (FOLLOW_UP + subject.removeprefix(FOLLOW_UP))[:SUBJECT_MAX]


def explain_due(kind: ActivityKind, at: datetime, subject: str, *, zone: tzinfo) -> str:
    """Why an activity whose time is over waits for somebody."""
    when = at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    what = kind.capitalize()
    return f"{what} planned for {when} has no outcome yet ({subject})."

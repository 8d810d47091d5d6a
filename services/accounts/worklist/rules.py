"""Who comes first on a worklist and why, whom to speak to there, how and when.

An account's score is the sum of parts, each shown with the answer:

| part | points |
|---|---|
| each reason, by its kind | its weight, which is data: POINTS unless said otherwise, else 30 |
| each reason, for waiting | 1 a day, at most 60 |
| each reason, for its amount | 10 for each digit of the amount before the decimal point, at most 60 |
| the account's tier | 20 key, 10 standard, 0 small |

Of equal scores the one that waited longer comes first, then the account opened earlier.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Any

from kernel.calendar import add_days, day_at, moment_at
from kernel.money import Money, unusual_decimals
from kernel.refusals import Conflict, Invalid, NotFound
from kernel.working_time import WorkingTime
from services.accounts.accounts.rules import Channel, ContactRole, Tier

Key = tuple[str, str]
"""Which of an account's reasons: its kind, and what it is about."""

SNOOZE_DAYS_MAX = 90

OVERDUE = "overdue"

POINTS: Mapping[str, int] = {
    "hand_over_returned": 60,
    "callback": 60,
    "broken_promise": 50,
    "case_waiting": 50,
    OVERDUE: 40,
    "shipment_late": 40,
    "bounced": 40,
    "onboarding_stuck": 20,
    "visit_due": 20,
    "thank_you": 10,
}
OTHER_POINTS = 30
ADVERTISING = frozenset({"upsell_due"})
WEIGHT_MAX = 200
_CHANNELS = frozenset(Channel)
OTHER_ROLES = (ContactRole.PAYER, ContactRole.DECISION_MAKER, ContactRole.DISPUTES)
WAITING_POINTS_MAX = 60
DIGIT_POINTS, AMOUNT_POINTS_MAX = 10, 60
TIER_POINTS: Mapping[Tier, int] = {Tier.KEY: 20, Tier.STANDARD: 10, Tier.SMALL: 0}
MINOR_UNITS: Mapping[str, int] = {code: 10**count for code, count in unusual_decimals().items()}
"""How many minor units make one of a currency, where that is not 100."""


class ItemStatus(StrEnum):
    """Where an item of the worklist stands."""

    OPEN = "open"
    DONE = "done"
    SETTLED = "settled"


class ItemAction(StrEnum):
    """What can become of an item."""

    FINISH = "finish"
    SNOOZE = "snooze"
    SETTLE = "settle"


# Where an action leads from a status.
MOVES: Mapping[ItemStatus, Mapping[ItemAction, ItemStatus]] = {
    ItemStatus.OPEN: {
        ItemAction.FINISH: ItemStatus.DONE,
        ItemAction.SNOOZE: ItemStatus.OPEN,
        ItemAction.SETTLE: ItemStatus.SETTLED,
    },
    ItemStatus.DONE: {},
    ItemStatus.SETTLED: {},
}


class Outcome(StrEnum):
    """What came of contacting an account."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    LEFT_MESSAGE = "left_message"
    WILL_PAY = "will_pay"
    DISPUTES = "disputes"
    OTHER = "other"


# How long a reason that still stands stays off the list after the account was contacted.
REST_DAYS: Mapping[Outcome, int] = {
    Outcome.REACHED: 7,
    Outcome.NOT_REACHED: 1,
    Outcome.LEFT_MESSAGE: 2,
    Outcome.WILL_PAY: 7,
    Outcome.DISPUTES: 14,
    Outcome.OTHER: 7,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an account should be contacted."""

    kind: str
    about: str
    since_on: date
    amount: Money | None = None
    oldest_due_date: date | None = None
    sentence: str | None = None
    roles: tuple[str, ...] = ()
    channel: str | None = None
    earliest_at: datetime | None = None
    earliest_on: date | None = None
    rests_until: date | None = None
    snoozed_until: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a reason."""

    outcome: Outcome
    note: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score."""

    what: str
    points: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account with its reasons, at least one."""

    account_id: str
    tier: Tier
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score; its reasons now stand in the order of their points."""

    candidate: Candidate
    score: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as the worklist sees it."""

    contact_id: str
    name: str
    roles: frozenset[ContactRole]
    email: str | None
    phone: str | None


def rank(
    candidates: Iterable[Candidate], today: date, weights: Mapping[str, int] = POINTS
) -> list[Ranked]:
    """The candidates, most urgent first; the same ones give the same list in whatever order they come."""
    return sorted((_score(candidate, today, weights) for candidate in candidates), key=_place)


def at_stake(reasons: Iterable[Reason]) -> list[Money]:
    """What the reasons are about, in each currency, by its code."""
    sums: dict[str, int] = {}
    for reason in reasons:
        if reason.amount is not None:
            known = sums.get(reason.amount.currency, 0)
            sums[reason.amount.currency] = known + reason.amount.minor
    return [Money(sums[currency], currency) for currency in sorted(sums)]


def explain(reason: Reason) -> str:
    """Why now, in a sentence: the announcer's, or ours for what was told before there were sentences."""
    if reason.sentence:
        return reason.sentence
    amount = f"{reason.amount} " if reason.amount is not None else ""
    if reason.kind == OVERDUE:
        return f"{amount}is overdue; the oldest of it was due on {reason.oldest_due_date}."
    return f"{in_words(reason.kind).capitalize()}: {amount}since {reason.since_on}."


def require_known(account_ids: Iterable[str], known: Container[str]) -> None:
    """Refuse a reason to contact an account that nobody opened."""
    for account_id in account_ids:
        if account_id not in known:
            raise NotFound("account_not_found", f"There is no account {account_id}.")


def as_row(told: Mapping[str, Any], *, zone: tzinfo, today: date) -> dict[str, Any]:
    """What was told of a reason as it is stored; of one that is over, only that."""
    earliest = told.get("earliest_at")
    on = day_at(earliest, zone) if earliest is not None else None
    return {"since_on": today, **told, "earliest_on": on}


def choose_contact(people: Sequence[Person], reason: Reason) -> Person | None:
    """Whom to speak to: by the reason's roles, else who pays, else the first there is."""
    preferred = [*reason.roles, *OTHER_ROLES]
    in_order = sorted(people, key=lambda person: person.contact_id)
    for role in preferred:
        for person in in_order:
            if role in person.roles:
                return person
    return in_order[0] if in_order else None


def wanted_channel(reason: Reason, preferred: Channel) -> Channel:
    """The channel that the reason asks for where it is one of ours, else the client's own."""
    return Channel(reason.channel) if reason.channel in _CHANNELS else preferred


def contact_hours(
    reasons: Iterable[Reason], moment: datetime, hours: WorkingTime
) -> tuple[datetime, datetime]:
    """When to reach the client from a moment on, on their clocks: in those of their hours in which the
    first of the reasons allows it, and not before that."""
    first = min(max(reason.earliest_at or moment, moment) for reason in reasons)
    opens, closes = _next_open(hours, first)
    begins = opens if first == moment else max(opens, first).astimezone(hours.zone)
    return begins, closes


@lru_cache(maxsize=1000)  # of the accounts of a list most keep the same hours
def _next_open(hours: WorkingTime, moment: datetime) -> tuple[datetime, datetime]:
    opens, closes = hours.next_open(moment)
    return opens.astimezone(hours.zone), closes.astimezone(hours.zone)


def closed_channels(kind: str, consents: Iterable[Mapping[str, Any]]) -> dict[Channel, str]:
    """Channels by which a client is not to be contacted for a reason of this kind, each with why: those
    that they have refused, and e-mail where it would advertise and they have not agreed to it (Directive
    2002/58/EC, Article 13)."""
    said = {one["channel"]: one for one in consents}
    closed = {
        channel: f"refused since {one['since']:%Y-%m-%d}"
        for channel, one in said.items()
        if not one["is_given"]
    }
    if kind in ADVERTISING and Channel.EMAIL not in said:
        closed[Channel.EMAIL] = "advertising needs consent"
    return closed


def how_to_reach(
    preferred: Channel,
    person: Person | None,
    account_email: str | None,
    closed: Container[Channel] = (),
) -> tuple[Channel | None, str | None]:
    """The channel to use and its number or address, of those that are not closed: the preferred one where
    it is known, else phone, else e-mail, else post; none where none is left."""
    known = {
        Channel.PHONE: person.phone if person else None,
        Channel.EMAIL: (person.email if person else None) or account_email,
    }
    for channel in (preferred, Channel.PHONE, Channel.EMAIL, Channel.POST):
        number = known.get(channel)
        if channel not in closed and (number or channel == Channel.POST):
            return channel, number
    return None, None


def say_closed(
    wanted: Channel, channel: Channel | None, closed: Mapping[Channel, str]
) -> str | None:
    """Why it is not the channel that is wanted, or why none is left; None where nothing stands against
    it."""
    if channel is None:
        why = "; ".join(f"{one}: {closed.get(one, 'not known')}" for one in sorted(Channel))
        return f"No channel is left ({why}): ask them for one, and record their consent."
    return f"Not by {wanted}: {closed[wanted]}." if wanted in closed else None


def when_read(day: date, now: datetime, zone: tzinfo) -> datetime:
    """From when on people can do what a day's list says: now, or from the beginning of another day."""
    return now if day == day_at(now, zone) else moment_at(day, time.min, zone)


def rests_until(outcome: Outcome, today: date) -> date:
    """The day on which reasons that still stand come back to the list."""
    return add_days(today, REST_DAYS[outcome])


def move_item(status: ItemStatus, action: ItemAction) -> ItemStatus:
    """Where the action leads; Conflict where the item is over."""
    if action not in MOVES[status]:
        raise Conflict(
            "worklist_item_closed",
            f"The item is {status} already; if there is need again, a new one is on the list.",
        )
    return MOVES[status][action]


def require_snooze(until: date, today: date) -> None:
    """Refuse to snooze an item for no time, or for so long that it is forgotten."""
    latest = add_days(today, SNOOZE_DAYS_MAX)
    if not today < until <= latest:
        raise Invalid(
            "snooze_out_of_range",
            f"Name a day after {today}, {latest} at the latest.",
            field="until",
        )


def answer_reasons(
    wanted: Collection[Key],
    *,
    outcome: Outcome | None,
    note: str | None,
    named: Sequence[Mapping[str, Any]],
) -> dict[Key, Answer]:
    """What came of each reason: what is said of it by name, else what is said of all that are wanted.
    Invalid where nothing is said, a reason is not on the item or named twice, or an outcome says nothing
    without its note."""
    answers = {} if outcome is None else dict.fromkeys(wanted, Answer(outcome, note))
    if outcome is None and not named:
        detail = "Say what came of it: `outcome`, or of single reasons in `reasons`."
        raise Invalid("outcome_missing", detail, field="outcome")
    keys = [(one["kind"], one["about"]) for one in named]
    require_on_item(keys, wanted)
    for key, one in zip(keys, named, strict=True):
        answers[key] = Answer(one["outcome"], one["note"] or note)
    for answer in answers.values():
        if answer.outcome == Outcome.OTHER and not answer.note:
            raise Invalid("note_missing", "Say in the note what came of it.", field="note")
    return answers


def require_on_item(named: Sequence[Key], wanted: Collection[Key]) -> None:
    """Refuse what is named twice, or is no reason of the item today."""
    for key in named:
        if key not in wanted:
            there = ", ".join(f"{kind} about {about!r}" for kind, about in sorted(wanted))
            detail = f"{key[0]} about {key[1]!r} is not on it; there is {there or 'nothing'}."
            raise Invalid("reason_not_on_item", detail, field="reasons")
        if named.count(key) > 1:
            detail = f"{key[0]} about {key[1]!r} is named twice; name each reason once."
            raise Invalid("reason_twice", detail, field="reasons")


def _score(candidate: Candidate, today: date, weights: Mapping[str, int]) -> Ranked:
    scored = [(reason, _parts(reason, today, weights)) for reason in candidate.reasons]
    scored.sort(key=lambda pair: (-_points(pair[1]), pair[0].since_on, pair[0].kind, pair[0].about))
    parts = [part for _, parts in scored for part in parts]
    parts.append(Part(f"{candidate.tier} account", TIER_POINTS[candidate.tier]))
    in_order = replace(candidate, reasons=tuple(reason for reason, _ in scored))
    return Ranked(in_order, _points(parts), tuple(parts))


def _place(one: Ranked) -> tuple[int, date, str]:
    return (
        -one.score,
        min(reason.since_on for reason in one.candidate.reasons),
        one.candidate.account_id,
    )


def _parts(reason: Reason, today: date, weights: Mapping[str, int]) -> list[Part]:
    words = in_words(reason.kind)
    days = max((today - reason.since_on).days, 0)
    parts = [
        Part(words, weights.get(reason.kind, OTHER_POINTS)),
        Part(f"{words} for {days} days", min(days, WAITING_POINTS_MAX)),
    ]
    if reason.amount is not None:
        parts.append(Part(f"{words}, {reason.amount}", _amount_points(reason.amount)))
    return parts


def _amount_points(amount: Money) -> int:
    whole = abs(amount.minor) // MINOR_UNITS.get(amount.currency, 100)
    return min(DIGIT_POINTS * len(str(whole)), AMOUNT_POINTS_MAX) if whole else 0


def _points(parts: Iterable[Part]) -> int:
    return sum(part.points for part in parts)


def in_words(kind: str) -> str:
    """A kind of reason as people read it."""
    return kind.replace("_", " ")

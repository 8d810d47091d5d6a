"""Who comes first on a worklist and why, whom to speak to there, how and when.

An account's score is the sum of parts, each shown with the answer:

| part | points |
|---|---|
| each reason, by its kind | 60 a hand-over came back, 40 overdue, 20 onboarding stuck, 30 any other |
| each reason, for waiting | 1 a day, at most 60 |
| each reason, for its amount | 10 for each digit of the amount before the decimal point, at most 60 |
| the account's tier | 20 key, 10 standard, 0 small |

Of equal scores the one that waited longer comes first, then the account opened earlier.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from kernel.calendar import add_days, day_at, moment_at, next_business_day
from kernel.money import Money, decimals
from kernel.refusals import Conflict, Invalid, NotFound
from services.accounts.accounts.rules import Channel, Tier
from services.accounts.contacts.rules import ContactRole

ONBOARDING_DAYS_MAX = 7  # longer is stuck
SNOOZE_DAYS_MAX = 90
OFFICE_OPENS, OFFICE_CLOSES = time(9), time(17)

ONBOARDING_STUCK = "onboarding_stuck"
CLOSED_UNSETTLED = "closed_unsettled"
OVERDUE = "overdue"

KIND_POINTS: Mapping[str, int] = {"hand_over_returned": 60, OVERDUE: 40, ONBOARDING_STUCK: 20}
OTHER_KIND_POINTS = 30
ROLES: Mapping[str, Sequence[ContactRole]] = {
    ONBOARDING_STUCK: (ContactRole.DECISION_MAKER, ContactRole.PAYER)
}
OTHER_ROLES = (ContactRole.PAYER, ContactRole.DECISION_MAKER, ContactRole.DISPUTES)
WAITING_POINTS_MAX = 60
DIGIT_POINTS, AMOUNT_POINTS_MAX = 10, 60
TIER_POINTS: Mapping[Tier, int] = {Tier.KEY: 20, Tier.STANDARD: 10, Tier.SMALL: 0}


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
    detail: str | None = None
    sentence: str | None = None
    roles: tuple[str, ...] = ()
    channel: str | None = None
    earliest_at: datetime | None = None


class Balance(Protocol):
    """What is known to be owed in one currency, in minor units."""

    @property
    def currency(self) -> str: ...
    @property
    def open(self) -> int: ...
    @property
    def unapplied(self) -> int: ...


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


def rank(candidates: Iterable[Candidate], today: date) -> list[Ranked]:
    """The candidates, most urgent first; the same ones give the same list in whatever order they come."""
    return sorted((_score(candidate, today) for candidate in candidates), key=_place)


def explain(reason: Reason) -> str:
    """Why now, in a sentence: the announcer's, or ours for what we found ourselves and for what was told
    before sentences came with it."""
    if reason.sentence:
        return reason.sentence
    if reason.kind == ONBOARDING_STUCK:
        return f"Onboarding began on {reason.since_on} and its checklist is not complete."
    if reason.kind == CLOSED_UNSETTLED:
        return f"The account is closed with {reason.detail}; settle that, or reopen the account."
    amount = f"{reason.amount} " if reason.amount is not None else ""
    if reason.kind == OVERDUE:
        return f"{amount}is overdue; the oldest of it was due on {reason.oldest_due_date}."
    words = reason.kind.replace("_", " ").capitalize()
    return f"{words}: {amount}since {reason.since_on}. {reason.detail or ''}".rstrip()


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


def left_open(balances: Iterable[Balance]) -> dict[str, dict[str, Any]]:
    """What is left of an account in each currency in which something is: the amount, and in words."""
    left: dict[str, dict[str, Any]] = {}
    for balance in balances:
        kinds = {"open": balance.open, "unapplied": balance.unapplied}
        words = [f"{Money(kinds[kind], balance.currency)} {kind}" for kind in kinds if kinds[kind]]
        if words:
            facts = {"amount": max(kinds.values()), "detail": " and ".join(words)}
            left[balance.currency] = facts
    return left


def choose_contact(people: Sequence[Person], reason: Reason) -> Person | None:
    """Whom to speak to: by the reason's roles, else about money who pays, about onboarding who decides,
    else the first there is."""
    preferred = [*reason.roles, *ROLES.get(reason.kind, ()), *OTHER_ROLES]
    in_order = sorted(people, key=lambda person: person.contact_id)
    for role in preferred:
        for person in in_order:
            if role in person.roles:
                return person
    return in_order[0] if in_order else None


def wanted_channel(reason: Reason, preferred: Channel) -> Channel:
    """The channel that the reason asks for where it is one of ours, else the client's own."""
    return Channel(reason.channel) if reason.channel in set(Channel) else preferred


def contact_hours(
    reasons: Iterable[Reason], moment: datetime, time_zone: str
) -> tuple[datetime, datetime]:
    """When to reach the client from a moment on: in the office hours in which the first of the reasons
    allows it, and not before that."""
    first = min(max(reason.earliest_at or moment, moment) for reason in reasons)
    opens, closes = office_hours(first, time_zone)
    is_at_once = first == moment
    return opens if is_at_once else max(opens, first.astimezone(opens.tzinfo)), closes


def how_to_reach(
    preferred: Channel, person: Person | None, account_email: str | None
) -> tuple[Channel, str | None]:
    """The channel to use and its number or address: the preferred one where it is known, else phone,
    else e-mail, else post."""
    if preferred == Channel.POST:
        return Channel.POST, None
    known = {
        Channel.PHONE: person.phone if person else None,
        Channel.EMAIL: (person.email if person else None) or account_email,
    }
    for channel in (preferred, Channel.PHONE, Channel.EMAIL):
        if known[channel]:
            return channel, known[channel]
    return Channel.POST, None


def when_read(day: date, now: datetime, zone: tzinfo) -> datetime:
    """From when on people can do what a day's list says: now, or from the beginning of another day."""
    return now if day == day_at(now, zone) else moment_at(day, time.min, zone)


def office_hours(moment: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """When to reach the client from a moment on: the first office hours there that are not over, on no
    weekend; in UTC where their time zone is none any more (the IANA database drops some)."""
    zone = _zone(time_zone)
    day = day_at(moment, zone)
    if moment >= datetime.combine(day, OFFICE_CLOSES, zone):
        day = add_days(day, 1)
    day = next_business_day(day)
    return datetime.combine(day, OFFICE_OPENS, zone), datetime.combine(day, OFFICE_CLOSES, zone)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


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


def require_note(outcome: Outcome, note: str | None) -> None:
    """Refuse an outcome that says nothing."""
    if outcome == Outcome.OTHER and not note:
        raise Invalid("note_missing", "Say in the note what came of it.", field="note")


def _score(candidate: Candidate, today: date) -> Ranked:
    scored = [(reason, _parts(reason, today)) for reason in candidate.reasons]
    scored.sort(key=lambda pair: (-_points(pair[1]), pair[0].since_on, pair[0].kind, pair[0].about))
    parts = [part for _, parts in scored for part in parts]
    parts.append(Part(f"{candidate.tier} account", TIER_POINTS[candidate.tier]))
    in_order = Candidate(
        candidate.account_id, candidate.tier, tuple(reason for reason, _ in scored)
    )
    return Ranked(in_order, _points(parts), tuple(parts))


def _place(ranked: Ranked) -> tuple[int, date, str]:
    since_on = min(reason.since_on for reason in ranked.candidate.reasons)
    return -ranked.score, since_on, ranked.candidate.account_id


def _parts(reason: Reason, today: date) -> list[Part]:
    words = reason.kind.replace("_", " ")
    days = max((today - reason.since_on).days, 0)
    parts = [
        Part(words, KIND_POINTS.get(reason.kind, OTHER_KIND_POINTS)),
        Part(f"{words} for {days} days", min(days, WAITING_POINTS_MAX)),
    ]
    if reason.amount is not None:
        parts.append(Part(f"{words}, {reason.amount}", _amount_points(reason.amount)))
    return parts


def _amount_points(amount: Money) -> int:
    whole = abs(amount.minor) // 10 ** decimals(amount.currency)
    return min(DIGIT_POINTS * len(str(whole)), AMOUNT_POINTS_MAX) if whole else 0


def _points(parts: Iterable[Part]) -> int:
    return sum(part.points for part in parts)

"""What happens between a client and the people of the house on a day: who rings, what is planned and what
comes of it, what is complained about and given. Pure, each from dice of its own, as habits are.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dev.demo.business import Client
from dev.demo.habits import after, draw_for
from dev.demo.house import HELPER, HELPS_FROM, is_open, who_leads

Said = dict[str, Any]

RINGS_ONCE_IN = {"key": 45, "standard": 85, "small": 170}
"""Days between calls of a client of that tier, on average."""

_TOLD_ON_THE_PHONE: Sequence[Said] = (
    {"outcome": "reached", "note": "Asked when the goods arrive."},
    {"outcome": "reached", "note": "Asked for a copy of the last invoice."},
    {"outcome": "agreed", "note": "Fridays suit them best.", "promise": "We deliver on Fridays."},
    {"outcome": "agreed", "note": "Two more boxes next time.", "promise": "We keep them aside."},
    {"outcome": "no_decision", "note": "Compares our prices with another roaster's."},
    {"outcome": "wants_offer", "note": "Thinks about a second grinder."},
)
_TOLD_ON_VISITS: Sequence[Said] = (
    {"outcome": "agreed", "note": "Content; the same again.", "promise": "We come again."},
    {"outcome": "reached", "note": "Showed the new filter beans."},
    {"outcome": "wants_offer", "note": "The old machine will not last another year."},
    {"outcome": "no_decision", "note": "The buyer was away, the cook liked the decaf."},
)
BROUGHT_UP = (
    # kind of case, subject, what it comes from
    ("request", "May we order until noon for the next day?", "None found"),
    ("technical", "The grinder grinds coarser than before.", "Used or ordered wrongly"),
    ("technical", "The filter machine does not heat up.", "Fault of the product"),
    ("praise", "The new beans are the best we had.", None),
    ("praise", "Thank you for the Saturday delivery.", None),
)
COMPLAINTS = (
    # subject, what it comes from, how the problem is understood
    ("Two boxes arrived damaged.", "Damaged on its way", "Two boxes were crushed on their way."),
    ("Delivered a day late.", "Delivered late", "The goods came a day later than agreed."),
    ("Wrong roast in one box.", "Wrong goods sent", "One box held another roast than ordered."),
)
EASTER = (
    *("Half of the cups came crushed.", "Damaged on its way"),
    "Of 500 cups 250 were crushed; the box was wet.",
)
"""The complaint of the story."""

_PROMISES = ("Transfers on Friday.", "The boss signs tomorrow.", "Is in the next payment run.")
_OUTCOMES = (
    # how often, outcome, what is noted
    (46, "will_pay", None),
    (32, "reached", "Looks it up and rings back."),
    (8, "left_message", None),
    (6, "not_reached", None),
    (5, "disputes", "Says that a box was missing."),
    (3, "other", "The office has moved; new address asked for."),
)
NOTES = (
    "Ring before noon; the buyer decides alone.",
    "Invoices go to the bookkeeper, questions to the chef.",
    "Deliveries through the yard; the front door is for guests.",
    "Likes to be asked before anything changes.",
)


@dataclass(frozen=True, slots=True)
class Ring:
    """A call of a client; `minutes` is how long it took, none if nobody answered."""

    minutes_ago: int
    minutes: int | None
    is_called_back_at_once: bool
    told: Said
    brings: tuple[str, str, str | None] | None


def choose_ring(client: Client, today: date) -> Ring | None:
    """Whether the client rings today, and what it says."""
    draw = draw_for(client.number, "ring", today)
    if draw.random() * RINGS_ONCE_IN[client.tier] > 1 or not is_open(today):
        return None
    return Ring(
        minutes_ago=draw.randint(12, 40),
        minutes=draw.randint(2, 9) if draw.random() < 0.75 else None,
        is_called_back_at_once=draw.random() < 0.8,
        told=draw.choice(_TOLD_ON_THE_PHONE),
        brings=draw.choice(BROUGHT_UP) if draw.random() < 0.15 else None,
    )


def is_helped(client: Client) -> bool:
    """Whether the assistant helps with a client: with those of whom she reports to that were clients when
    she began, but for the small ones."""
    days = client.onboarding_days
    is_theirs = client.manager == who_leads(HELPER) and client.tier != "small"
    return is_theirs and days is not None and after(client.opens_on, days) < HELPS_FROM


def is_to_be_called_back(client: Client, today: date) -> bool:
    """Whether the client rang on the last working day, and nobody has called back."""
    day = today - timedelta(days=1)
    while not is_open(day):
        day -= timedelta(days=1)
    ring = choose_ring(client, day) if is_open(today) else None
    return ring is not None and ring.minutes is None and not ring.is_called_back_at_once


def choose_ring_back(client: Client, today: date) -> Said:
    """What is said when a client that nobody answered is called back."""
    return draw_for(client.number, "ring back", today).choice(_TOLD_ON_THE_PHONE)


def choose_visit(client: Client, today: date) -> Said | None:
    """A visit that is planned today: ten days ahead, every seven months, in the standard tier."""
    if client.tier != "standard":
        return None
    first = client.opens_on + timedelta(days=40)
    if today not in {after(first, 210 * number) for number in range(2)}:
        return None
    at = at_time(next_open(today + timedelta(days=10)), time(11), client)
    return {"kind": "visit", "at": at, "minutes": 60, "subject": "How do the beans do?"}


def choose_series(client: Client) -> Said:
    """The visits to a client of the key tier, every three months."""
    draw = draw_for(client.number, "series")
    return {
        "kind": "visit",
        "subject": "Coffee round",
        "unit": "months",
        "every": 3,
        "day_of_month": draw.randint(3, 26),
        "time_of_day": "10:00",
        "minutes": 45,
    }


def choose_end(
    client: Client, activity: Mapping[str, Any], now: datetime
) -> tuple[str, Said] | None:
    """What is said today of a planned activity that is over: the verb and its words. Some is forgotten
    for days, and stands on the list until then."""
    draw = draw_for(client.number, activity["subject"], activity["at"])
    forgotten = draw.randint(2, 4) if draw.random() < 0.2 else 0
    at = datetime.fromisoformat(activity["at"])
    if at + timedelta(minutes=activity["minutes"], days=forgotten) > now:
        return None
    luck, is_first = draw.random(), activity["rescheduled_from_id"] is None
    if luck < 0.06 and is_first:
        later = at_time(next_open(now.date() + timedelta(days=7)), time(10), client)
        return "reschedule", {"at": later, "reason": "They asked for a week later."}
    if luck < 0.12:
        return "miss", {"reason": "Nobody was there."}
    held: Said = {"minutes": draw.randint(4, 15), "held_at": activity["at"]}
    if activity["kind"] == "call":
        return "hold", held | _tell_of_call(draw)
    return "hold", held | draw.choice(_TOLD_ON_VISITS) | {"minutes": draw.randint(30, 80)}


def answer_reason(client_number: str, reason: Mapping[str, Any], today: date) -> Said:
    """What comes of contacting a client about a reason of the list today."""
    draw = draw_for(client_number, reason["kind"], today)
    [(_, outcome, note)] = draw.choices(_OUTCOMES, weights=[one[0] for one in _OUTCOMES])
    if outcome in ("will_pay", "disputes") and reason["kind"] != "overdue":
        outcome, note = "reached", "They see to it this week."
    if outcome == "will_pay":
        note = draw.choice(_PROMISES)
    named = {"kind": reason["kind"], "about": reason["about"]}
    return {**named, "outcome": outcome, "note": note}


def choose_next_step(client: Client, answers: Sequence[Said], today: date) -> Said | None:
    """What is done next where somebody said that they will pay: some are asked about the money."""
    is_promised = any(answer["outcome"] == "will_pay" for answer in answers)
    if not is_promised or draw_for(client.number, "next step", today).random() > 0.2:
        return None
    at = at_time(next_open(today + timedelta(days=5)), time(9), client)
    return {"kind": "call", "at": at, "subject": "Is the money there?"}


def choose_licence(client: Client) -> tuple[date, date]:
    """Until when a client's first licence is good, and when the next one is there: in time, but for some
    who forget it."""
    draw = draw_for(client.number, "licence")
    expires_on = client.opens_on + timedelta(days=draw.randint(70, 320))
    late = draw.randint(3, 5) if draw.random() < 0.08 else -draw.randint(2, 24)
    return expires_on, next_open(expires_on + timedelta(days=late))


def next_open(day: date) -> date:
    """The day itself or the next one on which the house works."""
    while not is_open(day):
        day += timedelta(days=1)
    return day


def at_time(day: date, hour: time, client: Client) -> str:
    """A moment on the client's clock, in UTC."""
    there = datetime.combine(day, hour, ZoneInfo(client.time_zone))
    return there.astimezone(UTC).isoformat()


def _tell_of_call(draw: random.Random) -> Said:
    luck = draw.random()
    if luck < 0.1:
        return {"outcome": "not_reached"}
    if luck < 0.2:
        return {"outcome": "left_message"}
    return draw.choice(_TOLD_ON_THE_PHONE)

"""The figures that follow from the complaints file alone, given how long cases may wait."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from kernel.working_time import WorkingTime
from ops.replay.complaints.records import Complaint, Complaints
from ops.replay.complaints.words import Kind
from ops.replay.formats import Figures, count

CLOCKS = ("first_response", "update", "solution")


@dataclass(frozen=True, slots=True)
class Limits:
    """In how many working minutes the clocks of each kind are to be over (none: the clock is not kept),
    and which time is counted."""

    minutes: Mapping[Kind, Mapping[str, int | None]]
    hours: WorkingTime


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases, and how many of them in time, by clock: met, and missed."""

    cases: int = 0
    reopenings: int = 0
    first_response_met: int = 0
    first_response_missed: int = 0
    update_met: int = 0
    update_missed: int = 0
    solution_met: int = 0
    solution_missed: int = 0

    def __add__(self, other: "Count") -> "Count":
        both = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Count(*(one + another for one, another in both))

    def __str__(self) -> str:
        first = f"{self.first_response_met}/{self.first_response_missed}"
        update = f"{self.update_met}/{self.update_missed}"
        solution = f"{self.solution_met}/{self.solution_missed}"
        reopened = f", {self.reopenings} reopened" if self.reopenings else ""
        return f"{self.cases}: {first} {update} {solution}{reopened}"


HEAD = "cases: first answer met/missed, news met/missed, solution met/missed"


def expect(complaints: Complaints, limits: Limits, now: datetime) -> Figures:
    """The figures of all that can be played, as they are at a moment."""
    judged = [(one, judge(one, limits, now)) for one in complaints.rows]

    def by(name: Callable[[Complaint], str]) -> Mapping[str, Count]:
        sums: dict[str, Count] = {}
        for one, counted in judged:
            sums[name(one)] = sums.get(name(one), Count()) + counted
        return dict(sorted(sums.items()))

    managers = complaints.people.managers
    return {
        "cases": by(lambda _: "in all"),
        "cases by kind and state": by(lambda one: f"{one.meaning.kind} {one.status}"),
        "cases by owner": by(complaints.owner_of),
        "cases by manager": by(lambda one: managers[complaints.owner_of(one)]),
        "accounts by owner": count(
            complaints.owner_of(first) for first in complaints.companies.values()
        ),
    }


def judge(complaint: Complaint, limits: Limits, now: datetime) -> Count:
    """One case: which of its clocks were met, and which missed.

    The first answer ends the first; news and solution are over once the case is executed. News count anew
    from the answer on, and all that is not over counts until now. What was missed once stays so."""
    zone, minutes = limits.hours.zone, limits.minutes[complaint.meaning.kind]
    received, answered = complaint.received_at(zone), complaint.answered_at(zone)
    is_answered = bool(complaint.actions)
    is_over = "execute" in complaint.actions and not complaint.is_reopened
    waited = limits.hours.between(received, answered if is_answered else now)
    since = limits.hours.between(answered, now) if is_answered and not is_over else timedelta(0)
    solved = waited if is_over or complaint.is_reopened else limits.hours.between(received, now)
    facts = {
        "first_response": (is_answered, waited),
        "update": (is_over, max(waited, since)),
        "solution": (is_over, max(solved, since)),
    }
    counts = {"cases": 1, "reopenings": int(complaint.is_reopened)}
    for clock, (is_ended, longest) in facts.items():
        limit = minutes[clock]
        is_missed = limit is not None and longest >= timedelta(minutes=limit)
        counts[f"{clock}_missed"] = int(is_missed)
        counts[f"{clock}_met"] = int(limit is not None and is_ended and not is_missed)
    return Count(**counts)

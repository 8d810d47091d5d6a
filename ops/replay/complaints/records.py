"""The complaints that the U.S. Consumer Financial Protection Bureau publishes, one a row. Columns, in any
order; others are ignored:

    Complaint ID                    a number, unique; it begins the subject of the case
    Company                         the account
    Date received                   year-month-day; the case is received at 9:00
    Date sent to company            likewise, not before; see below
    Product, Sub-product            the diagnosis names the sub-product, or the product
    Issue, Sub-issue                the subject; ops/replay/complaints/words.py says which kind and cause
    Consumer complaint narrative    the description, if any; may go over several lines
    Company response to consumer    how far the case has come: words.py again
    Company public response         said with the proposal, if any
    Timely response?                Yes or No
    Consumer disputed?              Yes: the case, once closed, was reopened

The file does not say when a company answered. An answer in time is entered at 10:00 of the day on which
the complaint was sent to the company; another, 16 days later, as 15 are allowed.

The agents look after cases by their ids: the id modulo the number of agents is a place among them by
name. An account belongs to whoever looks after its first case in the file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from pathlib import Path

from kernel.calendar import moment_at
from ops.replay.complaints.words import (
    ISSUES,
    OTHER,
    PATH,
    RECEIVED,
    REOPEN,
    RESPONSES,
    TIMELY,
    Meaning,
)
from ops.replay.people import People
from ops.replay.rows import (
    Broken,
    BrokenRow,
    Row,
    UnusableFile,
    read_choice,
    read_iso_day,
    read_rows,
    require,
)

NOT_EMPTY = (
    "Complaint ID",
    "Company",
    "Date received",
    "Date sent to company",
    "Product",
    "Issue",
    "Company response to consumer",
    "Timely response?",
)
REQUIRED = (
    *NOT_EMPTY,
    "Sub-product",
    "Sub-issue",
    "Consumer complaint narrative",
    "Company public response",
    "Consumer disputed?",
)
RECEIVED_TIME, ANSWERED_TIME = time(9), time(10)
LATE = timedelta(days=16)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A row: what was brought up, and how far it has come."""

    line: int
    number: int
    company: str
    received_on: date
    answered_on: date
    product: str
    problem: str
    narrative: str
    answer: str
    actions: Sequence[str]
    meaning: Meaning

    @property
    def status(self) -> str:
        """Where the case stands in the end."""
        if self.is_reopened:
            return PATH["acknowledge"]
        return PATH[self.actions[-1]] if self.actions else RECEIVED

    @property
    def is_reopened(self) -> bool:
        """Whether it was closed, and is not."""
        return REOPEN in self.actions

    def received_at(self, zone: tzinfo) -> datetime:
        """When it was received."""
        return moment_at(self.received_on, RECEIVED_TIME, zone)

    def answered_at(self, zone: tzinfo) -> datetime:
        """When all was done that was done."""
        return moment_at(self.answered_on, ANSWERED_TIME, zone)


@dataclass(frozen=True)
class Complaints:
    """The rows that can be played, those that cannot, and who looks after them."""

    rows: Sequence[Complaint]
    broken: Sequence[Broken]
    people: People

    def owner_of(self, complaint: Complaint) -> str:
        """Who looks after a case."""
        agents = self.people.names
        return agents[complaint.number % len(agents)]

    @cached_property
    def companies(self) -> Mapping[str, Complaint]:
        """The first complaint about each company."""
        first: dict[str, Complaint] = {}
        for one in self.rows:
            first.setdefault(one.company, one)
        return first

    @cached_property
    def last_day(self) -> date:
        """The last day on which something happened."""
        return max(max(one.received_on, one.answered_on) for one in self.rows)


def read_complaints(path: Path, people: People) -> Complaints:
    """Read a file.

    Raises:
        UnusableFile: it cannot be opened, lacks a column, or holds no row that can be played.
    """
    found = read_rows(path, required=REQUIRED, key="Complaint ID", read=_read_complaint)
    if not found.rows:
        reasons = " ".join(map(str, found.broken[:3]))
        raise UnusableFile(f"{path}: no row can be played. {reasons}".rstrip())
    return Complaints(found.rows, found.broken, people)


def _read_complaint(line: int, row: Row) -> Complaint:
    require(row, *NOT_EMPTY)
    if not re.fullmatch(r"[0-9]{1,18}", row["Complaint ID"]):
        raise BrokenRow(f"Complaint ID {row['Complaint ID']!r} is no number")
    received_on, sent_on = (
        read_iso_day(row, column) for column in ("Date received", "Date sent to company")
    )
    if sent_on < received_on:
        raise BrokenRow(f"Date sent to company {sent_on} is before Date received {received_on}")
    actions = read_choice(row, "Company response to consumer", RESPONSES)
    if len(actions) == len(PATH) and row["Consumer disputed?"] == "Yes":
        actions = (*actions, REOPEN)
    is_timely = read_choice(row, "Timely response?", TIMELY)
    return Complaint(
        line=line,
        number=int(row["Complaint ID"]),
        company=row["Company"],
        received_on=received_on,
        answered_on=sent_on if is_timely else sent_on + LATE,
        product=row["Sub-product"] or row["Product"],
        problem=": ".join(filter(None, (row["Issue"], row["Sub-issue"]))),
        narrative=row["Consumer complaint narrative"],
        answer=_end(row["Company response to consumer"], row["Company public response"]),
        actions=actions,
        meaning=ISSUES.get(row["Issue"], OTHER),
    )


def _end(*sentences: str) -> str:
    return " ".join(f"{one}." for one in sentences if one)

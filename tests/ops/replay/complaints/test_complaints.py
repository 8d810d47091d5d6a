"""Tests of what a file of complaints says before any system has seen it."""

from __future__ import annotations

import csv
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kernel.working_time import Stretch, WorkingTime
from ops.replay.complaints.expected import CLOCKS, Count, Limits, expect, judge
from ops.replay.complaints.records import Complaints, read_complaints
from ops.replay.complaints.words import ISSUES, PATH, Kind
from ops.replay.people import People, read_people
from ops.replay.rows import UnusableFile
from tests.ops.replay.complaints.made_up import describe, write

DATA = Path(os.environ.get("STEWARD_DATA", Path(__file__).parents[4] / "../shared/data"))
PUBLISHED = DATA / "complaints/cfpb_complaints_1MiB.csv"
TEAMS = DATA / "crm/sales_teams.csv"

NINE_TO_FIVE = [Stretch(datetime(1, 1, 1, 9).time(), datetime(1, 1, 1, 17).time())]
HOURS = WorkingTime(UTC, [NINE_TO_FIVE] * 5 + [[]] * 2)
MINUTES = dict(zip(CLOCKS, (240, 960, 2400), strict=True))
LIMITS = Limits(dict.fromkeys(Kind, MINUTES), HOURS)
LATER = datetime(2023, 8, 7, tzinfo=UTC)
FRIDAY, SATURDAY, MONDAY = "2023-07-14", "2023-07-15", "2023-07-17"


@pytest.fixture
def people(tmp_path: Path) -> People:
    path = tmp_path / "teams.csv"
    path.write_text(
        "sales_agent,manager,regional_office\nBo Ray,Di Ford,West\nAnn Lee,Cy Hall,East"
    )
    return read_people(path)


def read(folder: Path, people: People, *rows: dict[str, str] | str) -> Complaints:
    return read_complaints(write(folder / "some.csv", rows), people)


def test_a_complaint_is_a_case_with_its_narrative_and_its_owner_by_turns(
    tmp_path: Path, people: People
) -> None:
    said = {"Consumer complaint narrative": 'They said\n"no",\nagain.'}
    complaints = read(tmp_path, people, describe(8, **said), describe(11, Company="Bolt"))
    [one, other] = complaints.rows
    assert one.narrative == 'They said\n"no",\nagain.'
    assert one.problem == "Fees or interest: Charged too much"
    assert (one.product, one.answer) == ("Checking account", "Closed with explanation.")
    assert [complaints.owner_of(each) for each in (one, other)] == ["Ann Lee", "Bo Ray"]
    assert {name: first.number for name, first in complaints.companies.items()} == {
        "Acme": 8,
        "Bolt": 11,
    }


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"Company response to consumer": "Untimely response"}, "received"),
        ({"Company response to consumer": "In progress"}, "acknowledged"),
        ({"Company response to consumer": "Closed"}, "closed"),
        ({"Company response to consumer": "Closed with monetary relief"}, "closed"),
        ({"Consumer disputed?": "Yes"}, "acknowledged"),
        ({"Consumer disputed?": "No"}, "closed"),
        (
            {"Company response to consumer": "In progress", "Consumer disputed?": "Yes"},
            "acknowledged",
        ),
    ],
)
def test_how_far_a_case_has_come_follows_from_the_response(
    tmp_path: Path, people: People, facts: dict[str, str], status: str
) -> None:
    [one] = read(tmp_path, people, describe(1, **facts)).rows
    assert one.status == status
    assert one.is_reopened == (len(one.actions) > len(PATH))


@pytest.mark.parametrize(
    ("issue", "kind", "cause"),
    [
        ("Fees or interest", "complaint", "Fees or interest"),
        ("Trouble using your card", "technical", "None found"),
        ("Opening an account", "request", "None found"),
        ("Something new", "complaint", "None found"),
    ],
)
def test_an_issue_is_of_a_kind_and_comes_from_a_cause(
    tmp_path: Path, people: People, issue: str, kind: str, cause: str
) -> None:
    [one] = read(tmp_path, people, describe(1, Issue=issue)).rows
    assert (one.meaning.kind, one.meaning.cause.name) == (kind, cause)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"Complaint ID": "1"}, "Complaint ID 1 stands in line 2 already."),
        ({"Complaint ID": "x2"}, "Complaint ID 'x2' is no number."),
        ({"Date received": "13/07/2023"}, "Date received '13/07/2023' is no day"),
        ({"Date sent to company": "2023-02-30"}, "Date sent to company '2023-02-30' is no day"),
        ({"Date sent to company": "2023-07-13"}, "Date sent to company 2023-07-13 is before"),
        (
            {"Company response to consumer": "Closed somehow"},
            "Company response to consumer 'Closed somehow' is none that is known",
        ),
        ({"Company response to consumer": ""}, "Company response to consumer is empty."),
        ({"Timely response?": "Maybe"}, "Timely response? 'Maybe' is none that is known: Yes, No."),
        ({"Company": "", "Issue": ""}, "Company, Issue is empty."),
    ],
)
def test_a_row_that_cannot_be_played_is_reported_with_its_column(
    tmp_path: Path, people: People, facts: dict[str, str], reason: str
) -> None:
    complaints = read(tmp_path, people, describe(1), describe(2, **facts), describe(3))
    assert [one.number for one in complaints.rows] == [1, 3]
    [broken] = complaints.broken
    assert str(broken).startswith(f"some.csv line 3: {reason}")


def test_a_file_that_ends_in_the_middle_of_a_row_loses_that_row_alone(
    tmp_path: Path, people: People
) -> None:
    complaints = read(tmp_path, people, describe(1), '2023-07-17,"Credit reporting, ')
    assert [one.number for one in complaints.rows] == [1]
    assert [str(one) for one in complaints.broken] == ["some.csv line 3: unexpected end of data."]


def test_a_file_without_a_row_is_refused(tmp_path: Path, people: People) -> None:
    with pytest.raises(UnusableFile, match="no row can be played"):
        read(tmp_path, people, describe(1, Company=""))


IN_PROGRESS = {"Company response to consumer": "In progress"}


@pytest.mark.parametrize(
    ("received", "sent", "facts", "now", "met", "missed"),
    [
        (MONDAY, MONDAY, {}, LATER, "first_response update solution", ""),
        (SATURDAY, MONDAY, {}, LATER, "first_response update solution", ""),
        # From Friday 9:00 eight hours count, and one of Monday: too many for a first answer.
        (FRIDAY, MONDAY, {}, LATER, "update solution", "first_response"),
        # Two days of work, and an hour.
        (MONDAY, "2023-07-19", {}, LATER, "solution", "first_response update"),
        (MONDAY, "2023-07-24", {}, LATER, "", "first_response update solution"),
        # Sixteen days after Monday.
        (MONDAY, MONDAY, {"Timely response?": "No"}, LATER, "", "first_response update solution"),
        (MONDAY, MONDAY, IN_PROGRESS, LATER, "first_response", "update solution"),
        # On Wednesday at 9:59 a minute is left for news, of which there were some on Monday at 10:00.
        (
            MONDAY,
            MONDAY,
            IN_PROGRESS,
            datetime(2023, 7, 19, 9, 59, tzinfo=UTC),
            "first_response",
            "",
        ),
        (
            MONDAY,
            MONDAY,
            IN_PROGRESS,
            datetime(2023, 7, 19, 10, tzinfo=UTC),
            "first_response",
            "update",
        ),
        (
            MONDAY,
            MONDAY,
            {"Consumer disputed?": "Yes"},
            datetime(2023, 7, 18, tzinfo=UTC),
            "first_response",
            "",
        ),
        (
            MONDAY,
            MONDAY,
            {"Company response to consumer": "Untimely response"},
            LATER,
            "",
            "first_response update solution",
        ),
    ],
)
def test_a_clock_is_met_or_missed_by_the_working_time_until_its_end_or_now(
    tmp_path: Path,
    people: People,
    received: str,
    sent: str,
    facts: dict[str, str],
    now: datetime,
    met: str,
    missed: str,
) -> None:
    days = {"Date received": received, "Date sent to company": sent}
    [one] = read(tmp_path, people, describe(1, **days, **facts)).rows
    found = judge(one, LIMITS, now)
    assert [clock for clock in CLOCKS if getattr(found, f"{clock}_met")] == met.split()
    assert [clock for clock in CLOCKS if getattr(found, f"{clock}_missed")] == missed.split()


def test_a_clock_that_is_not_kept_is_neither_met_nor_missed(tmp_path: Path, people: People) -> None:
    [one] = read(tmp_path, people, describe(1)).rows
    limits = Limits(dict.fromkeys(Kind, dict.fromkeys(CLOCKS)), HOURS)
    assert judge(one, limits, LATER) == Count(cases=1)


@pytest.mark.skipif(not PUBLISHED.exists(), reason=f"{PUBLISHED.name} is not on this machine")
def test_the_figures_that_follow_from_the_published_file() -> None:
    complaints = read_complaints(PUBLISHED, read_people(TEAMS))
    assert [str(one) for one in complaints.broken] == [
        f"{PUBLISHED.name} line 3302: unexpected end of data."
    ]
    figures = expect(complaints, LIMITS, datetime(2023, 9, 9, tzinfo=UTC))
    assert figures["cases"] == {"in all": Count(2067, 1, 2011, 56, 1428, 544, 1434, 529)}
    states = {name: one.cases for name, one in figures["cases by kind and state"].items()}
    assert states == {
        "complaint acknowledged": 604,
        "complaint closed": 1356,
        "request acknowledged": 12,
        "request closed": 53,
        "technical acknowledged": 1,
        "technical closed": 41,
    }
    assert (len(complaints.companies), len(figures["cases by owner"])) == (177, 35)
    assert complaints.last_day == date(2023, 9, 8)


@pytest.mark.skipif(not PUBLISHED.exists(), reason=f"{PUBLISHED.name} is not on this machine")
def test_every_issue_of_the_table_is_one_of_the_published_ones() -> None:
    with PUBLISHED.open(newline="", encoding="utf-8") as lines:
        issues = {row["Issue"] for row in csv.DictReader(lines)}
    assert set(ISSUES) - issues == set()

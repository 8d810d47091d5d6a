"""A CRM's export, a folder of three files; their columns in any order, others are ignored.

sales_teams.csv, as ops/replay/people.py reads it; accounts.csv:

    account           the name, unique: it is what the CRM calls the account
    office_location   a country by its name, as ops/replay/crm/words.py knows it
    subsidiary_of     the parent's name, or empty
    sector, year_established, revenue, employees    any may be empty; they become a note

sales_pipeline.csv, from which only owners follow; the rest of it is for sales:

    opportunity_id    unique
    sales_agent       somebody in sales_teams.csv
    account           one in accounts.csv, or empty: the opportunity tells of no owner
    engage_date, close_date    year-month-day or month/day/year, or empty

An account belongs to the agent with most of its opportunities, of several with as many to the first by
name; without any, to the first manager by name.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from ops.replay.crm.words import COUNTRIES, SECTORS, Place
from ops.replay.people import People, read_people
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

ACCOUNT_COLUMNS = ("account", "office_location", "subsidiary_of")
PIPELINE_COLUMNS = ("opportunity_id", "sales_agent", "account", "engage_date", "close_date")
LONG_AGO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Account:
    """A row of the accounts, and the note that says what else is known of it."""

    line: int
    name: str
    place: Place
    parent: str
    sector: str
    note: str


@dataclass(frozen=True, slots=True)
class Opportunity:
    """Who worked on which account, and until when; no account where the row names none."""

    line: int
    agent: str
    account: str
    last_day: date


@dataclass(frozen=True)
class Crm:
    """What can be played of an export, and the rows that cannot."""

    people: People
    accounts: Sequence[Account]
    opportunities: Sequence[Opportunity]
    broken: Sequence[Broken]

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Who owns each account."""
        worked: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for one in self.opportunities:
            worked[one.account][one.agent] += 1
        nobody = min(self.people.reports)
        return {
            one.name: min(worked[one.name], key=lambda agent: (-worked[one.name][agent], agent))
            if worked[one.name]
            else nobody
            for one in self.accounts
        }

    @cached_property
    def teams(self) -> Mapping[str, str]:
        """The office of each account's owner; a manager of several is of the first by name."""
        office_of = {
            name: office
            for office, names in sorted(self.people.offices.items(), reverse=True)
            for name in names
        }
        return {account: office_of[owner] for account, owner in self.owners.items()}

    @property
    def last_day(self) -> date:
        """The last day that the pipeline names."""
        return max((one.last_day for one in self.opportunities), default=LONG_AGO)


def read_crm(folder: Path) -> Crm:
    """Read an export.

    Raises:
        UnusableFile: a file cannot be opened, lacks a column, or holds nothing that can be played.
    """
    people = read_people(folder / "sales_teams.csv")
    path = folder / "accounts.csv"
    found = read_rows(path, required=ACCOUNT_COLUMNS, key="account", read=_read_account)
    accounts = _with_parents(found.rows)
    orphans = [
        Broken(
            one.line,
            f"subsidiary_of {one.parent!r} leads to no account that can be played.",
            path.name,
        )
        for one in found.rows
        if one not in accounts
    ]
    if not accounts:
        raise UnusableFile(f"{path}: no row can be played.")
    known = {one.name for one in accounts}

    def read(line: int, row: Row) -> Opportunity:
        return _read_opportunity(line, row, people.managers, known)

    pipeline = read_rows(
        folder / "sales_pipeline.csv", required=PIPELINE_COLUMNS, key="opportunity_id", read=read
    )
    broken = [*people.broken, *found.broken, *orphans, *pipeline.broken]
    return Crm(people, accounts, pipeline.rows, broken)


def _with_parents(rows: Sequence[Account]) -> Sequence[Account]:
    """Those whose parents are there, up to one that has none: parents in a circle are not."""
    names: set[str] = set()
    while more := {one.name for one in rows if one.parent in names | {""}} - names:
        names |= more
    return [one for one in rows if one.name in names]


def _read_account(line: int, row: Row) -> Account:
    require(row, "account", "office_location")
    place = read_choice(row, "office_location", COUNTRIES)
    sector = SECTORS.get(row.get("sector", ""), row.get("sector", ""))
    known = [
        ("Sector", sector),
        ("founded", row.get("year_established")),
        ("revenue in millions", row.get("revenue")),
        ("employees", row.get("employees")),
    ]
    note = ", ".join(f"{name} {value}" for name, value in known if value)
    return Account(line, row["account"], place, row["subsidiary_of"], sector, note and f"{note}.")


def _read_opportunity(
    line: int, row: Row, agents: Mapping[str, str], accounts: set[str]
) -> Opportunity:
    require(row, "opportunity_id", "sales_agent")
    if row["sales_agent"] not in agents:
        raise BrokenRow(f"sales_agent {row['sales_agent']!r} is not in sales_teams.csv")
    if row["account"] and row["account"] not in accounts:
        raise BrokenRow(f"account {row['account']!r} is none that is played from accounts.csv")
    days = [_read_day(row, column) for column in ("engage_date", "close_date") if row[column]]
    return Opportunity(line, row["sales_agent"], row["account"], max(days, default=LONG_AGO))


def _read_day(row: Row, column: str) -> date:
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", row[column])
    if american:
        month, day, year = american.groups()
        return read_iso_day({column: f"{year}-{month:0>2}-{day:0>2}"}, column)
    return read_iso_day(row, column)

"""Who works in a file: agents, the managers to whom they report, and the offices that are their teams.

Columns, in any order; others are ignored:

    sales_agent       first and last name, unique
    manager           likewise; agents report to them, and may be managers themselves
    regional_office   the team of the agent and of the manager

A file has no e-mail addresses: Mei-Mei Johns is mei-mei.johns@crm.example.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ops.client import Client
from ops.replay.hand import Hand
from ops.replay.rows import Broken, BrokenRow, Row, UnusableFile, read_rows, require

REQUIRED = ("sales_agent", "manager", "regional_office")
NAME_MAX = 64  # as long as what stands before the @ may be


@dataclass(frozen=True, slots=True)
class Agent:
    """A row: who reports to whom, in which office."""

    line: int
    name: str
    manager: str
    office: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is to be in the system; the line is the first that names them."""

    line: int
    name: str
    manager: str | None
    is_manager: bool

    @property
    def email(self) -> str:
        """By which the person is known in the system."""
        return email_of(self.name)


@dataclass(frozen=True)
class People:
    """The agents that can be played, and the rows that cannot."""

    agents: Sequence[Agent]
    broken: Sequence[Broken]

    @cached_property
    def names(self) -> Sequence[str]:
        """The agents, by name."""
        return sorted(agent.name for agent in self.agents)

    @cached_property
    def managers(self) -> Mapping[str, str]:
        """To whom each agent reports."""
        return {agent.name: agent.manager for agent in self.agents}

    @cached_property
    def ranks(self) -> Sequence[Sequence[Person]]:
        """Everybody, those at the top first, then those below them, and so on."""
        lines: dict[str, int] = {}
        for agent in self.agents:
            lines.setdefault(agent.manager, agent.line)
        lines |= {agent.name: agent.line for agent in self.agents}
        above = {*self.managers.values()}
        rank = [name for name in lines if name not in self.managers]
        ranks: list[list[Person]] = []
        while rank:
            ranks.append(
                [Person(lines[one], one, self.managers.get(one), one in above) for one in rank]
            )
            rank = [name for name in self.names if self.managers[name] in rank]
        return ranks

    @cached_property
    def offices(self) -> Mapping[str, Sequence[str]]:
        """Who is in each office, by name."""
        members: dict[str, set[str]] = {}
        for agent in self.agents:
            members.setdefault(agent.office, set()).update((agent.name, agent.manager))
        return {office: sorted(names) for office, names in sorted(members.items())}

    @property
    def reports(self) -> Mapping[str, int]:
        """How many report to each manager."""
        return dict(sorted(Counter(self.managers.values()).items()))


def read_people(path: Path) -> People:
    """Read a file.

    Raises:
        UnusableFile: it cannot be opened, lacks a column, or names nobody.
    """
    found = read_rows(path, required=REQUIRED, key="sales_agent", read=_read_agent)
    managers = {agent.name: agent.manager for agent in found.rows}
    circling = [agent for agent in found.rows if _is_below_themself(agent.name, managers)]
    broken = [
        Broken(one.line, f"manager {one.manager} reports to {one.name} in the end.", path.name)
        for one in circling
    ]
    agents = [agent for agent in found.rows if agent not in circling]
    if not agents:
        raise UnusableFile(f"{path}: no row names anybody who can be played.")
    return People(agents, [*found.broken, *broken])


def email_of(name: str) -> str:
    """A name as an address."""
    return f"{'.'.join(re.findall(r'[a-z0-9-]+', name.lower()))}@crm.example"


def hire(hand: Hand, people: People) -> Mapping[str, str]:
    """Have everybody be in the system; by name, their ids."""
    ids = _ids(hand.client)
    for rank in people.ranks:
        missing = [one for one in rank if one.email not in ids]
        for one in missing:
            staff = {
                "name": one.name,
                "email": one.email,
                "role": "lead" if one.is_manager else "account_manager",
                "reports_to_id": one.manager and ids[email_of(one.manager)],
            }
            ids[one.email] = hand.post("/v1/staff", staff)["staff_id"]
    return {one.name: ids[one.email] for rank in people.ranks for one in rank}


def read_names(client: Client) -> Mapping[str, str]:
    """The names of those who are in the system, by id."""
    return {one["staff_id"]: one["name"] for one in client.list("/v1/staff")}


def _ids(client: Client) -> dict[str, str]:
    return {one["email"]: one["staff_id"] for one in client.list("/v1/staff")}


def _read_agent(line: int, row: Row) -> Agent:
    require(row, *REQUIRED)
    for column in REQUIRED:
        if len(row[column]) > NAME_MAX or not row[column].isprintable():
            raise BrokenRow(f"{column} is no name of up to {NAME_MAX} letters in one line")
    for column in ("sales_agent", "manager"):
        if email_of(row[column]).startswith("@"):
            raise BrokenRow(f"{column} {row[column]!r} has no Latin letter to make an address of")
    return Agent(line, row["sales_agent"], row["manager"], row["regional_office"])


def _is_below_themself(name: str, managers: Mapping[str, str]) -> bool:
    above, seen = managers.get(name), {name}
    while above is not None and above not in seen:
        seen.add(above)
        above = managers.get(above)
    return above is not None

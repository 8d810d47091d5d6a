"""Small firms: who sees what, as the rule is told, and as the copy is to say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from chassis.store.sight import (
    keep_absences,
    keep_memberships,
    keep_owners,
    keep_sharings,
    keep_staff,
)

PEOPLE = ["ann", "bob", "cy", "dee", "eve"]
ACCOUNTS = ["acc_1", "acc_2", "acc_3", "acc_4"]
TEAMS = ["north", "south"]


@dataclass
class Firm:
    """Who reports to whom, who works here, who owns, helps with and stands in for what, and who is in
    which team. Of a stand-in: whether they may act; of the rest: whether it stands."""

    superiors: dict[str, str | None] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    owners: dict[str, str] = field(default_factory=dict)
    helpers: dict[tuple[str, str], bool] = field(default_factory=dict)
    stand_ins: dict[tuple[str, str], tuple[bool, bool]] = field(default_factory=dict)
    members: dict[tuple[str, str], bool] = field(default_factory=dict)
    teams: dict[tuple[str, str], bool] = field(default_factory=dict)

    def seen_by(self, staff_id: str, *, acts: bool = False) -> set[str]:
        """The accounts that somebody sees, or may change, as the rule is told."""
        if staff_id not in self.superiors or staff_id in self.gone:
            return set()
        people: set[str] = set()
        more = {staff_id}
        while more - people:
            people |= more
            more = {one for one, above in self.superiors.items() if above in people}
            more |= {
                away
                for (who, away), (stands, may_act) in self.stand_ins.items()
                if stands and (may_act or not acts) and who in people
            }
        theirs = {
            team for (who, team), is_in_it in self.members.items() if is_in_it and who in people
        }
        given = {
            account for (account, team), stands in self.teams.items() if stands and team in theirs
        }
        owned = {account for account, owner in self.owners.items() if owner in people}
        helped = {
            account for (account, who), stands in self.helpers.items() if stands and who in people
        }
        return owned | helped | given

    def store(self, connection: Connection) -> None:
        """Let the copy say so."""
        staff = [
            {
                "staff_id": one,
                "reports_to_id": above,
                "is_active": one not in self.gone,
                "version": 1,
            }
            for one, above in self.superiors.items()
        ]
        owners = [
            {"account_id": account, "owner_id": owner, "version": 1}
            for account, owner in self.owners.items()
        ]
        with Session(connection) as session, session.begin():
            keep_staff(session, staff)
            keep_owners(session, owners)
            keep_sharings(session, self._sharing())
            keep_absences(session, self._standing_in())
            keep_memberships(session, self._in_teams())

    def _sharing(self) -> list[dict[str, Any]]:
        given = [("staff_id", self.helpers), ("team_id", self.teams)]
        return [
            {"account_id": account, "sharing_id": f"shr_{who}", "version": 1, "is_standing": stands}
            | {"staff_id": None, "team_id": None, kind: who}
            for kind, sharings in given
            for (account, who), stands in sharings.items()
        ]

    def _standing_in(self) -> list[dict[str, Any]]:
        return [
            {"absence_id": f"abs_{who}_{away}", "delegate_id": who, "staff_id": away, "version": 1}
            | {"is_standing": stands, "may_act": may_act}
            for (who, away), (stands, may_act) in self.stand_ins.items()
        ]

    def _in_teams(self) -> list[dict[str, Any]]:
        return [
            {"membership_id": f"mem_{who}_{team}", "staff_id": who, "team_id": team, "version": 1}
            | {"is_standing": is_in_it}
            for (who, team), is_in_it in self.members.items()
        ]


SOMEBODY = st.sampled_from(PEOPLE)
SOME_TEAM = st.sampled_from(TEAMS)
FIRMS = st.builds(
    Firm,
    superiors=st.dictionaries(SOMEBODY, st.none() | SOMEBODY),
    gone=st.sets(SOMEBODY, max_size=1),
    owners=st.dictionaries(st.sampled_from(ACCOUNTS), SOMEBODY),
    helpers=st.dictionaries(
        st.tuples(st.sampled_from(ACCOUNTS), SOMEBODY), st.booleans(), max_size=3
    ),
    stand_ins=st.dictionaries(
        st.tuples(SOMEBODY, SOMEBODY), st.tuples(st.booleans(), st.booleans()), max_size=3
    ),
    members=st.dictionaries(st.tuples(SOMEBODY, SOME_TEAM), st.booleans(), max_size=4),
    teams=st.dictionaries(
        st.tuples(st.sampled_from(ACCOUNTS), SOME_TEAM), st.booleans(), max_size=4
    ),
)

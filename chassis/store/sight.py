"""Who sees which accounts, as rows: keeping them, and reading them once in a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, Row, Select, Text, any_, literal, select, text
from sqlalchemy.orm import Session, registry

from chassis.store.plans import Planned
from chassis.store.tables import account_sight, staff_tree, stand_in_sight

Facts = Sequence[Mapping[str, Any]]


class Sight:
    """A row of `account_sight` of an owner, as copies are compared."""


class Shared:
    """A row of `account_sight` of a helper or a team."""


class Member:
    """A row of `staff_tree`."""


class StandIn:
    """A row of `stand_in_sight` of an absence."""


class TeamMember:
    """A row of `stand_in_sight` of a membership."""


_registry = registry()
_registry.map_imperatively(Sight, account_sight)
_registry.map_imperatively(
    Shared, account_sight, properties={"sharing_id": account_sight.c.given_by}
)
_registry.map_imperatively(Member, staff_tree)
_registry.map_imperatively(StandIn, stand_in_sight)
_registry.map_imperatively(
    TeamMember, stand_in_sight, properties={"membership_id": stand_in_sight.c.absence_id}
)
EVERY_OWNER = select(Sight).where(account_sight.c.given_by == "owner")
EVERY_SHARING = select(Shared).where(account_sight.c.given_by != "owner")
EVERY_MEMBER = select(Member)
EVERY_ABSENCE = select(StandIn).where(stand_in_sight.c.absence_id.startswith("abs_"))
EVERY_MEMBERSHIP = select(TeamMember).where(stand_in_sight.c.absence_id.startswith("mem_"))

# The newest of each in one statement, in one order, as all lock rows.
_KEEP_OWNERS = text(
    """
    INSERT INTO account_sight (account_id, given_by, staff_id, version)
    SELECT DISTINCT ON (account_id) account_id, 'owner', owner_id, version
    FROM json_to_recordset(:facts) AS fact (account_id text, owner_id text, version bigint)
    ORDER BY account_id, version DESC
    ON CONFLICT (account_id, given_by) DO UPDATE
    SET staff_id = excluded.staff_id, version = excluded.version
    WHERE (excluded.version, excluded.staff_id) IS DISTINCT FROM
          (account_sight.version, account_sight.staff_id)
      AND excluded.version >= account_sight.version
    """
)
_KEEP_STAFF = text(
    """
    INSERT INTO staff_tree (staff_id, reports_to_id, is_active, version)
    SELECT DISTINCT ON (staff_id) staff_id, reports_to_id, is_active, version
    FROM json_to_recordset(:facts)
        AS fact (staff_id text, reports_to_id text, is_active boolean, version bigint)
    ORDER BY staff_id, version DESC
    ON CONFLICT (staff_id) DO UPDATE
    SET reports_to_id = excluded.reports_to_id, is_active = excluded.is_active,
        version = excluded.version
    WHERE excluded.version >= staff_tree.version
    """
)
_KEEP_SHARINGS = text(
    """
    INSERT INTO account_sight (account_id, given_by, staff_id, is_standing, version)
    SELECT DISTINCT ON (account_id, sharing_id)
           account_id, sharing_id, coalesce(staff_id, team_id), is_standing, version
    FROM json_to_recordset(:facts) AS fact (
        account_id text, sharing_id text, staff_id text, team_id text, is_standing boolean,
        version bigint)
    ORDER BY account_id, sharing_id, version DESC
    ON CONFLICT (account_id, given_by) DO UPDATE
    SET staff_id = excluded.staff_id, is_standing = excluded.is_standing, version = excluded.version
    WHERE excluded.version >= account_sight.version
    """
)
_KEEP_STAND_INS = """
    INSERT INTO stand_in_sight (absence_id, staff_id, away_id, is_standing, may_act, version)
    SELECT DISTINCT ON ({by}) {by}, {who}, {whose}, is_standing, {may_act}, version
    FROM json_to_recordset(:facts) AS fact (
        {by} text, {who} text, {whose} text, is_standing boolean, may_act boolean, version bigint)
    ORDER BY {by}, version DESC
    ON CONFLICT (absence_id) DO UPDATE
    SET staff_id = excluded.staff_id, away_id = excluded.away_id,
        is_standing = excluded.is_standing, may_act = excluded.may_act, version = excluded.version
    WHERE excluded.version >= stand_in_sight.version
    """
_KEEP_ABSENCES = text(
    _KEEP_STAND_INS.format(by="absence_id", who="delegate_id", whose="staff_id", may_act="may_act")
)
_KEEP_MEMBERSHIPS = text(
    _KEEP_STAND_INS.format(by="membership_id", who="staff_id", whose="team_id", may_act="true")
)
# Each person is looked for once: a circle, which a copy may show while events are on their way, ends by
# itself. Who left sees nothing; those above see what is still theirs.
_SEEN = """
    WITH RECURSIVE seen (by_id, staff_id) AS (
        SELECT staff_id, staff_id FROM staff_tree WHERE staff_id = ANY(:staff_ids) AND is_active
        UNION
        SELECT seen.by_id, next.staff_id FROM seen CROSS JOIN LATERAL (
            SELECT below.staff_id FROM staff_tree AS below WHERE below.reports_to_id = seen.staff_id
            UNION ALL
            SELECT away_id FROM stand_in_sight
            WHERE stand_in_sight.staff_id = seen.staff_id AND is_standing AND (may_act OR NOT :acts)
        ) AS next
    )
    """
_READ = Planned(
    f"""{_SEEN}
    SELECT ARRAY(SELECT staff_id FROM seen) AS people,
           EXISTS (SELECT FROM account_sight WHERE account_id = :account_id) AS is_known,
           EXISTS (SELECT FROM account_sight JOIN seen USING (staff_id)
                   WHERE account_id = :account_id AND is_standing) AS is_visible
    """,  # noqa: S608
    staff_ids="text[]",
    account_id="text",
    acts="boolean",
)
_READ_PAIRS = text(
    f"""{_SEEN}
    SELECT by_id AS staff_id, account_id,
           EXISTS (SELECT FROM account_sight WHERE account_id = pair.account_id) AS is_known,
           EXISTS (SELECT FROM account_sight JOIN seen USING (staff_id)
                   WHERE account_id = pair.account_id AND seen.by_id = pair.by_id AND is_standing)
               AS is_visible
    FROM unnest(CAST(:staff_ids AS text[]), CAST(:account_ids AS text[])) AS pair (by_id, account_id)
    """  # noqa: S608
)


def keep_owners(session: Session, facts: Facts) -> None:
    """Store who owns accounts, where that is newer by `version`."""
    session.execute(_KEEP_OWNERS, {"facts": _dump(facts)})


def keep_staff(session: Session, facts: Facts) -> None:
    """Store whom members of staff report to, where that is newer by `version`."""
    session.execute(_KEEP_STAFF, {"facts": _dump(facts)})


def keep_sharings(session: Session, facts: Facts) -> None:
    """Store who looks after accounts beside their owners, where that is newer by `version`."""
    session.execute(_KEEP_SHARINGS, {"facts": _dump(facts)})


def keep_absences(session: Session, facts: Facts) -> None:
    """Store who stands in for whom, where that is newer by `version`."""
    session.execute(_KEEP_ABSENCES, {"facts": _dump(facts)})


def keep_memberships(session: Session, facts: Facts) -> None:
    """Store who is in which team, where that is newer by `version`."""
    session.execute(_KEEP_MEMBERSHIPS, {"facts": _dump(facts)})


def read_sight(session: Session, *, staff_id: str, account_id: str | None, acts: bool) -> Row[Any]:
    """The `people` and teams whose accounts a member of staff sees, or may act for, their own id among
    them (none for somebody who is not known or has left); and whether an account `is_known` here and
    `is_visible` to them."""
    values = {"staff_ids": [staff_id], "account_id": account_id, "acts": acts}
    [sight] = _READ.execute(session.connection(), values)
    return sight


def read_sights(session: Session, pairs: Collection[tuple[str, str]]) -> Sequence[Row[Any]]:
    """Of each pair of a member of staff and an account, whether the account `is_known` here and
    `is_visible` to them, to act for it."""
    values: dict[str, Any] = {
        "staff_ids": [one for one, _ in pairs],
        "account_ids": [one for _, one in pairs],
        "acts": True,
    }
    return session.connection().execute(_READ_PAIRS, values).all()


def select_seen_by(people: Sequence[str]) -> Select[str]:
    """The ids of the accounts that these people see for their own part."""
    return select(account_sight.c.account_id).where(
        account_sight.c.staff_id == any_(literal(people, ARRAY(Text))), account_sight.c.is_standing
    )


def _dump(facts: Facts) -> str:
    return orjson.dumps([*facts]).decode()

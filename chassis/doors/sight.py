"""Every service's copy of who sees which accounts: whom staff report to, who owns each account, who helps
with it, which team looks after it and who is in that, and who stands in for whom.

Accounts says it. There it is kept at once, in the transaction that announces it, so that who opens an
account finds it; everywhere else it is kept by event.
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from chassis.contract import consumes
from chassis.events import ACCOUNT_EVENTS, Subscription
from chassis.fields import Id, Whole
from chassis.store.sight import (
    EVERY_ABSENCE,
    EVERY_MEMBER,
    EVERY_MEMBERSHIP,
    EVERY_OWNER,
    EVERY_SHARING,
    Facts,
    keep_absences,
    keep_memberships,
    keep_owners,
    keep_sharings,
    keep_staff,
)

SOURCE = "accounts"


class OwnedAccount(Subscription):
    """What every event about an account says of who looks after it."""

    account_id = Id("acc", required=True)
    version = Whole(required=True)
    owner_id = Id("stf", required=True)


class StaffMember(Subscription):
    """What every event about a member of staff says of their place in the tree."""

    staff_id = Id("stf", required=True)
    version = Whole(required=True)
    reports_to_id = Id("stf", required=True, allow_none=True)
    is_active = fields.Boolean(required=True)


class SharedAccount(Subscription):
    """What every event says about who looks after an account beside its owner: a person or a team."""

    account_id = Id("acc", required=True)
    sharing_id = Id("shr", required=True)
    version = Whole(required=True)
    staff_id = Id("stf", required=True, allow_none=True)
    team_id = Id("team", required=True, allow_none=True)
    is_standing = fields.Boolean(required=True)


class TeamMembership(Subscription):
    """What every event says about a person's time in a team."""

    membership_id = Id("mem", required=True)
    version = Whole(required=True)
    team_id = Id("team", required=True)
    staff_id = Id("stf", required=True)
    is_standing = fields.Boolean(required=True)


class Absence(Subscription):
    """What every event about an absence says of who stands in."""

    absence_id = Id("abs", required=True)
    version = Whole(required=True)
    staff_id = Id("stf", required=True)
    delegate_id = Id("stf", required=True)
    may_act = fields.Boolean(required=True)
    is_standing = fields.Boolean(required=True)


OWNERS = OwnedAccount.to(SOURCE, *ACCOUNT_EVENTS)
STAFF = StaffMember.to(
    SOURCE, "staff_added", "staff_changed", "staff_left", "staff_returned", "staff_introduced"
)

SHARINGS = SharedAccount.to(
    SOURCE,
    *("helper_added", "helper_began", "helper_ended", "team_given", "team_taken"),
    "sharing_introduced",
)
MEMBERSHIPS = TeamMembership.to(
    SOURCE, "team_member_added", "team_member_began", "team_member_ended", "team_member_introduced"
)
ABSENCES = Absence.to(
    SOURCE,
    *("absence_planned", "absence_began", "absence_extended", "absence_ended", "absence_cancelled"),
    "absence_introduced",
)
KEEP = {
    "owners": keep_owners,
    "staff": keep_staff,
    "sharings": keep_sharings,
    "memberships": keep_memberships,
    "absences": keep_absences,
}


def sight_of(service: str) -> type:
    """The ways in to a service's copy; none where accounts keeps its own."""
    if service == SOURCE:
        return type("Sight", (), {})

    class Sight:
        """Who sees which accounts."""

        @consumes(*OWNERS, takes_many=True, keeps=EVERY_OWNER)
        def keep_owners_of_accounts(self, session: Session, facts: Facts) -> None:
            """Copy who owns accounts."""
            keep_owners(session, facts)

        @consumes(*STAFF, takes_many=True, keeps=EVERY_MEMBER)
        def keep_tree_of_staff(self, session: Session, facts: Facts) -> None:
            """Copy whom members of staff report to."""
            keep_staff(session, facts)

        @consumes(*SHARINGS, takes_many=True, keeps=EVERY_SHARING)
        def keep_sharings_of_accounts(self, session: Session, facts: Facts) -> None:
            """Copy who looks after accounts beside their owners."""
            keep_sharings(session, facts)

        @consumes(*MEMBERSHIPS, takes_many=True, keeps=EVERY_MEMBERSHIP)
        def keep_members_of_teams(self, session: Session, facts: Facts) -> None:
            """Copy who is in which team."""
            keep_memberships(session, facts)

        @consumes(*ABSENCES, takes_many=True, keeps=EVERY_ABSENCE)
        def keep_absences_of_staff(self, session: Session, facts: Facts) -> None:
            """Copy who stands in for whom."""
            keep_absences(session, facts)

    return Sight


def keep_own_sight(session: Session) -> None:
    """Keep at once what this transaction announces of who sees which accounts."""
    told: dict[str, list[dict[str, Any]]] = {}
    for event, data, _ in session.info.get("announced", ()):
        if event.sight:
            told.setdefault(event.sight, []).append(data)
    for sight, keep in KEEP.items():
        if facts := told.get(sight):
            keep(session, facts)

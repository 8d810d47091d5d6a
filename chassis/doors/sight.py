"""Every service's copy of who sees which accounts: whom staff report to, and who owns each account.

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
from chassis.store.sight import EVERY_MEMBER, EVERY_OWNER, Facts, keep_owners, keep_staff

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


OWNERS = OwnedAccount.to(SOURCE, *ACCOUNT_EVENTS)
STAFF = StaffMember.to(
    SOURCE, "staff_added", "staff_changed", "staff_left", "staff_returned", "staff_introduced"
)


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

    return Sight


def keep_own_sight(session: Session) -> None:
    """Keep at once what this transaction announces of who sees which accounts."""
    told: dict[str, list[dict[str, Any]]] = {}
    for event, data, _ in session.info.get("announced", ()):
        if event.is_sight:
            told.setdefault(event.about, []).append(data)
    if accounts := told.get("account_id"):
        keep_owners(session, accounts)
    if staff := told.get("staff_id"):
        keep_staff(session, staff)

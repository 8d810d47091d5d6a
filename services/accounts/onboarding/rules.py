"""When an item of the checklist is settled, when its document is to be renewed, and when the checklist
lets an account become active or holds it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from enum import StrEnum

from kernel.calendar import add_days, require_foreseeable
from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import Action, Status
from services.accounts.reasons.rules import Due, Kind

DAYS_MAX = 7  # in onboarding; longer is stuck
REMINDED_AT = time(5, 10)  # in the business' time zone
REMINDERS = (-30, -7, 1)  # days from the last on which a document is good


class ItemStatus(StrEnum):
    """Where an item of the checklist stands."""

    OPEN = "open"
    COMPLETED = "completed"
    EXPIRED = "expired"
    WAIVED = "waived"


class ItemAction(StrEnum):
    """What can be done with an item."""

    COMPLETE = "complete"
    WAIVE = "waive"


# Where an action leads from a status. An item that is complete may be completed again: the document was
# renewed.
MOVES: Mapping[ItemStatus, Mapping[ItemAction, ItemStatus]] = {
    ItemStatus.OPEN: {
        ItemAction.COMPLETE: ItemStatus.COMPLETED,
        ItemAction.WAIVE: ItemStatus.WAIVED,
    },
    ItemStatus.COMPLETED: {ItemAction.COMPLETE: ItemStatus.COMPLETED},
    ItemStatus.EXPIRED: {
        ItemAction.COMPLETE: ItemStatus.COMPLETED,
        ItemAction.WAIVE: ItemStatus.WAIVED,
    },
    ItemStatus.WAIVED: {},
}


def item_status(
    *, is_completed: bool, is_waived: bool, expires_on: date | None, today: date
) -> ItemStatus:
    """Where an item stands today; a document is good up to and on the day it expires."""
    if is_waived:
        return ItemStatus.WAIVED
    if not is_completed:
        return ItemStatus.OPEN
    if expires_on is not None and expires_on < today:
        return ItemStatus.EXPIRED
    return ItemStatus.COMPLETED


def require_completable(
    *, status: ItemStatus, needs_expiry: bool, expires_on: date | None, today: date
) -> None:
    """Refuse a waived item, a document without the expiry it must have, one expired already, and one
    that expires too far ahead to be true."""
    if ItemAction.COMPLETE not in MOVES[status]:
        raise Conflict(
            "checklist_item_waived", "The item was waived; there is nothing to complete."
        )
    if needs_expiry and expires_on is None:
        raise Invalid(
            "expiry_missing",
            "This kind of document expires; say on which day.",
            field="expires_on",
        )
    if expires_on is None:
        return
    if expires_on < today:
        raise Invalid(
            "document_expired",
            f"The document expired on {expires_on}; collect a newer one.",
            field="expires_on",
        )
    require_foreseeable(expires_on, today=today, field="expires_on")


def require_waivable(status: ItemStatus) -> None:
    """Refuse to waive what is settled already."""
    if ItemAction.WAIVE not in MOVES[status]:
        raise Conflict("checklist_item_settled", f"The item is {status}; it need not be waived.")


def require_complete(number: str, items: Iterable[tuple[str, ItemStatus]]) -> None:
    """Refuse to activate an account while an item, given by name and status, is open or expired."""
    unsettled = [
        f"{name} ({status})"
        for name, status in items
        if status in {ItemStatus.OPEN, ItemStatus.EXPIRED}
    ]
    if unsettled:
        raise Conflict(
            "checklist_incomplete",
            f"Account {number} cannot be activated yet; missing: {', '.join(unsettled)}.",
            missing=unsettled,
        )


def stuck(account_id: str, since: date) -> Due:
    """That an account is too long in onboarding: who decides there, or else who pays, can help."""
    return Due(
        account_id=account_id,
        reason=Kind.ONBOARDING_STUCK,
        about=account_id,
        since=since,
        sentence=f"Onboarding began on {since} and its checklist is not complete.",
        roles=("decision_maker", "payer"),
    )


def reminded_on(expires_on: date, *, today: date) -> date | None:
    """The day of the last reminder of a document that has come by today; None where none has."""
    days = [add_days(expires_on, offset) for offset in REMINDERS]
    return max((day for day in days if day <= today), default=None)


def next_reminder(expires_on: date, *, today: date) -> date | None:
    """The day of the next reminder of a document after today; None where all have come."""
    days = [add_days(expires_on, offset) for offset in REMINDERS]
    return min((day for day in days if day > today), default=None)


def why_renew(name: str, *, expires_on: date, holds_business: bool, today: date) -> str:
    """Why to ask for a newer document, in a sentence."""
    if expires_on < today:
        consequence = "; there is no new business until then" if holds_business else ""
        return f"{name} expired on {expires_on}: ask for a newer one{consequence}."
    consequence = ", or there is no new business from the day after" if holds_business else ""
    return f"{name} is good until {expires_on}: ask for a newer one{consequence}."


def judge_hold(status: Status, *, is_held_for_documents: bool, has_expired: bool) -> Action | None:
    """What is to happen to an account, from whether a document without which there is no business has
    expired; None where it is as it should be."""
    if status == Status.ACTIVE and has_expired:
        return Action.HOLD
    if status == Status.ON_HOLD and not has_expired and is_held_for_documents:
        return Action.RELEASE
    return None


def require_other_person(by: str, *, filled_in_by: Collection[str]) -> None:
    """Refuse a waiver by somebody who has completed an item of the account's checklist or collected a
    document for it: what is not there is excused by another person."""
    if by in filled_in_by:
        raise Conflict(
            "same_person",
            "You have filled in this account's checklist, or collected documents for it; somebody else "
            "must waive what is missing.",
            field="checklist_item_id",
        )

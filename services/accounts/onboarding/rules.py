"""When an item of the checklist is settled, and when the checklist lets an account become active."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from kernel.calendar import require_foreseeable
from kernel.refusals import Conflict, Invalid
from services.accounts.reasons.rules import Due, Kind

DAYS_MAX = 7  # in onboarding; longer is stuck


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

"""What a reason of our own to contact an account says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.money import Money

Key = tuple[str, str, str]


class Kind(StrEnum):
    """Kinds of reasons that subjects of accounts find."""

    ONBOARDING_STUCK = "onboarding_stuck"
    CLOSED_UNSETTLED = "closed_unsettled"
    DOCUMENT_EXPIRING = "document_expiring"
    ACCOUNT_UNKNOWN = "account_unknown"
    HAND_OVER_LATE = "hand_over_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Why an account should be contacted: the kind, and what it is about (an id), are its identity at the
    account. With another day in `since` it is a new reason. `roles` are those of contacts, the best
    first; `channel` is where it must be that. Besides the owner's it is on the list of `to_staff_id`."""

    account_id: str
    reason: str
    about: str
    since: date
    sentence: str
    amount: Money | None = None
    roles: tuple[str, ...] = ()
    channel: str | None = None
    earliest: datetime | None = None
    to_staff_id: str | None = None

    @property
    def key(self) -> Key:
        """Which reason it is."""
        return self.account_id, self.reason, self.about

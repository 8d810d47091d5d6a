"""Who calls: as the gateway vouches for it, and as a service sees it."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.refusals import Forbidden

EVERYTHING = "*"
INTERNAL = "internal"  # the gateway's own calls; no API key can have it
ALL_ACCOUNTS = "accounts:all"  # lets a person see all accounts; must be named, "*" is not enough


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, what they may do, and the accounts that they may see (none given: all).

    `staff_id` is the member of staff behind the call; a system has none. Where there is one, `subject` is
    the same: what is written down names a person, whichever key or session it was done with."""

    subject: str
    scopes: frozenset[str]
    accounts: frozenset[str] | None = None
    staff_id: str | None = None

    @property
    def sees_all(self) -> bool:
        """Whether no account is hidden from the caller."""
        return self.accounts is None and not self.is_held_to_people

    @property
    def is_held_to_people(self) -> bool:
        """Whether the caller is a person who sees accounts only for their own part and for that of those
        below them."""
        return self.staff_id is not None and ALL_ACCOUNTS not in self.scopes

    def require(self, scope: str) -> None:
        """Forbidden unless the caller has the scope."""
        if scope not in self.scopes and not (scope != INTERNAL and EVERYTHING in self.scopes):
            raise Forbidden("scope_missing", f"This needs the scope {scope}.", scope=scope)


ITSELF = Caller("service", frozenset({EVERYTHING}))
"""A service that handles an event or does its daily job."""

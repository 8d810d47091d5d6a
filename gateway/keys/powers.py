"""What a key may do, how far it sees and how much it may ask: nobody gives what they have not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from gateway.problems import Problem
from kernel.callers import EVERYTHING


@dataclass(frozen=True, slots=True)
class Power:
    """What one key has. `accounts` none: it sees all; `expires_at` none: it never ends; `staff_id` none:
    nobody in particular is behind it, so it is not held to what one person sees."""

    scopes: frozenset[str]
    accounts: frozenset[str] | None
    expires_at: datetime | None
    requests_per_second: int
    calls_at_once: int
    staff_id: str | None = None

    @property
    def is_anyones(self) -> bool:
        """Whether it may act for any member of staff and for none: it sees all, and either it is a
        system's or may do everything."""
        is_unbound = self.staff_id is None or EVERYTHING in self.scopes
        return self.accounts is None and is_unbound

    def require_scope(self, scope: str) -> None:
        """Problem 403 unless it has this scope."""
        if scope not in self.scopes and EVERYTHING not in self.scopes:
            detail = f"This needs the scope {scope}."
            raise Problem(403, "scope_missing", detail, facts={"scope": scope})

    def require_all_accounts(self) -> None:
        """Problem 403 unless it sees all accounts."""
        if self.accounts is not None:
            detail = (
                "This is about all accounts; it needs a key that is not limited to some of them."
            )
            raise Problem(403, "all_accounts_needed", detail)

    def require_held(self, wanted: Power) -> None:
        """Problem 403 where one with this power would give, or get hold of, more than it has."""
        self.require_scopes(wanted.scopes)
        if not self._sees(wanted.accounts):
            detail = "A key limited to some accounts passes on only those."
            raise Problem(403, "accounts_not_held", detail)
        self.require_staff(wanted.staff_id)
        self.require_outlasting(wanted.expires_at)
        for name in ("requests_per_second", "calls_at_once"):
            most = getattr(self, name)
            if getattr(wanted, name) > most:
                detail = f"A key passes on at most its own {name}: state it, up to {most}."
                raise Problem(403, "rate_not_held", detail)

    def require_scopes(self, wanted: Collection[str]) -> None:
        """Problem 403 unless it has these scopes itself."""
        lacking = self._find_lacking(wanted)
        if lacking:
            detail = f"Nobody passes on but their own scopes; not yours: {' '.join(lacking)}."
            raise Problem(403, "scope_not_held", detail)

    def require_staff(self, staff_id: str | None) -> None:
        """Problem 403 unless it may act for this member of staff, or where there is none, for nobody in
        particular."""
        if not (self.is_anyones or staff_id == self.staff_id):
            detail = f"This acts for {self.staff_id or 'no member of staff'} alone: name no other."
            raise Problem(403, "staff_not_held", detail)

    def require_outlasting(self, end: datetime | None) -> None:
        """Problem 403 where it ends before what it would give does."""
        if not self._outlasts(end):
            detail = f"What a key gives ends no later than itself: {self.expires_at}."
            raise Problem(403, "expiry_not_held", detail)

    def _find_lacking(self, scopes: Collection[str]) -> list[str]:
        return [] if EVERYTHING in self.scopes else sorted(set(scopes) - self.scopes)

    def _sees(self, accounts: frozenset[str] | None) -> bool:
        return self.accounts is None or (accounts is not None and accounts <= self.accounts)

    def _outlasts(self, end: datetime | None) -> bool:
        return self.expires_at is None or (end is not None and end <= self.expires_at)

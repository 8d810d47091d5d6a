"""The ways in of what has charges rest and end: events of collections and of accounts."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.resting import subscriptions, usecases


class Resting:
    """Charges rest and end with what they are charged for."""

    clock: Any
    caller: Any

    @consumes(*subscriptions.SUSPENSION, takes_many=True)
    def rest_charges(self, session: Any, suspensions: Any) -> None:
        """Have what recurs not billed as long as the account's services are suspended."""
        usecases.rest_charges(session, suspensions, **self._resting_moment())

    @consumes(subscriptions.AccountClosed)
    def end_charges(self, session: Any, **values: Any) -> None:
        """End the charges of an account that is closed."""
        usecases.end_charges(session, **self._resting_moment(), **values)

    def _resting_moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

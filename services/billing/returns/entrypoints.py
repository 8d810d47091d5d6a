"""The way in of returns: an event of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.returns import subscriptions, usecases


class Returns:
    """What came back is credited, once for each return."""

    clock: Any
    caller: Any

    @consumes(subscriptions.ReturnAccepted, takes_many=True)
    def credit_return(self, session: Any, accepted: Any) -> None:
        """Credit what came back, or refuse it with a reason."""
        usecases.credit_returns(
            session,
            accepted,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
        )

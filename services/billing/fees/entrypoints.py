"""The way in of fees: events of collections."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.fees import subscriptions, usecases


class Fees:
    """What notices cost is demanded."""

    clock: Any
    caller: Any

    @consumes(*subscriptions.FEE, takes_many=True)
    def keep_fees(self, session: Any, fees: Any) -> None:
        """Demand what was assessed or reinstated, credit what was waived."""
        usecases.keep_fees(
            session,
            fees,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
        )

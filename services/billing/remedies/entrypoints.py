"""The way in of remedies: an event of the accounts service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.remedies import subscriptions, usecases


class Remedies:
    """Credits what accounts granted."""

    clock: Any
    caller: Any

    @consumes(subscriptions.RemedyGranted, takes_many=True)
    def answer_remedy(self, session: Any, granted: Any) -> None:
        """Issue the credit note of a remedy, or refuse it with a reason."""
        usecases.answer_remedies(
            session,
            granted,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
        )

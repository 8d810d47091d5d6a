"""The way into closings: an event of the accounts service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing import subscriptions
from services.billing.closings import usecases


class Closings:
    """Agrees or objects to the closing of accounts."""

    clock: Any
    caller: Any

    # Alone, as it waits for whoever is billing the account.
    @consumes(subscriptions.AccountClosing, is_alone=True)
    def answer_closing(self, session: Any, **values: Any) -> None:
        """Say whether billing agrees that an account is closed."""
        usecases.answer_closing(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

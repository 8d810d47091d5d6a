"""The way into closings: an event of the accounts service."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales import subscriptions
from services.sales.closings import usecases


class Closings:
    """Agrees or objects to the closing of accounts."""

    # Alone, as it waits for whoever is confirming an order of the account.
    @consumes(subscriptions.AccountClosing, is_alone=True)
    def answer_closing(self, session, **snapshot):
        """Say whether sales agrees that an account is closed."""
        usecases.answer_closing(session, **snapshot)

"""The ways into balances."""

from __future__ import annotations

from chassis.contract import consumes
from services.accounts import subscriptions
from services.accounts.balances import usecases


class Balances:
    """The copy of what accounts owe."""

    @consumes(subscriptions.BalanceChanged)
    def copy_balance(self, session, **values):
        """Keep the newest balance of an account in a currency."""
        usecases.copy_balance(session, **values)

"""The ways into intake: what billing announces about open items and balances."""

from __future__ import annotations

from chassis.contract import consumes
from services.collections import subscriptions
from services.collections.intake import usecases
from services.collections.receivables.usecases import open_items


class Intake:
    """Keeps the copies of billing's open items and balances."""

    @consumes(subscriptions.InvoiceIssued)
    def open_receivables(self, session, **values):
        """There is more to be paid."""
        open_items(session, **values)

    @consumes(subscriptions.InvoiceVoided)
    def void_receivables(self, session, **values):
        """An invoice's items need not be paid."""
        usecases.settle_items(session, **self._circumstances(), **values)

    @consumes(subscriptions.AllocationMade)
    def lower_receivable(self, session, *, account_id, item):
        """Something of an item was paid or credited."""
        usecases.settle_items(session, account_id=account_id, items=[item], **self._circumstances())

    @consumes(subscriptions.AllocationReversed)
    def raise_receivable(self, session, **values):
        """Something of an item is owed again."""
        usecases.reopen_item(session, **self._circumstances(), **values)

    @consumes(subscriptions.BalanceChanged)
    def take_balance(self, session, **values):
        """What the account owes and what is unapplied changed."""
        usecases.take_balance(session, **self._circumstances(), **values)

    def _circumstances(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

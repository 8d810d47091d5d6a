"""The ways into intake: what billing announces about open items and balances."""

from __future__ import annotations

from chassis.contract import consumes
from services.collections import subscriptions
from services.collections.accounts.queries import COPY_OF_BALANCES
from services.collections.intake import usecases
from services.collections.receivables.queries import COPY
from services.collections.receivables.usecases import open_items


class Intake:
    """Keeps the copies of billing's open items and balances."""

    @consumes(*subscriptions.ITEMS_OPENED, takes_many=True)
    def open_receivables(self, session, invoices):
        """There is more to be paid."""
        open_items(session, invoices)

    @consumes(subscriptions.ItemIntroduced, takes_many=True, keeps=COPY)
    def keep_receivables(self, session, items):
        """Items are as billing tells."""
        usecases.take_introduced_items(session, items, **self._circumstances())

    @consumes(subscriptions.ItemDueChanged, takes_many=True)
    def move_receivables(self, session, changes):
        """Items are due on other days: dunning begins anew from those."""
        usecases.move_items(session, changes, **self._circumstances())

    @consumes(*subscriptions.ITEMS_SETTLED, takes_many=True)
    def lower_receivables(self, session, changes):
        """Something of items was paid or credited, or need not be paid."""
        usecases.settle_items(session, changes, **self._circumstances())

    @consumes(*subscriptions.ITEMS_REOPENED, takes_many=True)
    def raise_receivables(self, session, changes):
        """Something of items is owed again, or more or less of it may be asked for."""
        usecases.reopen_items(session, changes, **self._circumstances())

    @consumes(*subscriptions.BALANCE, takes_many=True, keeps=COPY_OF_BALANCES)
    def take_balances(self, session, snapshots):
        """What accounts owe and what is unapplied changed."""
        usecases.take_balances(session, snapshots, **self._circumstances())

    def _circumstances(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

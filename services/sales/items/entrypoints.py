"""The ways into items."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales.items import subscriptions, usecases
from services.sales.items.queries import COPY


class Items:
    """The copy of billing's items."""

    @consumes(*subscriptions.ITEMS, takes_many=True, keeps=COPY)
    def keep_items(self, session, changes):
        """Keep the newest of what billing tells of items."""
        usecases.keep_items(session, changes)

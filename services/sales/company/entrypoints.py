"""The way into the company: the event of the accounts service."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales.company import queries, subscriptions, usecases


class TheCompany:
    """Keeps the copy of the company."""

    @consumes(*subscriptions.COMPANY, takes_many=True, keeps=queries.COPY)
    def keep_company(self, session, snapshots):
        """Delivery notes are from another name or address from now on."""
        usecases.keep_company(session, snapshots)

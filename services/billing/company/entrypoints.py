"""The way into the company: the event of the accounts service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.company import queries, subscriptions, usecases


class TheCompany:
    """Keeps the copy of the company."""

    clock: Any

    @consumes(*subscriptions.COMPANY, takes_many=True, keeps=queries.COPY)
    def keep_company(self, session: Any, snapshots: Any) -> None:
        """Documents are from another name or address from now on, or their tax is rounded otherwise."""
        usecases.keep_company(session, snapshots, now=self.clock.now())

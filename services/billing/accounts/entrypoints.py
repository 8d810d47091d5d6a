"""The ways into billing's copy of accounts: events of the accounts service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing import subscriptions
from services.billing.accounts import queries, usecases


class Accounts:
    """Every change of an account comes with the whole account; the newest is kept."""

    @consumes(*subscriptions.ACCOUNT, takes_many=True, keeps=queries.COPY)
    def keep_accounts(self, session: Any, snapshots: Any) -> None:
        """Copy accounts that were opened or changed."""
        usecases.keep_accounts(session, snapshots)

"""The way into letters on their way: events of the collections service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.notices import subscriptions, usecases


class Notices:
    """Which items somebody is being written about."""

    @consumes(*subscriptions.NOTICES, takes_many=True)
    def keep_notices(self, session: Any, changes: Any) -> None:
        """Letters were approved, sent or dropped."""
        usecases.keep_notices(session, changes)

"""The ways into what a count may find amiss."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import NoFields
from services.sales.count_settings import queries, schemas, usecases


class TheCountSettings:
    """What a count may find amiss before somebody else is to approve it."""

    clock: Any
    caller: Any

    @query(
        "GET /v1/count-settings",
        NoFields,
        returns=schemas.CountSettings,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_count_settings(self, session: Any) -> Any:
        """What a line of a count may be off without approval; 5 % and 60.00 EUR until that is set."""
        return queries.get_count_settings(session)

    @command(
        "PUT /v1/count-settings",
        schemas.NewCountSettings,
        returns=schemas.CountSettings,
        scope="sales:approve",
        reach=Reach.EVERYTHING,
    )
    def change_count_settings(self, session: Any, **values: Any) -> Any:
        """Say what a line may be off without approval, in counts that are opened from now on."""
        return usecases.change_count_settings(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

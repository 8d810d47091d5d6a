"""The ways into how long returns are waited for."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import NoFields
from services.sales.return_settings import queries, schemas, usecases


class TheReturnSettings:
    """How long returns are waited for."""

    clock: Any
    caller: Any

    @query(
        "GET /v1/return-settings",
        NoFields,
        returns=schemas.ReturnSettings,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_return_settings(self, session: Any) -> Any:
        """After how many days a return expires or is late; 14, 30, 10 and 3 until that is set."""
        return queries.get_return_settings(session)

    @command(
        "PUT /v1/return-settings",
        schemas.NewReturnSettings,
        returns=schemas.ReturnSettings,
        scope="sales:approve",
        reach=Reach.EVERYTHING,
    )
    def change_return_settings(self, session: Any, **values: Any) -> Any:
        """Say how long returns are waited for. What is requested or authorised already keeps its last
        day; what is on its way or here is judged anew from the next morning on."""
        return usecases.change_return_settings(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

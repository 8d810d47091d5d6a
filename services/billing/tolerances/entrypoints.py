"""The ways into tolerances."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.tolerances import queries, schemas, usecases


class Tolerances:
    """Which differences are too small to ask for."""

    clock: Any
    caller: Any

    @command(
        "PUT /v1/tolerances/{currency}",
        schemas.SetTolerance,
        returns=schemas.Tolerance,
        scope="billing:write",
        reach=Reach.EVERYTHING,
    )
    def set_tolerance(self, session: Any, **values: Any) -> Any:
        """Set how much of an item may be missing when it is paid: from now on that is given up by itself,
        as a payment difference, and owed again when the payment bounces."""
        return usecases.set_tolerance(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/tolerances/{currency}",
        schemas.TolerancePath,
        returns=schemas.Tolerance,
        scope="billing:read",
        reach=Reach.SHARED,
    )
    def get_tolerance(self, session: Any, **values: Any) -> Any:
        """How much of an item may be missing in a currency."""
        return queries.get_tolerance(session, **values)

    @query(
        "GET /v1/tolerances/{currency}/history",
        schemas.ToleranceHistory,
        returns=page_of(schemas.Tolerance),
        scope="billing:read",
        reach=Reach.SHARED,
    )
    def list_tolerances(self, session: Any, **values: Any) -> Any:
        """What was tolerated, the newest first: by whom, when and why."""
        return queries.list_tolerances(session, **values)

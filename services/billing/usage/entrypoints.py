"""The ways into what was used."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.charges.queries import list_usage
from services.billing.charges.schemas import HistoryQuery
from services.billing.usage import schemas, usecases


class Usage:
    """What was used of what is charged by use."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/charges/{charge_id}/usage",
        schemas.RecordUsage,
        returns=schemas.ChargeUsage,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def record_usage(self, session: Any, **values: Any) -> Any:
        """Record what was used on a day, once under its `external_id`. What comes after its period has
        fallen due is to be billed by itself."""
        return usecases.record_usage(session, **self._usage_moment(), **values)

    @query(
        "GET /v1/charges/{charge_id}/usage",
        HistoryQuery,
        returns=page_of(schemas.ChargeUsage),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_usage(self, session: Any, **values: Any) -> Any:
        """What was used of a charge, what was told last first."""
        return list_usage(session, **values)

    def _usage_moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

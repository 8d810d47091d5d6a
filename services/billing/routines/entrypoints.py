"""The ways into routines."""

from __future__ import annotations

from typing import Any

from chassis.contract import command, query
from chassis.fields import page_of
from services.billing.routines import queries, schemas, usecases


class Routines:
    """How clients pay."""

    clock: Any
    caller: Any

    @command(
        "PUT /v1/accounts/{account_id}/billing-routine",
        schemas.SetBillingRoutine,
        returns=schemas.BillingRoutine,
        scope="billing:write",
    )
    def set_billing_routine(self, session: Any, **values: Any) -> Any:
        """Agree on how an account pays, the whole of it, for what is issued from now on. A due day that
        is given as a day stays; one that follows from terms moves to the next day on which they pay."""
        return usecases.set_billing_routine(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/accounts/{account_id}/billing-routine",
        schemas.AccountPath,
        returns=schemas.BillingRoutine,
        scope="billing:read",
    )
    def get_billing_routine(self, session: Any, **values: Any) -> Any:
        """How an account pays."""
        return queries.get_billing_routine(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/billing-routine/history",
        schemas.HistoryQuery,
        returns=page_of(schemas.BillingRoutine),
        scope="billing:read",
    )
    def list_billing_routines(self, session: Any, **values: Any) -> Any:
        """What was agreed, the newest first: by whom, when and why."""
        return queries.list_billing_routines(session, **values)

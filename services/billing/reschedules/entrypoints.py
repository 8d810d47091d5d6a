"""The ways into rescheduling."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.invoices.schemas import Invoice
from services.billing.reschedules import queries, schemas, usecases


class Reschedules:
    """Open instalments replaced by others of the same total."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/invoices/{invoice_id}/reschedule",
        schemas.RescheduleInvoice,
        returns=Invoice,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reschedule_invoice(self, session: Any, **values: Any) -> Any:
        """Replace the open instalments of an invoice by others of the same total, from today on. What was
        paid stays where it is; what is owed ages from the new days."""
        return usecases.reschedule_invoice(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/items/{item_id}/reschedule",
        schemas.RescheduleItem,
        returns=Invoice,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reschedule_item(self, session: Any, **values: Any) -> Any:
        """Replace what is open of one item by one or more instalments of the same total; its invoice."""
        return usecases.reschedule_item(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/invoices/{invoice_id}/due-changes",
        schemas.DueChangeQuery,
        returns=page_of(schemas.DueChange),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_due_changes(self, session: Any, **values: Any) -> Any:
        """What became of an invoice's instalments, the first change first: when, by whom and why."""
        return queries.list_due_changes(session, **values)

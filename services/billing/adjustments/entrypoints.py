"""The ways into adjustments."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, consumes, query
from chassis.fields import page_of
from services.billing.adjustments import queries, schemas, subscriptions, usecases


class Adjustments:
    """What is owed and given up."""

    clock: Any
    caller: Any

    @consumes(subscriptions.WriteOffApproved, takes_many=True)
    def book_write_off(self, session: Any, approved: Any) -> None:
        """Give up what collections approved."""
        usecases.book_write_offs(session, approved, **self._at_once())

    @command(
        "POST /v1/items/{item_id}/settle-in-full",
        schemas.SettleItem,
        returns=schemas.Adjustment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def settle_item(self, session: Any, **values: Any) -> Any:
        """Give up what is still owed of an item, as a difference that is not asked for."""
        return usecases.settle_item(session, **self._at_once(), **values)

    @command(
        "POST /v1/invoices/{invoice_id}/settle-in-full",
        schemas.SettleInvoice,
        returns=schemas.Adjustment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def settle_invoice(self, session: Any, **values: Any) -> Any:
        """Give up what is still owed of an invoice, as a difference that is not asked for."""
        return usecases.settle_invoice(session, **self._at_once(), **values)

    @command(
        "POST /v1/adjustments/{adjustment_id}/reverse",
        schemas.ReverseAdjustment,
        returns=schemas.Adjustment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reverse_adjustment(self, session: Any, **values: Any) -> Any:
        """Take an adjustment back: what was given up is owed again."""
        return usecases.reverse_adjustment(session, **self._at_once(), **values)

    @query(
        "GET /v1/adjustments",
        schemas.AdjustmentQuery,
        returns=page_of(schemas.Adjustment),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_adjustments(self, session: Any, **values: Any) -> Any:
        """What was given up, newest first."""
        return queries.list_adjustments(session, **values)

    @query(
        "GET /v1/adjustments/{adjustment_id}",
        schemas.AdjustmentPath,
        returns=schemas.Adjustment,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_adjustment(self, session: Any, **values: Any) -> Any:
        """One adjustment with its components."""
        return queries.get_adjustment(session, **values)

    def _at_once(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

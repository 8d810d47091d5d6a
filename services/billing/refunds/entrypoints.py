"""The ways of giving money back."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.refunds import queries, schemas, usecases


class Refunds:
    """Money given back."""

    clock: Any
    caller: Any

    @query(
        "GET /v1/refunds",
        schemas.RefundQuery,
        returns=page_of(schemas.Refund),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_refunds(self, session: Any, **values: Any) -> Any:
        """Money given back, newest first."""
        return queries.list_refunds(session, **values)

    @command(
        "POST /v1/payments/{payment_id}/refunds",
        schemas.RefundPayment,
        returns=schemas.Refund,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def refund_payment(self, session: Any, **values: Any) -> Any:
        """Give back what is unapplied of a payment; or, with `credit`, what it paid of an invoice, last
        first, crediting as much of that in the same step: its items owe what they owed before. Both
        are undone in the order that life does: reverse the refund, void the credit note."""
        return usecases.refund_payment(session, **self._now(), **values)

    @command(
        "POST /v1/credit-notes/{credit_note_id}/refunds",
        schemas.RefundCreditNote,
        returns=schemas.Refund,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def refund_credit_note(self, session: Any, **values: Any) -> Any:
        """Pay out what is unapplied of a credit note: a refund with crediting; no item is owed again."""
        return usecases.refund_credit_note(session, **self._now(), **values)

    @command(
        "POST /v1/allocations/{allocation_id}/refunds",
        schemas.RefundAllocation,
        returns=schemas.Refund,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def refund_allocation(self, session: Any, **values: Any) -> Any:
        """Give back money that was set against an item without crediting it: the item is owed again."""
        return usecases.refund_allocation(session, **self._now(), **values)

    def _now(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

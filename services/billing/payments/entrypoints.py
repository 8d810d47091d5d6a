"""The ways into payments."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.allocations.queries import list_allocations
from services.billing.allocations.schemas import Allocation
from services.billing.payments import queries, schemas, usecases


class Payments:
    """Money received, and what it is set against."""

    clock: Any
    caller: Any

    @query(
        "GET /v1/payments",
        schemas.PaymentQuery,
        returns=page_of(schemas.Payment),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_payments(self, session: Any, **values: Any) -> Any:
        """Payments of one account or all, newest first."""
        return queries.list_payments(session, **values)

    @query(
        "GET /v1/payments/{payment_id}",
        schemas.PaymentPath,
        returns=schemas.Payment,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_payment(self, session: Any, **values: Any) -> Any:
        """One payment, with how much of it is allocated, refunded and unapplied."""
        return queries.get_payment(session, **values)

    @query(
        "GET /v1/payments/{payment_id}/allocations",
        schemas.PaymentAllocationQuery,
        returns=page_of(Allocation),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_payment_allocations(self, session: Any, **values: Any) -> Any:
        """What a payment was set against, with what of it was reversed."""
        return list_allocations(session, **values)

    @command(
        "POST /v1/payments/{payment_id}/allocations",
        schemas.AllocatePayment,
        returns=schemas.Payment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def allocate_payment(self, session: Any, **values: Any) -> Any:
        """Set what is unapplied of a payment against the items named."""
        return usecases.allocate_payment(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/payments/{payment_id}/allocate-oldest-first",
        schemas.PaymentPath,
        returns=schemas.Payment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def allocate_payment_oldest_first(self, session: Any, **values: Any) -> Any:
        """Set what is unapplied of a payment against the account's items, oldest due first."""
        return usecases.allocate_payment_oldest_first(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

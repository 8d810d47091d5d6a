"""The ways of taking allocations and payments back."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.payments.schemas import Payment
from services.billing.reversals import schemas, usecases


class Reversals:
    """Allocations and payments taken back, each by an entry that names it."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/allocations/{allocation_id}/reverse",
        schemas.ReverseAllocation,
        returns=schemas.Unapplied,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reverse_allocation(self, session: Any, **values: Any) -> Any:
        """Take one allocation back: its item is owed again, its amount unapplied."""
        return usecases.reverse_allocation(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/payments/{payment_id}/reverse",
        schemas.ReversePayment,
        returns=Payment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reverse_payment(self, session: Any, **values: Any) -> Any:
        """Take a payment back that bounced or was entered in error: its items are owed again."""
        return usecases.reverse_payment(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

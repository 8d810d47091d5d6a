"""The ways of taking allocations, payments and refunds back."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.payments.schemas import Payment
from services.billing.refunds.schemas import Refund
from services.billing.reversals import queries, schemas, usecases


class Reversals:
    """Allocations, payments and refunds taken back, each by an entry that names it."""

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
        return usecases.reverse_allocation(session, **self._moment(), **values)

    @command(
        "POST /v1/payments/{payment_id}/reverse",
        schemas.ReversePayment,
        returns=Payment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reverse_payment(self, session: Any, **values: Any) -> Any:
        """Take a payment back, or a part of it, that bounced, was charged back or entered in error: what
        is unapplied of it first, then what it paid last, which is owed again. What was refunded of it is
        claimed back by a debit note: an item that is due at once."""
        return usecases.reverse_payment(session, **self._moment(), **values)

    @command(
        "POST /v1/payments/{payment_id}/chargeback",
        schemas.ChargeBackPayment,
        returns=schemas.PaymentReversal,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def charge_back_payment(self, session: Any, **values: Any) -> Any:
        """Take a payment back that the payer had their bank take back, as a reversal does; with what the
        bank charged us for that, if anything, which the client owes then. Where the money was there
        after all, reverse the reversal: what was paid is paid again, and the fee is credited."""
        return usecases.charge_back_payment(session, **self._moment(), **values)

    @query(
        "GET /v1/payments/{payment_id}/reversals",
        schemas.PaymentReversalQuery,
        returns=page_of(schemas.PaymentReversal),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_payment_reversals(self, session: Any, **values: Any) -> Any:
        """What of a payment was taken back, with what of that was there after all."""
        return queries.list_payment_reversals(session, **values)

    @command(
        "POST /v1/payment-reversals/{reversal_id}/reverse",
        schemas.ReinstatePayment,
        returns=Payment,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reinstate_payment(self, session: Any, **values: Any) -> Any:
        """Take the reversal of a payment back: the money was there after all. It is set against what
        followed from the reversal and what it had paid before, as far as that is owed; the rest is
        unapplied."""
        return usecases.reinstate_payment(session, **self._moment(), **values)

    @command(
        "POST /v1/refunds/{refund_id}/reverse",
        schemas.ReverseRefund,
        returns=Refund,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def reverse_refund(self, session: Any, **values: Any) -> Any:
        """Take a refund back that was entered in error or came back: its money is unapplied again, or set
        against the item again that it had been taken from. A debit note that claims it back is void."""
        return usecases.reverse_refund(session, **self._moment(), **values)

    def _moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

"""The ways in for money."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.payments.schemas import Payment
from services.billing.receiving import schemas, usecases


class Receiving:
    """Money that comes in."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/payments",
        schemas.NewPayment,
        returns=Payment,
        scope="billing:write",
        status=201,
        takes_many=True,
    )
    def receive_payment(self, session: Any, asked: Any) -> Any:
        """Enter money received: allocated by its instruction, else as the account's policy has it (oldest
        due first, unless agreed otherwise), without what is disputed or on its way; the rest is
        unapplied."""
        return usecases.receive_payments(
            session, asked=asked, today=self.clock.today(), now=self.clock.now()
        )

    @command(
        "POST /v1/payment-batches",
        schemas.NewPaymentBatch,
        returns=schemas.PaymentBatch,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        seconds_max=60,
    )
    def receive_batch(self, session: Any, **values: Any) -> Any:
        """Enter up to 1,000 payments at once. Each is received or refused by itself, in their order: a
        refused one is reported with its place and the reason, and the others are received all the same.
        What has an `external_id` and was received before is not received again, whichever batch it is
        in."""
        return usecases.receive_batch(
            session,
            caller=self.caller,
            today=self.clock.today(),
            now=self.clock.now(),
            **values,
        )

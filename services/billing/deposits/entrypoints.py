"""The way in of deposits: an event of the sales service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing.deposits import subscriptions, usecases


class Deposits:
    """What is asked of an order before it is supplied is billed ahead, once for each deposit."""

    clock: Any
    caller: Any

    @consumes(subscriptions.DepositAsked, takes_many=True)
    def answer_deposit(self, session: Any, asked: Any) -> None:
        """Issue the invoices of deposits, or refuse them with a reason."""
        usecases.answer_deposits(
            session,
            asked,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
        )

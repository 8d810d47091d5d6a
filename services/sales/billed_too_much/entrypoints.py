"""The way in of orders whose agreement changed after they were billed."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.sales.billed_too_much import subscriptions, usecases


class BilledTooMuch:
    """What of orders was billed and is not agreed any more."""

    clock: Any

    @consumes(*subscriptions.CHANGED, takes_many=True)
    def judge_billed_orders(self, session: Any, changed: Any) -> None:
        """Tell what is to be billed of orders in all; have a person look where that is less than was."""
        order_ids = [one["order_id"] for one in changed]
        usecases.judge_changed(session, order_ids, today=self.clock.today(), now=self.clock.now())

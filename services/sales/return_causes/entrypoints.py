"""The ways in of what opens returns: events of accounts, and of our own orders."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales.return_causes import subscriptions, usecases


class ReturnCauses:
    """Returns that open by themselves, once for each cause."""

    @consumes(subscriptions.RemedyGranted)
    def answer_remedy(self, session, **granted):
        """Let the goods of a remedy come back, or replace them, or refuse it with a reason."""
        usecases.answer_remedy(session, **granted, **self._opened())

    @consumes(*subscriptions.ORDERED, takes_many=True)
    def open_ordered_returns(self, session, orders):
        """Open the returns of what comes back by orders."""
        order_ids = {one["order_id"] for one in orders}
        usecases.open_ordered(session, order_ids=order_ids, **self._opened())

    @consumes(*subscriptions.ORDER_OVER, takes_many=True)
    def end_ordered_returns(self, session, orders):
        """Decline what was to come back by orders that are over."""
        order_ids = {one["order_id"] for one in orders}
        usecases.end_ordered(
            session, order_ids=order_ids, now=self.clock.now(), by=self.caller.subject
        )

    def _opened(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

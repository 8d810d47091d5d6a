"""The way into batches of orders."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.order_batches import schemas, usecases


class OrderBatches:
    """Many orders at once."""

    @command(
        "POST /v1/order-batches",
        schemas.NewOrderBatch,
        returns=schemas.OrderBatch,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        seconds_max=60,
    )
    def take_orders(self, session, **values):
        """Draft up to 500 orders at once and, where they say so, confirm and ship them, each as if it
        came alone after those before it. Each is taken or refused by itself, as a whole: of a refused
        one, which is reported with its place and the reason, nothing is kept, and the others are taken
        all the same. One that came before under the same `external_id` is found and left as it is
        (`is_new`: false); so orders may be sent again, whole or in other parts. For orders of days gone
        by say `ordered_on` and `shipped_on`."""
        return usecases.take_orders(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

"""The way into drafts of orders."""

from __future__ import annotations

from chassis.contract import command
from services.sales.drafting import usecases
from services.sales.orders import schemas


class Drafting:
    """Orders are drafted."""

    @command(
        "POST /v1/orders", schemas.NewOrder, returns=schemas.Order, scope="sales:write", status=201
    )
    def create_order(self, session, **values):
        """Draft an order.

        Name, price and tax of each product are frozen on the line: later changes of the product do not
        touch it. A product priced in another currency needs a `unit_price` on the line. A quantity below
        0 is goods that come back; with `returns_line_id` at the price of when they were sold. A draft can
        be made for any known account; confirming checks its standing. One that came before under the same
        `external_id` is not drafted again, and answered as it is now."""
        return usecases.create_order(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

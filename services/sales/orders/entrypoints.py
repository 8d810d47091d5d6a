"""The ways into orders."""

from __future__ import annotations

from chassis.contract import Reach, command, introduces, query
from chassis.fields import page_of
from services.sales import introductions
from services.sales.orders import queries, schemas, usecases


class Orders:
    """What accounts have agreed to buy."""

    @command(
        "PATCH /v1/orders/{order_id}",
        schemas.EditOrder,
        returns=schemas.Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def edit_order(self, session, **values):
        """Change what a draft says besides its lines: reference, destination, note, how it is billed and
        shipped."""
        return usecases.edit_order(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/orders/{order_id}/lines",
        schemas.AddLines,
        returns=schemas.Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def add_order_lines(self, session, **values):
        """Add lines to a draft, at the products' prices of this moment."""
        return usecases.add_lines(session, today=self.clock.today(), **values)

    @command(
        "PATCH /v1/orders/{order_id}/lines/{line_id}",
        schemas.ChangeLine,
        returns=schemas.Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def change_order_line(self, session, **values):
        """Change quantity, price, discount, promised day or note of a draft's line. The price stays the
        one that was frozen, unless another is given."""
        return usecases.change_line(session, today=self.clock.today(), **values)

    @command(
        "DELETE /v1/orders/{order_id}/lines/{line_id}",
        schemas.LinePath,
        returns=schemas.Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def remove_order_line(self, session, **values):
        """Take a line off a draft. The last line stays (`last_line`): cancel the order instead."""
        return usecases.remove_line(session, **values)

    @command(
        "POST /v1/orders/{order_id}/cancel",
        schemas.CancelOrder,
        returns=schemas.Order,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def cancel_order(self, session, **values):
        """Cancel all of an order that is not shipped.

        A draft or confirmed order is then cancelled; one that was shipped in part is done. Orders done
        or cancelled are refused."""
        return usecases.cancel_order(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/orders/{order_id}",
        schemas.OrderPath,
        returns=schemas.Order,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def get_order(self, session, **values):
        """Read one order with its lines."""
        return queries.get_order(session, **values)

    @query(
        "GET /v1/orders",
        schemas.OrderQuery,
        returns=page_of(schemas.OrderSummary),
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def list_orders(self, session, **values):
        """List orders without their lines, newest first."""
        return queries.list_orders(session, **values)

    @introduces(introductions.OrderIntroduced)
    def introduce_orders(self):
        """All orders that others heard of."""
        return queries.ANNOUNCED

"""What is listened to of orders that were amended."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Subscription
from chassis.fields import Id, Whole


class AmendedOrder(Subscription):
    """What the client calls an order now."""

    account_id = Id("acc", required=True)
    order_id = Id("ord", required=True)
    version = Whole(required=True)
    client_order_number = fields.String(required=True, allow_none=True)


AMENDED = AmendedOrder.to("sales", "order_amended")

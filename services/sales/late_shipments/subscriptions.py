"""By which of our own events late shipments end."""

from __future__ import annotations

from chassis.events import Subscription
from chassis.fields import Id


class OrderMovedOn(Subscription):
    """Something of one of our orders has left, was changed or cancelled, or is promised anew."""

    order_id = Id("ord", required=True)


ORDER_MOVED_ON = OrderMovedOn.to(
    "sales",
    "shipment_sent",
    "order_amended",
    "order_cancelled",
    "order_completed",
    "promise_moved",
)

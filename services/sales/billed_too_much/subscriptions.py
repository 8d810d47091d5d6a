"""What is heard of orders whose agreement changed."""

from __future__ import annotations

from chassis.events import Subscription
from chassis.fields import Id


class OrderChanged(Subscription):
    """One of our orders was agreed to, or something else is agreed of it."""

    order_id = Id("ord", required=True)


CHANGED = OrderChanged.to(
    "sales", "order_confirmed", "order_amended", "order_cancelled", "order_completed"
)

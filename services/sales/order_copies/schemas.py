"""What goes into copies of orders."""

from __future__ import annotations

from typing import ClassVar

from chassis.fields import Flag, Id, OneLine
from services.sales.destinations.schemas import GivenDestination


class CopyOrder(GivenDestination):
    """Which order is to be placed again."""

    order_id = Id("ord", required=True, metadata={"description": "The order."})
    reference = OneLine(
        longest=100,
        load_default=None,
        allow_none=True,
        metadata={"description": "What the client calls the new one (purchase order number)."},
    )
    leaves_out_retired = Flag(
        load_default=False,
        metadata={"description": "Whether products that were taken off sale are left out."},
    )

    example: ClassVar = {"reference": "PO 4500012346"}

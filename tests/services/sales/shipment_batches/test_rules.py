"""What each of a batch of shipments is to be."""

from __future__ import annotations

import pytest

from kernel.refusals import Invalid
from services.sales.shipment_batches.rules import STEPS, Move, steps_of


@pytest.mark.parametrize(
    ("move", "order_id", "shipment_id", "field"),
    [
        ("send", "ord_1", None, None),
        ("send", None, "shp_1", "order_id"),
        ("send", "ord_1", "shp_1", "shipment_id"),
        ("pick", None, "shp_1", None),
        ("ship", "ord_1", None, "shipment_id"),
        ("assign", "ord_1", "shp_1", "order_id"),
    ],
)
def test_an_order_is_sent_and_a_shipment_takes_its_next_step(
    move: str, order_id: str | None, shipment_id: str | None, field: str | None
) -> None:
    row = {"move": move, "order_id": order_id, "shipment_id": shipment_id}
    if field is None:
        assert steps_of(row) == STEPS[Move(move)]
        return
    with pytest.raises(Invalid) as refused:
        steps_of(row)
    assert refused.value.errors[0]["field"] == field

"""What each of a batch of shipments is to be."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from kernel.refusals import Invalid
from services.sales.shipments.rules import SEND, Step

BATCH_MAX = 1000


class Move(StrEnum):
    """What is done with each of a batch."""

    SEND = "send"
    ASSIGN = "assign"
    PICK = "pick"
    SHIP = "ship"


STEPS: Mapping[Move, tuple[Step, ...]] = {
    Move.SEND: SEND,
    Move.ASSIGN: (Step.ASSIGN,),
    Move.PICK: (Step.PICK,),
    Move.SHIP: (Step.SHIP,),
}


def steps_of(row: Mapping[str, Any]) -> tuple[Step, ...]:
    """The steps of one of a batch; Invalid unless it names an order that is sent, or a shipment that
    takes its next step."""
    move = Move(row["move"])
    needed, other = ("order_id", "shipment_id")
    if move != Move.SEND:
        needed, other = other, needed
    if row[needed] is None or row[other] is not None:
        raise Invalid(
            "order_or_shipment",
            f"To {move}, give {needed} and no {other}.",
            field=needed if row[needed] is None else other,
        )
    return STEPS[move]

"""What is to be done with shipments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from services.sales.shipments.rules import Step


class Task(NamedTuple):
    """What is to be done: with a new shipment of an order, or with one that there is. `lines` are
    quantities by line, in a new one of what is open, else what was picked; `rest_on` is by when what is
    short then is promised."""

    steps: tuple[Step, ...]
    order_id: str | None = None
    shipment_id: str | None = None
    lines: Sequence[tuple[str, Decimal]] | None = None
    day: date | None = None
    rest_on: date | None = None

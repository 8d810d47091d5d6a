"""What collections tells of how things are, to one listener that does not know them so."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.fields import Flag
from services.collections.events import CreditHoldChange, CreditHoldPlaced


class CreditHoldIntroduced(CreditHoldChange):
    """Whether an account gets orders, for one listener that does not know it so."""

    reason = fields.String(required=True, attribute="last_reason")
    is_placed = Flag(required=True)

    key = ("account_id",)
    says = "Orders are stopped or let through: {reason}"
    example: ClassVar[dict[str, Any]] = {**CreditHoldPlaced.example, "is_placed": True}

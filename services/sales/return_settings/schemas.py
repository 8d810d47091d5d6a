"""How long returns are waited for, coming in and going out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Instant, Schema, Whole
from services.sales.return_settings.rules import DAYS_MAX


def _days(description: str) -> Whole:
    return Whole(
        least=1, most=DAYS_MAX, required=True, metadata={"description": f"In days: {description}"}
    )


class NewReturnSettings(Schema):
    """How long returns are waited for, at each stage."""

    request_days = _days("after which a request that nobody decided expires.")
    send_days = _days("after which goods that were authorised and not sent are not waited for.")
    transit_days = _days("after which goods that were sent and did not arrive are on the worklist.")
    answer_days = _days("after which goods that are here and not dealt with are on the worklist.")

    example: ClassVar = {"request_days": 14, "send_days": 30, "transit_days": 10, "answer_days": 3}


class ReturnSettings(NewReturnSettings):
    """How long returns are waited for, and who said so."""

    set_at = Instant(
        required=True, allow_none=True, metadata={"description": "When; null: as it came."}
    )
    set_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom; null: as it came."}
    )
    version = Whole(
        required=True, metadata={"description": "Grows with every change; 0: as it came."}
    )

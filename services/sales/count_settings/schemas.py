"""What a count may find amiss, coming in and going out."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Currency, Instant, ListOf, Minor, Percent, Schema, Whole
from services.sales.count_settings.rules import CURRENCIES_MAX


class CostTolerance(Schema):
    """What may be amiss at cost in one currency."""

    currency = Currency(required=True, metadata={"description": "The currency of the cost."})
    amount = Minor(
        least=0,
        required=True,
        metadata={"description": "In its minor units, for one line of a count. 0: nothing."},
    )


class NewCountSettings(Schema):
    """What a line of a count may be off without approval. A currency that is not named has 0."""

    tolerance_percent = Percent(
        required=True, metadata={"description": "In percent of what is expected."}
    )
    cost_tolerances = ListOf(
        fields.Nested(CostTolerance),
        most=CURRENCIES_MAX,
        required=True,
        metadata={"description": "At cost, by currency."},
    )


class CountSettings(NewCountSettings):
    """What a line of a count may be off without approval, and who said so."""

    set_at = Instant(
        required=True, allow_none=True, metadata={"description": "When; null: as it came."}
    )
    set_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom; null: as it came."}
    )
    version = Whole(
        required=True, metadata={"description": "Grows with every change; 0: as it came."}
    )

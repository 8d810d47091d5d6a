"""Marshmallow fields that only billing has."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields


class Percent(fields.Decimal):
    """A percentage from 0 to 100 with up to three decimals, as text: "19.00", "8.875"."""

    def __init__(self, **options: Any) -> None:
        options["metadata"] = {"example": "19.00", **options.get("metadata", {})}
        super().__init__(as_string=True, allow_nan=False, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Decimal:
        if isinstance(value, bool | float):
            raise ValidationError('Must be text such as "19.00" or a whole number.')
        percent: Decimal = super()._deserialize(value, attr, data, **options)
        if not 0 <= percent <= 100 or percent != percent.quantize(Decimal("0.001")):
            raise ValidationError("Must be 0 to 100, with up to 3 decimals.")
        return percent

    def _serialize(self, value: Any, attr: Any, obj: Any, **options: Any) -> Any:
        if value is None:
            return None
        cents = Decimal(value).quantize(Decimal("0.01"))
        return format(cents if cents == value else Decimal(value).normalize(), "f")

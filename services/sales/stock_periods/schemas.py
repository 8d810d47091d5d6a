"""What goes into and comes out of closed periods."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, Instant, PageQuery, Schema


class ClosePeriod(Schema):
    """Up to which day stock is closed."""

    closed_to = Day(
        required=True, metadata={"description": "The last day of the period; one that is over."}
    )


class PeriodQuery(PageQuery):
    """Which closed periods to list."""


class StockPeriod(ClosePeriod):
    """A closed period: all days up to its last."""

    closed_at = Instant(required=True, metadata={"description": "When it was closed."})
    closed_by = fields.String(required=True, metadata={"description": "By whom."})

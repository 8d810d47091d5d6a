"""Ageing buckets and days sales outstanding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from kernel.refusals import Invalid


@dataclass(frozen=True, slots=True)
class Bucket:
    """Items overdue by `first` to `last` days; None is without end on that side."""

    name: str
    first: int | None
    last: int | None

    def due_dates(self, as_of: date) -> tuple[date, date]:
        """The first and the last due date of items in the bucket at the end of that day."""
        earliest = date.min if self.last is None else as_of - timedelta(days=self.last)
        latest = date.max if self.first is None else as_of - timedelta(days=self.first)
        return earliest, latest


BUCKETS = (
    Bucket("current", None, 0),
    Bucket("1-30", 1, 30),
    Bucket("31-60", 31, 60),
    Bucket("61-90", 61, 90),
    Bucket("over_90", 91, None),
)


def choose_moment(known_at: datetime | None, *, now: datetime) -> datetime:
    """The moment whose knowledge counts: now, or one before."""
    if known_at is not None and known_at > now:
        raise Invalid(
            "in_the_future", "known_at is still to come; give now or earlier.", field="known_at"
        )
    return known_at or now


def require_period(first_day: date, last_day: date) -> None:
    """A period ends on or after its first day."""
    if last_day < first_day:
        raise Invalid("period_reversed", "`to` is before `from`; swap them.", field="to")


def days_sales_outstanding(
    *, receivables: int, billed: int, first_day: date, last_day: date
) -> Decimal | None:
    """Receivables at the end of the period ÷ billed in the period × days of the period, to one
    decimal, half up; None where nothing was billed. (The count of days whose billing is still owed.)"""
    if billed <= 0:
        return None
    days = (last_day - first_day).days + 1
    return (Decimal(receivables) * days / billed).quantize(Decimal("0.1"), ROUND_HALF_UP)

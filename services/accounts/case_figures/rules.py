"""What a period of figures is."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from kernel.calendar import add_days, moment_at
from kernel.refusals import Invalid


def period_of(first_day: date, last_day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From which moment to before which a period is, of days in a zone, both included."""
    if last_day < first_day:
        raise Invalid("period_reversed", "`to` is before `from`; swap them.", field="to")
    begins, ends = first_day, add_days(last_day, 1)
    return moment_at(begins, time.min, zone), moment_at(ends, time.min, zone)

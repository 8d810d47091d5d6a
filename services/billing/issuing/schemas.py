"""The issue of invoices, coming in."""

from __future__ import annotations

from chassis.fields import Day


def issued_on() -> Day:
    """The field for the date of an invoice."""
    return Day(
        load_default=None,
        metadata={"description": "Its date: today if left out; may be past, not to come."},
    )

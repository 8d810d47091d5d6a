"""What is known of an invoice of which several events tell, and which days are the last twelve months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from kernel.calendar import add_months

FACTS = ("for_account_id", "number", "currency", "issued_on", "net", "total", "order_id", "lines")


def merge_told(told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What events say together, an entry for each invoice in the order of their ids. What an invoice is
    says its issue, whichever comes first; once void it stays so."""
    known: dict[str, dict[str, Any]] = {}
    for one in told:
        empty = {**dict.fromkeys(FACTS), **one, "is_void": False}
        row = known.setdefault(one["invoice_id"], empty)
        row.update({name: one.get(name) for name in FACTS if row[name] is None})
        row["is_void"] |= one["is_void"]
    return [known[invoice_id] for invoice_id in sorted(known)]


def last_twelve_months(upto: date) -> tuple[date, date]:
    """The first and the last day of the twelve months that end with a day."""
    return add_months(upto, -12) + timedelta(days=1), upto

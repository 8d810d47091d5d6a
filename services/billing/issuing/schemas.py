"""The issue of a draft, coming in."""

from __future__ import annotations

from chassis.fields import Day, Id, Schema


def issued_on() -> Day:
    """The field for the date of an invoice."""
    return Day(
        load_default=None,
        metadata={"description": "Its date: today if left out; may be past, not to come."},
    )


class IssueInvoice(Schema):
    invoice_id = Id(
        "inv", required=True, metadata={"description": "The invoice, where it was issued."}
    )
    issued_on = issued_on()

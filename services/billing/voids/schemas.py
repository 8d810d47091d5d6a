"""Voids, coming in."""

from __future__ import annotations

from chassis.fields import Id, Schema, Text


class VoidInvoice(Schema):
    invoice_id = Id("inv", required=True, metadata={"description": "The invoice."})
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})

"""Debit notes, coming in."""

from __future__ import annotations

from chassis.fields import Id
from services.billing.issuing.schemas import issued_on
from services.billing.pricing.schemas import new_lines
from services.billing.terms.schemas import Terms


class RaiseInvoice(Terms):
    """What more is owed, and when."""

    invoice_id = Id("inv", required=True, metadata={"description": "The invoice that it raises."})
    lines = new_lines()
    issued_on = issued_on()

"""What billing does at a moment."""

from __future__ import annotations

from chassis.due import DueTime
from chassis.fields import Id


class BillingRunGoesOn(DueTime):
    """A run foresees or issues the next of its bills; kept under its id."""

    billing_run_id = Id("brn", required=True)

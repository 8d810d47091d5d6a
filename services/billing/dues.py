"""What billing does at a moment."""

from __future__ import annotations

from chassis.due import DueTime
from chassis.fields import Day, Id


class ChargesDue(DueTime):
    """The next charges of which something falls due by a day, those after a place among them."""

    day = Day(required=True)
    after_on = Day(load_default=None, allow_none=True)
    after_id = Id("chg", load_default=None, allow_none=True)


class StatementRunGoesOn(DueTime):
    """A run makes the next of its statements; kept under its id."""

    statement_run_id = Id("srn", required=True)


class BillingRunGoesOn(DueTime):
    """A run foresees or issues the next of its bills; kept under its id."""

    billing_run_id = Id("brn", required=True)

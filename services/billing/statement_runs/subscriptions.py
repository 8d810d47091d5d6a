"""What billing hears of itself: statements to send."""

from __future__ import annotations

from chassis.events import Subscription
from chassis.fields import Currency, Id


class StatementAsked(Subscription, source="billing"):
    """A statement to send."""

    statement_run_id = Id("srn", required=True)
    account_id = Id("acc", required=True)
    currency = Currency(required=True)

"""The way in of time: what has waited too long to be taken off a bill."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.contract import daily
from services.billing.take_offs import usecases


class TakeOffs:
    """What is to be taken off and finds no bill is credited."""

    clock: Any
    caller: Any

    @daily(at="04:55", seconds_max=600)
    def credit_take_offs(self, session: Any, day: date) -> None:
        """Credit what comes to less than nothing and has waited for a bill for too long."""
        usecases.credit_waiting(session, today=day, now=self.clock.now(), by=self.caller.subject)

"""The daily job that applies credit."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.contract import daily
from services.billing.unapplied import usecases


class Unapplied:
    """Money and credit that wait for something to be owed."""

    clock: Any
    caller: Any

    @daily(at="05:00", seconds_max=600)
    def apply_credit(self, session: Any, day: date) -> None:
        """Set what is unapplied against what may be asked for, oldest item first; not what is kept."""
        usecases.apply_credit(session, now=self.clock.now(), by=self.caller.subject)

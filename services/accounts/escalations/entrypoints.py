"""The ways into escalations."""

from __future__ import annotations

from chassis.contract import due
from services.accounts import dues
from services.accounts.escalations import usecases


class Escalations:
    """Clocks of cases whose moment has come."""

    @due(dues.CaseClockDue)
    def perform_clock(self, session, **values):
        """Warn that the time of a case is nearly over, or escalate that it is."""
        usecases.perform_clock(session, now=self.clock.now(), zone=self.clock.zone, **values)

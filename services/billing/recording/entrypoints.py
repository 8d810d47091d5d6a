"""The ways in of time: what falls due of charges every morning, some of them after the other."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.contract import daily, due
from services.billing.dues import ChargesDue
from services.billing.recording import usecases


class Recording:
    """What falls due of charges is to be billed."""

    clock: Any
    caller: Any

    @daily(at="04:30")
    def record_charges(self, session: Any, day: date) -> None:
        """Have what falls due by the day recorded, before the runs that bill it."""
        usecases.begin_recording(session, day=day, now=self.clock.now())

    @due(ChargesDue, seconds_max=120)
    def record_some_charges(self, session: Any, **values: Any) -> None:
        """Record what falls due of the next charges, each group of them in a transaction of its own."""
        usecases.record_some(session, now=self.clock.now(), by=self.caller.subject, **values)

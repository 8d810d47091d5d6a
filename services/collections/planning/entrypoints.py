"""The ways into planning: a run for a day, and every day's."""

from __future__ import annotations

from chassis.contract import Reach, command, daily
from services.collections.dunning import schemas
from services.collections.planning import usecases


class Planning:
    """Dunning runs in the making."""

    @daily(at="06:00")
    def run_dunning(self, session, day):
        """Make the day's run of every procedure; automatic ones are sent, others wait for approval."""
        usecases.run_dunning_for_day(session, day=day, now=self.clock.now(), by=self.caller.subject)

    @command(
        "POST /v1/dunning-runs",
        schemas.SimulateRun,
        returns=schemas.Run,
        scope="collections:write",
        reach=Reach.EVERYTHING,
        is_costly=True,
        status=201,
        seconds_max=60,
    )
    def simulate_dunning_run(self, session, **values):
        """Show what a procedure would send on a day. Nothing leaves before the run is approved; a run
        that is there already for that day and procedure is shown as it is."""
        return usecases.simulate_run(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

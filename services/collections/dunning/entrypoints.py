"""The ways into dunning runs."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.collections.dunning import queries, schemas, usecases


class Dunning:
    """Dunning runs: what is due, and why not."""

    @command(
        "POST /v1/dunning-runs/{run_id}/approve",
        schemas.RunId,
        returns=schemas.Run,
        scope="collections:approve",
        reach=Reach.EVERYTHING,
        is_costly=True,
        seconds_max=60,
    )
    def approve_dunning_run(self, session, **values):
        """Let a run be sent. What was paid since it was simulated is left out."""
        return usecases.approve_run(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/dunning-runs/{run_id}/cancel",
        schemas.CancelRun,
        returns=schemas.Run,
        scope="collections:write",
        reach=Reach.EVERYTHING,
    )
    def cancel_dunning_run(self, session, **values):
        """Send nothing more of a run; what was sent stays sent."""
        return usecases.cancel_run(session, now=self.clock.now(), **values)

    @query(
        "GET /v1/dunning-runs",
        schemas.RunQuery,
        returns=page_of(schemas.RunSummary),
        scope="collections:read",
        reach=Reach.EVERYTHING,
    )
    def list_dunning_runs(self, session, **values):
        """List runs, the newest first."""
        return queries.list_runs(session, **values)

    @query(
        "GET /v1/dunning-runs/{run_id}",
        schemas.RunId,
        returns=schemas.Run,
        scope="collections:read",
        reach=Reach.EVERYTHING,
    )
    def get_dunning_run(self, session, **values):
        """Show a run with its figures."""
        return queries.get_run(session, **values)

    @query(
        "GET /v1/dunning-runs/{run_id}/skips",
        schemas.RunSkipQuery,
        returns=page_of(schemas.Skip),
        scope="collections:read",
        reach=Reach.EVERYTHING,
    )
    def list_run_skips(self, session, **values):
        """List what a run left out and why."""
        return queries.list_run_skips(session, **values)

    @query(
        "GET /v1/dunning-explanations",
        schemas.ExplanationQuery,
        returns=schemas.Explanation,
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def explain_dunning(self, session, **values):
        """Say why an item was dunned on a day, or why not."""
        return queries.explain(session, **values)

"""The ways into statement runs."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.contract import Reach, command, consumes, daily, due, query
from chassis.fields import page_of
from services.billing.dues import StatementRunGoesOn
from services.billing.statement_runs import queries, schemas, subscriptions, usecases


class StatementRuns:
    """Statements of account of many accounts, made and sent at once."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/statement-runs",
        schemas.PlanStatements,
        returns=schemas.StatementRun,
        scope="billing:write",
        reach=Reach.EVERYTHING,
        is_costly=True,
        status=201,
        seconds_max=60,
    )
    def plan_statement_run(self, session: Any, **values: Any) -> Any:
        """Make and send statements of some days, as known now: one for each account and currency, or for
        an account and all below it, as its routine says. They go by e-mail, or wait to be printed where
        the account's documents go by post. Who was sent the statement of these days is left out."""
        return usecases.plan_run(session, today=self.clock.today(), **self._stated_by(), **values)

    @daily(at="04:50", seconds_max=600)
    def plan_statement_runs_of_day(self, session: Any, day: date) -> None:
        """Send statements of the month before to the accounts whose statement day it is."""
        usecases.plan_runs_of_day(session, day=day, **self._stated_by())

    @command(
        "POST /v1/statement-runs/{statement_run_id}/cancel",
        schemas.CancelStatementRun,
        returns=schemas.StatementRun,
        scope="billing:write",
        reach=Reach.EVERYTHING,
    )
    def cancel_statement_run(self, session: Any, **values: Any) -> Any:
        """Make no more statements by a run that goes on; those that are made go out."""
        return usecases.cancel_run(session, now=self.clock.now(), **values)

    @command(
        "POST /v1/statement-runs/{statement_run_id}/items/{account_id}/{currency}/retry",
        schemas.DecideStatement,
        returns=schemas.RunStatement,
        scope="billing:write",
        reach=Reach.EVERYTHING,
        is_costly=True,
    )
    def retry_statement(self, session: Any, **values: Any) -> Any:
        """Have a parked statement made and sent as the account is addressed now. It stays parked where
        something stops it still."""
        return usecases.retry_statement(
            session, today=self.clock.today(), **self._stated_by(), **values
        )

    @command(
        "POST /v1/statement-runs/{statement_run_id}/items/{account_id}/{currency}/skip",
        schemas.DecideStatement,
        returns=schemas.RunStatement,
        scope="billing:write",
        reach=Reach.EVERYTHING,
    )
    def skip_statement(self, session: Any, **values: Any) -> Any:
        """Leave a statement out of its run: one that is parked, or not made yet."""
        return usecases.skip_statement(session, **self._stated_by(), **values)

    @command(
        "POST /v1/statement-runs/{statement_run_id}/items/{account_id}/{currency}/printed",
        schemas.StatementPath,
        returns=schemas.RunStatement,
        scope="billing:write",
        reach=Reach.EVERYTHING,
    )
    def mark_statement_printed(self, session: Any, **values: Any) -> Any:
        """Take a statement that goes by post out of the print queue (`status=to_print`)."""
        return usecases.mark_printed(session, now=self.clock.now(), **values)

    @query(
        "GET /v1/statement-runs",
        schemas.StatementRunQuery,
        returns=page_of(schemas.StatementRunSummary),
        scope="billing:read",
        reach=Reach.EVERYTHING,
    )
    def list_statement_runs(self, session: Any, **values: Any) -> Any:
        """List runs, the newest first."""
        return queries.list_runs(session, **values)

    @query(
        "GET /v1/statement-runs/{statement_run_id}",
        schemas.StatementRunPath,
        returns=schemas.StatementRun,
        scope="billing:read",
        reach=Reach.EVERYTHING,
    )
    def get_statement_run(self, session: Any, **values: Any) -> Any:
        """Show a run and how far it is."""
        return queries.get_run(session, **values)

    @query(
        "GET /v1/statement-runs/{statement_run_id}/items",
        schemas.RunStatementQuery,
        returns=page_of(schemas.RunStatement),
        scope="billing:read",
        reach=Reach.EVERYTHING,
    )
    def list_run_statements(self, session: Any, **values: Any) -> Any:
        """List a run's statements, by account."""
        return queries.list_statements(session, **values)

    @due(StatementRunGoesOn, seconds_max=300)
    def go_on_stating(self, session: Any, statement_run_id: str) -> None:
        """Make the next statements of a run."""
        usecases.go_on(
            session,
            statement_run_id=statement_run_id,
            today=self.clock.today(),
            now=self.clock.now(),
        )

    @consumes(subscriptions.StatementAsked, is_alone=True)
    def send_statement(self, session: Any, **values: Any) -> None:
        """Send a statement by e-mail, in a step of its own: if it fails, it fails alone."""
        usecases.send_statement(session, now=self.clock.now(), **values)

    def _stated_by(self) -> dict[str, Any]:
        return {"now": self.clock.now(), "by": self.caller.subject}

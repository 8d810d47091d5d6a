"""The ways into billing runs."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.contract import Reach, command, daily, due, query
from chassis.fields import page_of
from services.billing.billing_runs import queries, schemas, usecases
from services.billing.bills.schemas import Bill
from services.billing.dues import BillingRunGoesOn


class BillingRuns:
    """What is pending of many accounts, billed at once: foreseen, approved, issued."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/billing-runs",
        schemas.PlanRun,
        returns=schemas.Run,
        scope="billing:write",
        reach=Reach.EVERYTHING,
        is_costly=True,
        status=201,
        seconds_max=60,
    )
    def plan_billing_run(self, session: Any, **values: Any) -> Any:
        """Plan to bill what is pending until a day, as known now: one bill for each account and currency.
        It is foreseen at once, chunk by chunk; `previewed`, it can be looked at and approved."""
        return usecases.plan_run(session, **self._run_moment(), **values)

    @daily(at="04:45", seconds_max=600)
    def plan_billing_run_of_day(self, session: Any, day: date) -> None:
        """Bill the accounts whose bill day it is; what is unusual is parked."""
        usecases.plan_run_of_day(session, day=day, now=self.clock.now(), by=self.caller.subject)

    @command(
        "POST /v1/billing-runs/{billing_run_id}/approve",
        schemas.RunPath,
        returns=schemas.Run,
        scope="billing:approve",
        reach=Reach.ACCOUNT,
    )
    def approve_billing_run(self, session: Any, **values: Any) -> Any:
        """Let a previewed run issue its invoices, or make its drafts, on their day or later. A run is
        there for whoever sees all whom it bills."""
        return usecases.approve_run(session, **self._run_moment(), **values)

    @command(
        "POST /v1/billing-runs/{billing_run_id}/issue-drafts",
        schemas.RunPath,
        returns=schemas.Run,
        scope="billing:approve",
        reach=Reach.ACCOUNT,
    )
    def issue_drafts_of_run(self, session: Any, **values: Any) -> Any:
        """Have all drafts issued that are left of a run, as they are now, with the run's date. One that
        cannot be issued stays a draft, and its bill says why."""
        now, by = self.clock.now(), self.caller.subject
        return usecases.issue_drafts_of_run(session, now=now, by=by, **values)

    @command(
        "POST /v1/billing-runs/{billing_run_id}/cancel",
        schemas.CancelRun,
        returns=schemas.Run,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def cancel_billing_run(self, session: Any, **values: Any) -> Any:
        """Bill nothing by a run that does not run yet; what is pending waits for another."""
        return usecases.cancel_run(session, now=self.clock.now(), **values)

    @command(
        "POST /v1/billing-runs/{billing_run_id}/items/{account_id}/{currency}/retry",
        schemas.RetryBill,
        returns=Bill,
        scope="billing:write",
        reach=Reach.EVERYTHING,
    )
    def retry_bill(self, session: Any, **values: Any) -> Any:
        """Have a parked bill go out as it is now, with its lines and its amount: with its run, or at once
        where that is running or over. It stays parked for what nobody can accept."""
        return usecases.retry_bill_of_run(session, **self._run_moment(), **values)

    @command(
        "POST /v1/billing-runs/{billing_run_id}/items/{account_id}/{currency}/skip",
        schemas.SkipBill,
        returns=Bill,
        scope="billing:write",
        reach=Reach.EVERYTHING,
    )
    def skip_bill(self, session: Any, **values: Any) -> Any:
        """Leave a bill out of its run; what is pending waits for another."""
        return usecases.skip_bill_of_run(session, **self._run_moment(), **values)

    @query(
        "GET /v1/billing-runs",
        schemas.RunQuery,
        returns=page_of(schemas.RunSummary),
        scope="billing:read",
        reach=Reach.EVERYTHING,
    )
    def list_billing_runs(self, session: Any, **values: Any) -> Any:
        """List runs, the newest first."""
        return queries.list_runs(session, **values)

    @query(
        "GET /v1/billing-runs/{billing_run_id}",
        schemas.RunPath,
        returns=schemas.Run,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_billing_run(self, session: Any, **values: Any) -> Any:
        """Show a run and how far it is."""
        return queries.get_run(session, **values)

    @query(
        "GET /v1/billing-runs/{billing_run_id}/preview",
        schemas.RunPath,
        returns=schemas.Preview,
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def preview_billing_run(self, session: Any, **values: Any) -> Any:
        """What a run bills beside the run before: how many and how much, what changed, who is left out
        and why, the largest, the first-timers."""
        return queries.preview_run(session, **values)

    @query(
        "GET /v1/billing-runs/{billing_run_id}/items",
        schemas.BillQuery,
        returns=page_of(Bill),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_bills(self, session: Any, **values: Any) -> Any:
        """List a run's bills, by account."""
        return queries.list_bills(session, **values)

    @due(BillingRunGoesOn, seconds_max=300)
    def go_on_billing(self, session: Any, billing_run_id: str) -> None:
        """Foresee, draft or issue the next bills of a run."""
        usecases.go_on(
            session,
            billing_run_id=billing_run_id,
            today=self.clock.today(),
            now=self.clock.now(),
        )

    def _run_moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

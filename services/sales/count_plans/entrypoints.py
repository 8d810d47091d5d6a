"""The ways into count plans."""

from __future__ import annotations

from datetime import date
from typing import Any

from chassis.contract import Reach, command, daily, query
from chassis.fields import page_of
from services.sales.count_plans import queries, schemas, usecases


class CountPlans:
    """Which products are counted how often."""

    clock: Any
    caller: Any

    @daily(at="06:45", seconds_max=600)
    def open_due_counts(self, session: Any, day: date) -> None:
        """Open a count for each plan of which anything is due; once for each product that is."""
        usecases.open_due_counts(session, day=day, now=self.clock.now(), by=self.caller.subject)

    @command(
        "POST /v1/count-plans",
        schemas.NewPlan,
        returns=schemas.Plan,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def create_count_plan(self, session: Any, **values: Any) -> Any:
        """Have all on sale that is kept in stock counted again and again, by its value: a count is opened
        at 06:45 on each day on which something is due."""
        return usecases.create_plan(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "PATCH /v1/count-plans/{plan_id}",
        schemas.EditPlan,
        returns=schemas.Plan,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def edit_count_plan(self, session: Any, **values: Any) -> Any:
        """Change a plan; counts that it has opened stay as they are."""
        return usecases.edit_plan(session, **values)

    @command(
        "POST /v1/count-plans/{plan_id}/pause",
        schemas.PlanPath,
        returns=schemas.Plan,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def pause_count_plan(self, session: Any, **values: Any) -> Any:
        """Have nothing counted by a plan until it is resumed."""
        return usecases.pause_plan(session, **values)

    @command(
        "POST /v1/count-plans/{plan_id}/resume",
        schemas.PlanPath,
        returns=schemas.Plan,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def resume_count_plan(self, session: Any, **values: Any) -> Any:
        """Let a plan that is paused go on."""
        return usecases.resume_plan(session, **values)

    @query(
        "GET /v1/count-plans",
        schemas.PlanQuery,
        returns=page_of(schemas.Plan),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_count_plans(self, session: Any, **values: Any) -> Any:
        """List plans by name."""
        return queries.list_plans(session, **values)

    @query(
        "GET /v1/count-plans/{plan_id}",
        schemas.PlanPath,
        returns=schemas.Plan,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_count_plan(self, session: Any, **values: Any) -> Any:
        """Show a plan, and why it failed last if it did."""
        return queries.get_plan(session, **values)

    @query(
        "GET /v1/count-plans/{plan_id}/products",
        schemas.ClassQuery,
        returns=page_of(schemas.ClassedProduct),
        scope="sales:read",
        reach=Reach.SHARED,
        is_costly=True,
    )
    def list_count_plan_products(self, session: Any, **values: Any) -> Any:
        """List what a plan counts, by class and sku: what each product is worth today, when it was
        counted last, when it is due."""
        return queries.list_classes(session, today=self.clock.today(), **values)

    @query(
        "GET /v1/due-counts",
        schemas.DueQuery,
        returns=page_of(schemas.DueCount),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_due_counts(self, session: Any, **values: Any) -> Any:
        """List what waits to be counted in open counts, by plan or by hand, what is due the longest
        first: the stock keeper's list."""
        return queries.list_due(session, **values)

"""The ways into counts."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.counts import queries, schemas, usecases


class Counts:
    """What is on the shelf, beside what the books say."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/counts",
        schemas.NewCount,
        returns=schemas.Count,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def open_count(self, session: Any, **values: Any) -> Any:
        """Begin to count some products, or all that are kept in stock, at a place. Goods go on moving
        meanwhile: what is expected is what is on hand when the count is posted."""
        return usecases.open_count(session, **self._count_moment(), **values)

    @command(
        "POST /v1/counts/{count_id}/lines",
        schemas.AddProducts,
        returns=schemas.Count,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def add_count_lines(self, session: Any, **values: Any) -> Any:
        """Add products to an open count, such as some that nobody thought were there."""
        return usecases.add_lines(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/counts/{count_id}/quantities",
        schemas.EnterQuantities,
        returns=schemas.Count,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def enter_quantities(self, session: Any, **values: Any) -> Any:
        """Say how much there is of some products of an open count, or of others anew. The last word
        counts, and each is kept."""
        return usecases.enter_quantities(session, **self._count_moment(), **values)

    @command(
        "POST /v1/counts/{count_id}/finish",
        schemas.CountPath,
        returns=schemas.Count,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def finish_count(self, session: Any, **values: Any) -> Any:
        """All is counted: what is off is shown from now on, in a blind count too. Refused with
        `lines_not_counted` while something has no quantity."""
        return usecases.finish_count(
            session, today=self.clock.today(), now=self.clock.now(), **values
        )

    @command(
        "POST /v1/counts/{count_id}/recount",
        schemas.Recount,
        returns=schemas.Count,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def recount(self, session: Any, **values: Any) -> Any:
        """Have some products counted again: the count is open once more, and what was approved of it is
        to be approved again."""
        return usecases.recount(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/counts/{count_id}/approve",
        schemas.Reasoned,
        returns=schemas.Count,
        scope="sales:approve",
        reach=Reach.EVERYTHING,
    )
    def approve_count(self, session: Any, **values: Any) -> Any:
        """Accept what is off beyond a tolerance, as it is now. Refused with `approver_counted` to whoever
        has counted any of it, and with `approval_not_needed` where nothing is beyond."""
        return usecases.approve_count(session, **self._count_moment(), **values)

    @command(
        "POST /v1/counts/{count_id}/post",
        schemas.CountPath,
        returns=schemas.Count,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def post_count(self, session: Any, **values: Any) -> Any:
        """Put the books right by one move for each product that is off; then on hand is what was counted
        and what has moved since. Refused with `approval_missing` where a line is beyond a tolerance and
        was not approved as it is now."""
        return usecases.post_count(session, **self._count_moment(), **values)

    @command(
        "POST /v1/counts/{count_id}/cancel",
        schemas.Reasoned,
        returns=schemas.Count,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def cancel_count(self, session: Any, **values: Any) -> Any:
        """Give up a count that is not posted; the books stay as they are."""
        return usecases.cancel_count(session, **self._count_moment(), **values)

    @query(
        "GET /v1/counts/{count_id}",
        schemas.CountPath,
        returns=schemas.Count,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_count(self, session: Any, **values: Any) -> Any:
        """Show a count with its lines: what is expected now, or was when it was posted."""
        return queries.get_count(session, today=self.clock.today(), **values)

    @query(
        "GET /v1/counts",
        schemas.CountQuery,
        returns=page_of(schemas.CountSummary),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_counts(self, session: Any, **values: Any) -> Any:
        """List counts without their lines, the newest first."""
        return queries.list_counts(session, **values)

    @query(
        "GET /v1/counts/{count_id}/entries",
        schemas.EntryQuery,
        returns=page_of(schemas.CountEntry),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_count_entries(self, session: Any, **values: Any) -> Any:
        """List the quantities that were entered in a count, first and again, by whom and when."""
        return queries.list_entries(session, **values)

    def _count_moment(self) -> dict[str, Any]:
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

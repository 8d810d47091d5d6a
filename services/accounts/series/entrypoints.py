"""The ways into series of activities."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, query
from chassis.fields import page_of
from services.accounts import subscriptions
from services.accounts.series import queries, schemas, usecases


class Series:
    """Activities that come again by a rule."""

    @command(
        "POST /v1/activity-series",
        schemas.BeginSeries,
        returns=schemas.Series,
        scope="accounts:write",
        status=201,
    )
    def begin_series(self, session, **values):
        """Have activities of an account come again, every so many weeks on a weekday, or months on a day.
        The first is planned at once; the next whenever the last has its outcome."""
        return usecases.begin_series(
            session, by=self.caller.subject, **self._moment_of_series(), **values
        )

    @query(
        "GET /v1/activity-series",
        schemas.SeriesQuery,
        returns=page_of(schemas.Series),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_series(self, session, **values):
        """Series of an account, or all that the caller sees, ended ones among them."""
        return queries.list_series(session, **values)

    @command(
        "POST /v1/activity-series/{series_id}/end",
        schemas.SeriesId,
        returns=schemas.Series,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def end_series(self, session, **values):
        """Plan no more activities of a series. What is planned already stays, until it is cancelled."""
        now, by = self.clock.now(), self.caller.subject
        return usecases.end_series(session, now=now, by=by, **values)

    @consumes(*subscriptions.FINISHED_ACTIVITIES)
    def go_on_with_series(self, session, **values):
        """Plan the next of a series when the last is held, was missed or is cancelled."""
        usecases.go_on(session, **self._moment_of_series(), **values)

    def _moment_of_series(self):
        return {"now": self.clock.now(), "zone": self.clock.zone}

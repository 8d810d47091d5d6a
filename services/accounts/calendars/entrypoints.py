"""The ways to working hours."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, query
from chassis.fields import NoFields, page_of
from services.accounts import subscriptions
from services.accounts.calendars import queries, schemas, usecases


class Calendars:
    """When we work."""

    @query(
        "GET /v1/working-hours",
        NoFields,
        returns=schemas.WorkingHours,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def get_working_hours(self, session):
        """When we work: the hours of each day of the week, in the company's time zone, on all days but
        its country's public holidays and those that are closed besides. Before anybody said otherwise
        9:00 to 17:00, Monday to Friday or as the week is in the company's country."""
        return queries.get_working_hours(session, zone=self.clock.zone)

    @query(
        "GET /v1/working-hours/history",
        schemas.HistoryQuery,
        returns=page_of(schemas.WorkingHours),
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_working_hours(self, session, **values):
        """When we worked, first to present: what was counted then was counted by these."""
        return queries.list_working_hours(session, zone=self.clock.zone, **values)

    @command(
        "PUT /v1/working-hours",
        schemas.SetWorkingHours,
        returns=schemas.WorkingHours,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_working_hours(self, session, **values):
        """Say when we work from now on, the whole of it. Refused with `hours_backwards` and `hours_meet`.
        Working time that has passed stays as it was counted."""
        usecases.set_working_hours(session, now=self.clock.now(), by=self.caller.subject, **values)
        return queries.get_working_hours(session, zone=self.clock.zone)

    @consumes(subscriptions.CompanyMoved)
    def keep_seat(self, session, **values):
        """The company's time zone and holidays are those of our work."""
        usecases.keep_seat(session, now=self.clock.now(), **values)

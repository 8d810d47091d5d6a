"""The ways into calls."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, due, query
from chassis.fields import NoFields, page_of
from services.accounts import dues, subscriptions
from services.accounts.calls import queries, schemas, usecases


class Calls:
    """Inbound calls, and calling back who was not answered."""

    @command(
        "POST /v1/calls",
        schemas.RecordCall,
        returns=schemas.Call,
        scope="accounts:write",
        status=201,
        reach=Reach.EVERYTHING,
    )
    def record_call(self, session, **values):
        """Tell of a call that came in, whoever's it was. A number within our country needs no country
        code. One that nobody answered is a reason on the worklist, `callback`, until they are called
        back; how soon they are to be depends on the account's tier. A number that nobody has, or several
        accounts have, is kept without an account: see `assign`."""
        return usecases.record_call(
            session, person=self.caller.staff_id, **self._moment_of_call(), **values
        )

    @query(
        "GET /v1/calls",
        schemas.CallQuery,
        returns=page_of(schemas.Call),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_calls(self, session, **values):
        """Calls, the newest first. Those without an account are there for callers who see all
        accounts."""
        return queries.list_calls(session, **values)

    @query(
        "GET /v1/calls/{call_id}",
        schemas.CallId,
        returns=schemas.Call,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_call(self, session, **values):
        """One call that came in, and what became of it."""
        return queries.get_call(session, **values)

    @command(
        "POST /v1/calls/{call_id}/assign",
        schemas.AssignCall,
        returns=schemas.Call,
        scope="accounts:write",
    )
    def assign_call(self, session, **values):
        """Say whose call it was that nobody knew. One that was missed is then to be called back, counted
        from when it rang. For callers who see all accounts, as a call without one is there for them
        alone."""
        return usecases.assign_call(session, **self._moment_of_call(), **values)

    @command(
        "POST /v1/calls/{call_id}/called-back",
        schemas.CallBack,
        returns=schemas.Call,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def call_back(self, session, **values):
        """Say that somebody who was not answered was called back. An activity does it too: a call out to
        the account, held, that reached somebody."""
        now, by = self.clock.now(), self.caller.subject
        return usecases.call_back(session, now=now, by=by, **values)

    @query(
        "GET /v1/call-figures",
        schemas.FigureQuery,
        returns=schemas.CallFigures,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def report_calls(self, session, **values):
        """Calls by person and hour of the day: how many, answered, missed, called back in time, and
        within how many seconds they were answered (nearest rank). Counted are those that the caller
        sees."""
        return queries.report_calls(session, zone=self.clock.zone, **values)

    @query(
        "GET /v1/callback-times",
        NoFields,
        returns=schemas.CallbackTimes,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def get_callback_times(self, session):
        """How soon accounts of each tier are called back."""
        return queries.get_callback_times(session)

    @command(
        "PUT /v1/callback-times",
        schemas.CallbackTimes,
        returns=schemas.CallbackTimes,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_callback_times(self, session, **values):
        """Say how soon accounts of each tier are called back, for calls from now on."""
        return usecases.set_callback_times(session, **values)

    @consumes(*subscriptions.HELD_ACTIVITIES)
    def settle_callbacks(self, session, **values):
        """Who rang and was not answered has been called back when a call out reaches the account."""
        usecases.hear_held(session, **values)

    @due(dues.CallbackLate)
    def tell_late_callback(self, session, **values):
        """Remind of somebody who was not called back in time."""
        usecases.tell_late(session, zone=self.clock.zone, **values)

    def _moment_of_call(self):
        return {"now": self.clock.now(), "by": self.caller.subject, "zone": self.clock.zone}

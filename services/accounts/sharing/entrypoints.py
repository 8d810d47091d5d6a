"""The ways into helpers and teams of accounts."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, due, introduces, query
from chassis.fields import page_of
from services.accounts import introductions
from services.accounts.dues import SharingTurns
from services.accounts.sharing import queries, schemas, usecases
from services.accounts.subscriptions import HELPERS_WORK, StaffLeft


class Sharing:
    """Who looks after an account beside its owner: helpers, and a team. They see it while they do."""

    @command(
        "POST /v1/accounts/{account_id}/helpers",
        schemas.AddHelper,
        returns=schemas.Sharing,
        scope="accounts:write",
        status=201,
    )
    def add_helper(self, session, **values):
        """Let somebody help with an account, from today or a later day on; they see it as its owner does.
        It begins and ends by itself at 05:00 of its days. Refused with `helper_owns_account`, and with
        `helps_already` where the time overlaps another of theirs."""
        return usecases.add_helper(
            session, **self._sharing_agreed(), zone=self.clock.zone, **values
        )

    @command(
        "POST /v1/accounts/{account_id}/team",
        schemas.GiveTeam,
        returns=schemas.Sharing,
        scope="accounts:write",
        status=201,
    )
    def give_team(self, session, **values):
        """Let a team look after an account beside its owner; who is in it sees the account. The team that
        did so before does no more."""
        return usecases.give_team(session, **self._sharing_agreed(), **values)

    @query(
        "GET /v1/accounts/{account_id}/helpers",
        schemas.SharingsQuery,
        returns=page_of(schemas.Sharing),
        scope="accounts:read",
    )
    def list_sharings(self, session, **values):
        """The helpers and teams of an account that are, were and will be."""
        return queries.list_sharings(session, **values)

    @command(
        "POST /v1/helpers/{sharing_id}/end",
        schemas.SharingId,
        returns=schemas.Sharing,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def end_sharing(self, session, **values):
        """Let a helper, or a team, look after an account no more, from now on."""
        return usecases.end_sharing(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/helpers/{sharing_id}/looked-at",
        schemas.SharingId,
        returns=schemas.Sharing,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def look_at_work(self, session, **values):
        """Say that you looked at what a helper recorded until now. Refused with `own_work` for the helper
        themself."""
        return usecases.look_at_work(
            session,
            now=self.clock.now(),
            by=self.caller.subject,
            staff_id=self.caller.staff_id,
            **values,
        )

    @query(
        "GET /v1/helper-roles",
        schemas.RoleLooksQuery,
        returns=schemas.RoleLooks,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_role_looks(self, session):
        """Of each role, whether the work of helpers with it needs the owner's look."""
        return queries.list_role_looks(session)

    @command(
        "PUT /v1/helper-roles",
        schemas.RoleLook,
        returns=schemas.RoleLook,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_role_look(self, session, **values):
        """Say of a role whether the work of helpers with it needs the owner's look, from now on."""
        return usecases.set_role_look(session, **values)

    @due(SharingTurns)
    def turn_sharing(self, session, sharing_id):
        """Begin or end a helper's time whose day has come."""
        usecases.turn_sharing(
            session, sharing_id=sharing_id, today=self.clock.today(), zone=self.clock.zone
        )

    @consumes(*HELPERS_WORK)
    def note_work_of_helpers(self, session, **values):
        """Ask the owner to look at what a helper recorded, where their work needs that."""
        usecases.note_work(session, on=self.clock.day_of(self.event.occurred_at), **values)

    @consumes(StaffLeft)
    def end_help_of_who_left(self, session, staff_id):
        """Who has left helps with nothing."""
        usecases.end_help_of(session, staff_id=staff_id, today=self.clock.today())

    @introduces(introductions.SharingIntroduced)
    def introduce_sharings(self):
        """Who looks, looked and will look after accounts beside their owners."""
        return queries.EVERY

    def _sharing_agreed(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

"""The ways into absences."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, due, introduces, query
from chassis.fields import page_of
from services.accounts import introductions
from services.accounts.absences import queries, schemas, usecases
from services.accounts.dues import AbsenceTurns
from services.accounts.subscriptions import StaffLeft


class Absences:
    """Who is away, and who sees and does meanwhile what they do. Nothing changes its owner."""

    @command(
        "POST /v1/absences",
        schemas.PlanAbsence,
        returns=schemas.Absence,
        scope="accounts:write",
        reach=Reach.STAFF,
        status=201,
    )
    def plan_absence(self, session, **values):
        """Let somebody be away, and another stand in: from 05:00 of the first day, or today at once, to
        05:00 of the day after the last. Who stands in sees what they see, and may act unless you say
        `see`. For oneself and those below. Refused with `delegate_away`, which says when, if who stands
        in is away too at some time of it, and with `absence_overlaps`."""
        return usecases.plan_absence(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            zone=self.clock.zone,
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/absences/{absence_id}",
        schemas.AbsenceId,
        returns=schemas.Absence,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def get_absence(self, session, **values):
        """One absence: who is away, who stands in, from when to when."""
        return queries.get_absence(session, **values)

    @query(
        "GET /v1/absences",
        schemas.AbsencesQuery,
        returns=page_of(schemas.Absence),
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_absences(self, session, **values):
        """Absences by their first day: of a person, or in which a person stands in."""
        return queries.list_absences(session, **values)

    @command(
        "POST /v1/absences/{absence_id}/extend",
        schemas.ExtendAbsence,
        returns=schemas.Absence,
        scope="accounts:write",
        reach=Reach.STAFF,
    )
    def extend_absence(self, session, **values):
        """Let an absence last until a later day."""
        return usecases.extend_absence(
            session, today=self.clock.today(), zone=self.clock.zone, **values
        )

    @command(
        "POST /v1/absences/{absence_id}/end",
        schemas.AbsenceId,
        returns=schemas.Absence,
        scope="accounts:write",
        reach=Reach.STAFF,
    )
    def end_absence(self, session, **values):
        """Say that somebody is back, before their last day: nobody stands in for them from now on."""
        return usecases.end_absence(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/absences/{absence_id}/cancel",
        schemas.AbsenceId,
        returns=schemas.Absence,
        scope="accounts:write",
        reach=Reach.STAFF,
    )
    def cancel_absence(self, session, **values):
        """Say, before it begins, that somebody will not be away after all."""
        return usecases.cancel_absence(session, **values)

    @due(AbsenceTurns)
    def turn_absence(self, session, absence_id):
        """Begin or end an absence whose day has come."""
        usecases.turn_absence(
            session, absence_id=absence_id, today=self.clock.today(), zone=self.clock.zone
        )

    @consumes(StaffLeft)
    def end_absences_of_who_left(self, session, staff_id):
        """Nobody stands in any more for a person who left."""
        usecases.end_absences_of(session, staff_id=staff_id, today=self.clock.today())

    @introduces(introductions.AbsenceIntroduced)
    def introduce_absences(self):
        """All absences that are, were and will be."""
        return queries.EVERY

"""The ways into activities."""

from __future__ import annotations

from chassis.contract import Reach, command, due, query
from chassis.fields import NoFields, page_of
from services.accounts import dues
from services.accounts.activities import queries, schemas, usecases


class Activities:
    """Calls, visits, meetings, e-mails and letters: planned, held, and what follows them."""

    @command(
        "POST /v1/activities",
        schemas.PlanActivity,
        returns=schemas.Activity,
        scope="accounts:write",
        status=201,
    )
    def plan_activity(self, session, **values):
        """Plan to meet an account. Once its time is over it is a reason on the worklist, `visit_due`,
        until it has an outcome: held, missed, rescheduled or cancelled."""
        return usecases.plan_activity(session, **self._asker_of_activity(), **values)

    @command(
        "POST /v1/activities/log",
        schemas.LogActivity,
        returns=schemas.FinishedActivity,
        scope="accounts:write",
        status=201,
    )
    def log_activity(self, session, **values):
        """Note, in one request, an activity that was held without a plan: with whom, what came of it,
        what was promised, and the next step. What follows by rule is in the answer: `suggested`, or
        `created`."""
        return usecases.log_activity(session, **self._asker_of_activity(), **values)

    @query(
        "GET /v1/activities",
        schemas.ActivityQuery,
        returns=page_of(schemas.Activity),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_activities(self, session, **values):
        """Activities in the order of their time: of an account, of a person, or all that the caller
        sees."""
        return queries.list_activities(session, **values)

    @query(
        "GET /v1/activities/{activity_id}",
        schemas.ActivityId,
        returns=schemas.Activity,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_activity(self, session, **values):
        """One activity, planned or held, and what came of it."""
        return queries.get_activity(session, **values)

    @query(
        "GET /v1/activities/{activity_id}/wordings",
        schemas.WordingQuery,
        returns=page_of(schemas.Wording),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_wordings(self, session, **values):
        """What was said of an activity that was held: first, and with each correction."""
        return queries.list_wordings(session, **values)

    @command(
        "POST /v1/activities/{activity_id}/hold",
        schemas.HoldActivity,
        returns=schemas.FinishedActivity,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def hold_activity(self, session, **values):
        """Say that a planned activity was held and what came of it. What follows is in the answer:
        planned if it was sent with this, else as a rule for the kind and the outcome says."""
        return usecases.hold_activity(session, **self._moment_of_activity(), **values)

    @command(
        "POST /v1/activities/{activity_id}/miss",
        schemas.MissActivity,
        returns=schemas.FinishedActivity,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def miss_activity(self, session, **values):
        """Say why a planned activity, whose time has come, was not held. Refused with `not_begun`
        before."""
        return usecases.miss_activity(session, **self._moment_of_activity(), **values)

    @command(
        "POST /v1/activities/{activity_id}/reschedule",
        schemas.RescheduleActivity,
        returns=schemas.Activity,
        scope="accounts:write",
        status=201,
        reach=Reach.ACCOUNT,
    )
    def reschedule_activity(self, session, **values):
        """Plan an activity for another time: the answer is a new activity; each names the other."""
        return usecases.reschedule_activity(session, **self._moment_of_activity(), **values)

    @command(
        "POST /v1/activities/{activity_id}/cancel",
        schemas.CancelActivity,
        returns=schemas.Activity,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def cancel_activity(self, session, **values):
        """Say why a planned activity is not needed."""
        now, by = self.clock.now(), self.caller.subject
        return usecases.cancel_activity(session, now=now, by=by, **values)

    @command(
        "POST /v1/activities/{activity_id}/correct",
        schemas.CorrectActivity,
        returns=schemas.Activity,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def correct_activity(self, session, **values):
        """Correct what was said of an activity that was held, within 24 hours of when it was said. What
        was said before stays in `wordings`, and what followed stays as it is. Refused afterwards with
        `correction_too_late`."""
        now, by = self.clock.now(), self.caller.subject
        return usecases.correct_activity(session, now=now, by=by, **values)

    @query(
        "GET /v1/follow-up-rules",
        NoFields,
        returns=schemas.FollowUpRules,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_follow_up_rules(self, session):
        """What follows an activity, by its kind and its outcome."""
        return queries.list_follow_up_rules(session)

    @command(
        "PUT /v1/follow-up-rules",
        schemas.SetFollowUpRules,
        returns=schemas.FollowUpRules,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_follow_up_rules(self, session, **values):
        """Say what follows which activities, instead of all that was said before."""
        return usecases.set_follow_up_rules(session, **values)

    @due(dues.ActivityDue)
    def tell_overdue_activity(self, session, **values):
        """Remind of a planned activity whose time is over."""
        usecases.tell_overdue(session, zone=self.clock.zone, **values)

    def _moment_of_activity(self):
        return {"now": self.clock.now(), "by": self.caller.subject, "zone": self.clock.zone}

    def _asker_of_activity(self):
        return {
            "now": self.clock.now(),
            "by": self.caller.subject,
            "zone": self.clock.zone,
            "person": self.caller.staff_id,
        }

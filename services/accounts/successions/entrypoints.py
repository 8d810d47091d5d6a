"""The ways into successions."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes
from services.accounts import subscriptions
from services.accounts.ownership import schemas
from services.accounts.staff.schemas import Staff
from services.accounts.successions import usecases


class Successions:
    """What goes on with accounts that change hands, and who may leave."""

    @command(
        "POST /v1/staff/{staff_id}/leave",
        schemas.LeaveStaff,
        returns=Staff,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def leave_staff(self, session, **values):
        """Let a person go. Refused with `staff_owns_accounts` while they own accounts: hand those over
        first; with `staff_has_reports` while others report to them; with `staff_stands_in` while they are
        to stand in for somebody. They are in no team then, and help with nothing; their open cases and
        planned activities at others' accounts are those accounts' owners', and the next who could decides
        what waits for them."""
        return usecases.leave_staff(
            session,
            now=self.clock.now(),
            today=self.clock.today(),
            zone=self.clock.zone,
            by=self.caller.subject,
            **values,
        )

    @consumes(subscriptions.OwnerMoved, takes_many=True)
    def follow_owners(self, session, changed):
        """Open cases, planned activities and series of the former owner at an account go with it."""
        usecases.follow_owners(session, changed, now=self.clock.now())

"""The ways into ownership."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.accounts.ownership import queries, schemas, usecases
from services.accounts.staff.schemas import Staff


class Ownership:
    """Who owns which account, and who may leave."""

    @query(
        "GET /v1/accounts/{account_id}/owners",
        schemas.OwnershipQuery,
        returns=page_of(schemas.OwnershipPeriod),
        scope="accounts:read",
    )
    def list_owners(self, session, **values):
        """The owners of an account, first to present, without a gap or an overlap."""
        return queries.list_owners(session, **values)

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
        to stand in for somebody. They are in no team then, and help with nothing."""
        return usecases.leave_staff(session, today=self.clock.today(), **values)

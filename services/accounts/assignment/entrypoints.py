"""The way into assignment."""

from __future__ import annotations

from chassis.contract import command
from services.accounts.accounts.schemas import Account
from services.accounts.assignment import schemas, usecases


class Assignment:
    """Giving an account to one of several people, fairly."""

    @command(
        "POST /v1/accounts/{account_id}/assign",
        schemas.AssignAccount,
        returns=Account,
        scope="accounts:write",
    )
    def assign_account(self, session, **values):
        """Give an account to somebody of a team, or below a lead: in turn, or to whoever has the least.
        Who is away, and who owns it now, is left out; refused with `nobody_to_assign` where nobody
        remains."""
        return usecases.assign_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

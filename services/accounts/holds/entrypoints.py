"""The ways into holds."""

from __future__ import annotations

from chassis.contract import command
from services.accounts.accounts.schemas import Account, MoveAccount, ReleaseAccount
from services.accounts.holds import usecases


class Holds:
    """No new business with accounts for a while."""

    @command(
        "POST /v1/accounts/{account_id}/hold", MoveAccount, returns=Account, scope="accounts:write"
    )
    def hold_account(self, session, **values):
        """Do no new business with an active account until it is released; or have one that an expired
        document holds stay on hold when that is renewed."""
        return usecases.hold_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/accounts/{account_id}/release",
        ReleaseAccount,
        returns=Account,
        scope="accounts:write",
    )
    def release_account(self, session, **values):
        """Let business with an account on hold go on. Refused with `document_expired`, which names what
        is `expired`, while a document holds it."""
        return usecases.release_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

"""The way into batches of accounts."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.accounts.account_batches import schemas, usecases


class AccountBatches:
    """Many accounts at once."""

    @command(
        "POST /v1/account-batches",
        schemas.NewAccountBatch,
        returns=schemas.AccountBatch,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
        seconds_max=60,
    )
    def open_account_batch(self, session, **values):
        """Open up to 500 accounts at once: as prospects, or active where one says why it needs no
        onboarding. Each is opened or refused by itself: a refused one is reported with its place and the
        reason, and the others are opened all the same. One that says what another system calls it is
        found where there is one called so, and left as it is (`is_new`: false), also where that is a
        prospect; so a list of clients may be sent again, whole or in other parts."""
        return usecases.open_account_batch(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

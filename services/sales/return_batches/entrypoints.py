"""The way into batches of returns."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.sales.return_batches import schemas, usecases


class ReturnBatches:
    """Many returns at once."""

    @command(
        "POST /v1/return-batches",
        schemas.NewReturnBatch,
        returns=schemas.ReturnBatch,
        scope="sales:write",
        reach=Reach.ACCOUNT,
        seconds_max=60,
    )
    def take_returns(self, session, **values):
        """Take in up to 500 returns whose goods are here: each is asked for, authorised, received,
        inspected and credited at once, as if it came alone after those before it, and announced so. What
        is to come back of goods that no order had sold is named by the order whose lines below 0 bring it
        (`for_order_id`). Each is done or refused by itself: a refused one is reported with its place and
        the reason, and the others are done all the same.

        One that says what another system calls it is taken once: the same account's return of that name
        is found, and nothing is done again; refused with `external_id_used` where it was of other
        goods."""
        return usecases.take_returns(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

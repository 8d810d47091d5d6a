"""The way into batches of cases."""

from __future__ import annotations

from chassis.contract import Reach, command
from services.accounts.case_batches import schemas, usecases


class CaseBatches:
    """Many cases at once."""

    @command(
        "POST /v1/case-batches",
        schemas.NewCaseBatch,
        returns=schemas.CaseBatch,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
        seconds_max=60,
    )
    def open_case_batch(self, session, **values):
        """Open up to 500 cases at once, each with what was done with it already, if it is taken over from
        elsewhere: its `steps`, which are judged, remembered and announced as if each came by itself. Each
        case is opened or refused by itself: a refused one is reported with its place and the reason, and
        the others are opened all the same. One that says what another system calls it is found where
        there is one called so, and left as it is (`is_new`: false); so a list may be sent again, whole or
        in other parts.

        A case that its steps have brought to its end is compared with no similar ones, contests no amount
        any more, and may be of somebody who has left. Approvals and decisions about amounts are not
        taken over: who wants those asks for them here."""
        return usecases.open_case_batch(
            session,
            now=self.clock.now(),
            by=self.caller.subject,
            zone=self.clock.zone,
            **values,
        )

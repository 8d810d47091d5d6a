"""The way of making a credit note void."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command
from services.billing.credit_voids import schemas, usecases
from services.billing.credits.schemas import CreditNote


class CreditVoids:
    """Credit notes issued in error."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/credit-notes/{credit_note_id}/void",
        schemas.VoidCreditNote,
        returns=CreditNote,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def void_credit_note(self, session: Any, **values: Any) -> Any:
        """Make a credit note void that was issued in error. Its allocations are reversed in the same
        step, so that their items are owed again, and what it credited of an invoice, its lines and its
        rates may be credited again. One that was paid out, in part or whole, is refused
        (`credit_note_refunded`): reverse the refund first. Its number stays taken; another one may be for
        its remedy or return then."""
        return usecases.void_credit_note(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

"""The ways into answers to returns, and the page of a whole return."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, query
from services.sales.return_answers import queries, schemas, subscriptions, usecases
from services.sales.returns.schemas import Return, ReturnPath


class ReturnAnswers:
    """What clients get for what came back."""

    @command(
        "POST /v1/returns/{return_id}/credit",
        schemas.CreditReturn,
        returns=Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def credit_return(self, session, **values):
        """Credit what was accepted of the parts that are inspected: billing does, at the net price,
        discount and tax of then, less what is kept back, once for each part. What was inspected
        wrongly is undone before."""
        return usecases.credit_return(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/returns/{return_id}/replace",
        schemas.ReplaceReturn,
        returns=Return,
        scope="sales:write",
        reach=Reach.ACCOUNT,
    )
    def replace_return(self, session, **values):
        """Order others in place of what was accepted of the parts that are inspected: an order at no
        price, confirmed at once, which is shipped and not billed. Refused as a confirmation is; credit it
        then."""
        return usecases.replace_return(session, **values, **self._given())

    @query(
        "GET /v1/returns/{return_id}",
        ReturnPath,
        returns=schemas.ReturnPage,
        scope="sales:read",
        reach=Reach.ACCOUNT,
    )
    def get_return(self, session, **values):
        """Read a return and its whole chain: each step, its event, when and by whom, what came in which
        part, what is given for it, and what it waits for since when."""
        return queries.get_return(session, **values)

    @consumes(subscriptions.ReturnSettled)
    def settle_return(self, session, **settled):
        """Billing has credited a part, or does not bill it any more."""
        usecases.settle_return(session, **settled, **self._heard())

    @consumes(subscriptions.ReturnRefused)
    def note_not_credited(self, session, **refused):
        """Billing cannot credit a part; a person is to."""
        usecases.note_not_credited(session, **refused, **self._heard())

    @consumes(subscriptions.ReturnCreditNoteIssued, takes_many=True)
    def take_return_notes(self, session, notes):
        """Credit notes that name a return credit it, whoever issued them."""
        usecases.take_notes(session, notes, **self._heard())

    @consumes(subscriptions.ReturnCreditNoteVoided, takes_many=True)
    def take_void_notes(self, session, notes):
        """What was credited by a credit note that is void is to be credited anew."""
        usecases.take_voids(session, notes, **self._heard())

    def _given(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

    def _heard(self):
        return {"today": self.clock.today(), "now": self.clock.now(), "by": "billing"}

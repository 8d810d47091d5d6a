"""The ways into answers to returns, and the page of a whole return."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from services.sales.return_answers import queries, schemas, usecases
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
        wrongly is undone before. Refused with `nothing_credited` where the fee would keep back all."""
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

    def _given(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }

"""The ways into standings."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from services.sales.overrides.schemas import CreditOverride, GrantOverride
from services.sales.standings import queries, schemas, usecases


class Standings:
    """What the credit check sees, and what it is overridden by."""

    @query(
        "GET /v1/accounts/{account_id}/standing",
        schemas.StandingQuery,
        returns=schemas.Standing,
        scope="sales:read",
    )
    def get_standing(self, session, **values):
        """What the credit check sees of an account, each limit by itself: the credit limit, balance, open
        orders and what is available; what is overdue; the credit limit it shares with others; a credit
        hold."""
        return queries.get_standing(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/orders/{order_id}/credit-override",
        GrantOverride,
        returns=CreditOverride,
        scope="sales:approve",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def override_credit(self, session, **values):
        """Let a draft be confirmed whatever the limits of the credit check say: once, until a day, and as
        long as it comes to no more than now. A credit hold and an account that is not active stay in its
        way. Once confirmed it counts as agreed under the present limit; should that be lowered and stop
        the order, it is released by `POST /v1/orders/{order_id}/release`."""
        return usecases.override_credit(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

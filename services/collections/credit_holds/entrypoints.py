"""The ways into credit holds."""

from __future__ import annotations

from chassis.contract import Reach, consumes, daily, introduces, query
from chassis.fields import page_of
from services.collections import introductions, subscriptions
from services.collections.credit_holds import queries, schemas, usecases


class CreditHolds:
    """Stops orders while a last warning is unheeded."""

    @consumes(subscriptions.DunningNoticeSent)
    def review_credit_hold(self, session, *, account_id):
        """Place a credit hold if the notice is of a level that holds orders."""
        usecases.review_credit_holds(
            session, account_ids=[account_id], today=self.clock.today(), now=self.clock.now()
        )

    @daily(at="06:00")
    def review_credit_holds(self, session, day):
        """Place and lift what pauses of dunning that began or ended have changed."""
        usecases.review_all_credit_holds(session, today=day, now=self.clock.now())

    @query(
        "GET /v1/credit-holds",
        schemas.CreditHoldQuery,
        returns=page_of(schemas.CreditHold),
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def list_credit_holds(self, session, **values):
        """List credit holds by account."""
        return queries.list_credit_holds(session, **values)

    @introduces(introductions.CreditHoldIntroduced)
    def introduce_credit_holds(self):
        """The last credit hold of every account that ever had one."""
        return queries.LAST

"""The ways into who knows accounts."""

from __future__ import annotations

from chassis.contract import consumes, due, query
from chassis.fields import page_of
from services.accounts import subscriptions
from services.accounts.dues import AccountKnownDue
from services.accounts.known import queries, schemas, usecases


class Known:
    """Which services know accounts."""

    @query(
        "GET /v1/accounts/{account_id}/known",
        schemas.KnownQuery,
        returns=page_of(schemas.KnownBy),
        scope="accounts:read",
    )
    def list_known(self, session, **values):
        """Which services know an account and since when: each says so once. Where one that must has not
        within an hour of the opening, the owner's worklist says which. Accounts that were opened before
        services said so have none."""
        return queries.list_known(session, **values)

    @consumes(subscriptions.KnownToBilling, takes_many=True)
    def hear_billing_knows(self, session, facts):
        """Billing knows accounts."""
        usecases.hear_known(session, facts, service="billing", now=self.clock.now())

    @consumes(subscriptions.KnownToSales, takes_many=True)
    def hear_sales_knows(self, session, facts):
        """Sales knows accounts."""
        usecases.hear_known(session, facts, service="sales", now=self.clock.now())

    @due(AccountKnownDue)
    def ask_who_knows(self, session, **values):
        """Say who should know an account by now and does not."""
        usecases.ask_who_knows(session, today=self.clock.today(), **values)

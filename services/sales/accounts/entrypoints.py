"""The events that keep the copies of accounts and credit holds."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales import subscriptions
from services.sales.accounts import queries, usecases


class Accounts:
    """Keeps sales' own copy of what decides whether an account may be supplied."""

    @consumes(*subscriptions.ACCOUNT, takes_many=True, keeps=queries.COPY)
    def keep_accounts(self, session, snapshots):
        """Keep copies of accounts that were opened or changed."""
        usecases.keep_accounts(session, snapshots)

    @consumes(*subscriptions.CONTACT, takes_many=True, keeps=queries.COPY_OF_CONTACTS)
    def keep_contacts(self, session, snapshots):
        """Keep copies of the people at accounts."""
        usecases.keep_contacts(session, snapshots)

    @consumes(*subscriptions.CREDIT_HOLD, takes_many=True, keeps=queries.COPY_OF_HOLDS)
    def keep_credit_holds(self, session, snapshots):
        """Stop accounts' orders, or let them through again."""
        usecases.keep_credit_holds(session, snapshots)

"""The ways into accounts: the events of the accounts service."""

from __future__ import annotations

from chassis.contract import consumes
from services.collections import subscriptions
from services.collections.accounts import queries, usecases


class Accounts:
    """Keeps the copies of accounts and contacts."""

    @consumes(*subscriptions.ACCOUNT, takes_many=True, keeps=queries.COPY)
    def keep_accounts(self, session, snapshots):
        """Copy accounts that are new, or of which something we use may have changed."""
        usecases.keep_accounts(session, snapshots)

    @consumes(*subscriptions.CONTACT, takes_many=True, keeps=queries.COPY_OF_CONTACTS)
    def keep_contacts(self, session, snapshots):
        """Copy contacts that were added or changed."""
        usecases.keep_contacts(session, snapshots)

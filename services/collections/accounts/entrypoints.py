"""The ways into accounts: the events of the accounts service."""

from __future__ import annotations

from chassis.contract import consumes
from services.collections import subscriptions
from services.collections.accounts import usecases


class Accounts:
    """Keeps the copies of accounts and contacts."""

    @consumes(subscriptions.AccountOpened)
    def copy_opened_account(self, session, **snapshot):
        """A new account."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountEdited)
    def copy_edited_account(self, session, **snapshot):
        """Name, language, e-mail or preferred channel may have changed."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.ContactChanged)
    def copy_contact(self, session, **snapshot):
        """A contact was added or changed."""
        usecases.keep_contact(session, **snapshot)

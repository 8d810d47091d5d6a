"""The events that keep the copies of accounts and credit holds."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales import subscriptions
from services.sales.accounts import usecases


class Accounts:
    """Keeps sales' own copy of what decides whether an account may be supplied."""

    @consumes(subscriptions.AccountOpened)
    def keep_opened_account(self, session, **snapshot):
        """Keep a copy of an account that was opened."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountEdited)
    def keep_edited_account(self, session, **snapshot):
        """Keep a copy of an account whose particulars were changed."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountOnboarding)
    def keep_onboarding_account(self, session, **snapshot):
        """Keep a copy of an account whose onboarding began."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountActivated)
    def keep_activated_account(self, session, **snapshot):
        """Keep a copy of an account that may be supplied from now on."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountHeld)
    def keep_held_account(self, session, **snapshot):
        """Keep a copy of an account that was put on hold."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountReleased)
    def keep_released_account(self, session, **snapshot):
        """Keep a copy of an account that was released from hold."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountClosingRefused)
    def keep_account_not_closed(self, session, **snapshot):
        """Keep a copy of an account that was not closed, as somebody objected."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountClosingWithdrawn)
    def keep_account_not_to_be_closed(self, session, **snapshot):
        """Keep a copy of an account that is not to be closed after all."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.AccountClosed)
    def keep_closed_account(self, session, **snapshot):
        """Keep a copy of an account that was closed."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.TermsChanged)
    def keep_account_with_new_terms(self, session, **snapshot):
        """Keep a copy of an account whose terms were changed."""
        usecases.keep_account(session, **snapshot)

    @consumes(subscriptions.CreditHoldPlaced)
    def place_credit_hold(self, session, **values):
        """Stop the account's orders."""
        usecases.place_credit_hold(session, **values)

    @consumes(subscriptions.CreditHoldLifted)
    def lift_credit_hold(self, session, **values):
        """Let the account's orders through again."""
        usecases.lift_credit_hold(session, **values)

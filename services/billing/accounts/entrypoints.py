"""The ways into billing's copy of accounts: events of the accounts service."""

from __future__ import annotations

from typing import Any

from chassis.contract import consumes
from services.billing import subscriptions
from services.billing.accounts import usecases


class Accounts:
    """Every change of an account comes with the whole account; the newest is kept."""

    @consumes(subscriptions.AccountOpened)
    def keep_opened_account(self, session: Any, **values: Any) -> None:
        """Copy an account that was opened."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.AccountEdited)
    def keep_edited_account(self, session: Any, **values: Any) -> None:
        """Copy an account that was edited."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.AccountOnboarding)
    def keep_onboarding_account(self, session: Any, **values: Any) -> None:
        """Copy an account that began onboarding."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.AccountActivated)
    def keep_activated_account(self, session: Any, **values: Any) -> None:
        """Copy an account that was activated."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.AccountHeld)
    def keep_held_account(self, session: Any, **values: Any) -> None:
        """Copy an account that was held."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.AccountReleased)
    def keep_released_account(self, session: Any, **values: Any) -> None:
        """Copy an account that was released."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.AccountClosingRefused)
    def keep_account_not_closed(self, session: Any, **values: Any) -> None:
        """Copy an account that was not closed, as somebody objected."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.AccountClosingWithdrawn)
    def keep_account_not_to_be_closed(self, session: Any, **values: Any) -> None:
        """Copy an account that is not to be closed after all."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.AccountClosed)
    def keep_closed_account(self, session: Any, **values: Any) -> None:
        """Copy an account that was closed."""
        usecases.keep_account(session, **values)

    @consumes(subscriptions.TermsChanged)
    def keep_changed_terms(self, session: Any, **values: Any) -> None:
        """Copy an account whose payment terms changed."""
        usecases.keep_account(session, **values)

"""The ways into what was billed."""

from __future__ import annotations

from chassis.contract import consumes
from services.accounts.billed import queries, subscriptions, usecases


class Billed:
    """What accounts were billed, for whatever is measured by it."""

    @consumes(*subscriptions.INVOICES, takes_many=True, keeps=queries.INVOICES)
    def copy_invoices(self, session, told):
        """Keep invoices with their lines, and which are void."""
        usecases.keep_invoices(session, told)

    @consumes(*subscriptions.CREDIT_NOTES, takes_many=True, keeps=queries.CREDITS)
    def copy_credit_notes(self, session, told):
        """Keep credit notes, and which are void."""
        usecases.keep_credits(session, told)

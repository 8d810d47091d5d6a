"""The way into leads: an event of sales."""

from __future__ import annotations

from chassis.contract import consumes
from services.accounts import subscriptions
from services.accounts.leads import usecases


class Leads:
    """Opens accounts of what sales has won."""

    @consumes(subscriptions.LeadConverted)
    def convert_lead(self, session, **values):
        """Open the account of a lead with its contacts and notes, once; or say why not."""
        usecases.convert_lead(session, today=self.clock.today(), now=self.clock.now(), **values)

"""What billing says of returns."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales.return_credits import subscriptions, usecases


class ReturnCredits:
    """Credits of what came back, as billing tells of them."""

    @consumes(subscriptions.ReturnSettled, takes_many=True)
    def settle_return(self, session, settled):
        """Billing has credited parts, or does not bill them any more."""
        usecases.settle_returns(session, settled, **self._heard())

    @consumes(subscriptions.ReturnRefused, takes_many=True)
    def note_not_credited(self, session, refused):
        """Billing cannot credit parts; a person is to."""
        usecases.note_not_credited(session, refused, today=self.clock.today(), **self._heard())

    @consumes(subscriptions.ReturnCreditNoteIssued, takes_many=True)
    def take_return_notes(self, session, notes):
        """Credit notes that name a return credit it, whoever issued them."""
        usecases.take_notes(session, notes, **self._heard())

    @consumes(subscriptions.ReturnCreditNoteVoided, takes_many=True)
    def take_void_notes(self, session, notes):
        """What was credited by a credit note that is void is to be credited anew."""
        usecases.take_voids(session, notes, today=self.clock.today(), **self._heard())

    def _heard(self):
        return {"now": self.clock.now(), "by": "billing"}

"""The events that tell what was invoiced."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales import subscriptions
from services.sales.billed.usecases import keep_invoices
from services.sales.invoices import usecases


class Invoices:
    """Keeps count of what is shipped and not invoiced."""

    @consumes(subscriptions.InvoiceIssued, takes_many=True)
    def record_invoice(self, session, invoices):
        """Note that orders, or shipments of them, were invoiced."""
        usecases.record_invoices(session, invoices, today=self.clock.today(), now=self.clock.now())

    @consumes(subscriptions.CreditNoteIssued, takes_many=True)
    def record_credit(self, session, credit_notes):
        """Note that some of what was billed ahead was taken back."""
        usecases.record_credits(
            session, credit_notes, today=self.clock.today(), now=self.clock.now()
        )

    @consumes(subscriptions.CreditNoteVoided, takes_many=True)
    def record_credit_void(self, session, voids):
        """Note that what was taken back is billed ahead again."""
        usecases.record_credit_voids(session, voids, today=self.clock.today(), now=self.clock.now())

    @consumes(subscriptions.InvoiceVoided, takes_many=True)
    def record_void(self, session, voids):
        """Note that invoices are void."""
        usecases.record_voids(session, voids, today=self.clock.today(), now=self.clock.now())

    @consumes(subscriptions.InvoicePaid, subscriptions.InvoiceReopened, takes_many=True)
    def record_settled(self, session, settled):
        """Note that invoices are paid, or open again: what they cover may go, or no more."""
        keep_invoices(session, settled)

    @consumes(*subscriptions.ORDER_ENDED, takes_many=True)
    def recount_ended(self, session, ended):
        """Count anew what is not invoiced of orders that ended, of which some may be cancelled."""
        usecases.recount(session, [one["order_id"] for one in ended])

    @consumes(subscriptions.ReturnAccepted, takes_many=True)
    def record_return(self, session, returns):
        """Note what came back of orders."""
        usecases.record_returns(session, returns)

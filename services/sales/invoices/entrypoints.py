"""The events that tell what was invoiced."""

from __future__ import annotations

from chassis.contract import consumes
from services.sales import subscriptions
from services.sales.invoices import usecases


class Invoices:
    """Keeps count of what is shipped and not invoiced."""

    @consumes(subscriptions.InvoiceIssued)
    def record_invoice(self, session, **values):
        """Note that an order, or a shipment of it, was invoiced."""
        usecases.record_invoice(session, **values)

    @consumes(subscriptions.CreditNoteIssued)
    def record_credit(self, session, **values):
        """Note that some of what was billed ahead was taken back."""
        usecases.record_credit(session, **values)

    @consumes(subscriptions.InvoiceVoided)
    def record_void(self, session, **values):
        """Note that an invoice is void."""
        usecases.record_void(session, **values)

"""All tables of billing."""

from services.billing.accounts.models import Account
from services.billing.adjustments.models import Adjustment, AdjustmentRate
from services.billing.advances.models import AdvanceUse
from services.billing.allocations.models import Allocation
from services.billing.billables.models import Billable
from services.billing.company.models import Company, Logo
from services.billing.credits.models import CreditNote, CreditNoteLine, CreditNoteRate
from services.billing.debits.models import Debit, DebitPart
from services.billing.disputes.models import Dispute
from services.billing.fees.models import Fee
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
from services.billing.items.models import AccountBalance, Item
from services.billing.ledger.models import JournalEntry
from services.billing.notices.models import Notice
from services.billing.numbers.models import NumberSeries
from services.billing.orders.models import Order
from services.billing.payments.models import Payment
from services.billing.receipts.models import Receipt
from services.billing.refunds.models import Refund
from services.billing.remedies.models import RefusedRemedy
from services.billing.reschedules.models import DueChange
from services.billing.reversals.models import PaymentReversal
from services.billing.routines.models import BillingRoutine
from services.billing.terms.models import PaymentTerms
from services.billing.tolerances.models import ToleranceSetting

__all__ = [
    "Account",
    "AccountBalance",
    "Adjustment",
    "AdjustmentRate",
    "AdvanceUse",
    "Allocation",
    "Billable",
    "BillingRoutine",
    "Company",
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteRate",
    "Debit",
    "DebitPart",
    "Dispute",
    "DueChange",
    "Fee",
    "Invoice",
    "InvoiceLine",
    "InvoiceRate",
    "Item",
    "JournalEntry",
    "Logo",
    "Notice",
    "NumberSeries",
    "Order",
    "Payment",
    "PaymentReversal",
    "PaymentTerms",
    "Receipt",
    "Refund",
    "RefusedRemedy",
    "ToleranceSetting",
]

"""All tables of billing."""

from services.billing.accounts.models import Account
from services.billing.addressees.models import Addressee, Contact, FormerAddressee
from services.billing.adjustments.models import Adjustment, AdjustmentRate
from services.billing.advances.models import AdvanceUse
from services.billing.allocations.models import Allocation
from services.billing.billables.models import Billable
from services.billing.billing_runs.models import BillingRun
from services.billing.bills.models import Bill
from services.billing.charges.models import Charge, ChargeChange, ChargePart, ChargeUsage
from services.billing.company.models import Company, FormerCompany, Logo
from services.billing.credits.models import CreditNote, CreditNoteLine, CreditNoteRate
from services.billing.debits.models import Debit, DebitPart
from services.billing.deposits.models import Deposit
from services.billing.disputes.models import Dispute
from services.billing.documents.models import Document, DocumentCopy
from services.billing.fees.models import Fee
from services.billing.invoices.models import Invoice, InvoiceLine, InvoiceRate
from services.billing.items.models import AccountBalance, Item
from services.billing.ledger.models import JournalEntry
from services.billing.notices.models import Notice
from services.billing.numbers.models import NumberSeries
from services.billing.order_billables.models import OrderBillable
from services.billing.order_bills.models import OrderBill
from services.billing.order_numbers.models import OrderNumber
from services.billing.orders.models import Order
from services.billing.payments.models import Payment
from services.billing.receipts.models import Receipt
from services.billing.refunds.models import Refund
from services.billing.remedies.models import RefusedRemedy
from services.billing.reschedules.models import DueChange
from services.billing.returns.models import AcceptedReturn, ReturnedLine
from services.billing.reversals.models import PaymentReversal
from services.billing.routines.models import BillingRoutine
from services.billing.shipments.models import ShippedLine
from services.billing.statement_runs.models import RunStatement, StatementRun
from services.billing.suspensions.models import Suspension
from services.billing.terms.models import PaymentTerms
from services.billing.tolerances.models import ToleranceSetting

__all__ = [
    "AcceptedReturn",
    "Account",
    "AccountBalance",
    "Addressee",
    "Adjustment",
    "AdjustmentRate",
    "AdvanceUse",
    "Allocation",
    "Bill",
    "Billable",
    "BillingRoutine",
    "BillingRun",
    "Charge",
    "ChargeChange",
    "ChargePart",
    "ChargeUsage",
    "Company",
    "Contact",
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteRate",
    "Debit",
    "DebitPart",
    "Deposit",
    "Dispute",
    "Document",
    "DocumentCopy",
    "DueChange",
    "Fee",
    "FormerAddressee",
    "FormerCompany",
    "Invoice",
    "InvoiceLine",
    "InvoiceRate",
    "Item",
    "JournalEntry",
    "Logo",
    "Notice",
    "NumberSeries",
    "Order",
    "OrderBill",
    "OrderBillable",
    "OrderNumber",
    "Payment",
    "PaymentReversal",
    "PaymentTerms",
    "Receipt",
    "Refund",
    "RefusedRemedy",
    "ReturnedLine",
    "RunStatement",
    "ShippedLine",
    "StatementRun",
    "Suspension",
    "ToleranceSetting",
]

"""The billing service."""

from chassis.service import service
from services.billing.accounts.entrypoints import Accounts
from services.billing.addressees.entrypoints import Addressees
from services.billing.adjustments.entrypoints import Adjustments
from services.billing.allocations.entrypoints import Allocations
from services.billing.batches.entrypoints import Batches
from services.billing.billables.entrypoints import Billables
from services.billing.billing_runs.entrypoints import BillingRuns
from services.billing.charges.entrypoints import Charges
from services.billing.closings.entrypoints import Closings
from services.billing.company.entrypoints import TheCompany
from services.billing.credit_batches.entrypoints import CreditBatches
from services.billing.credit_voids.entrypoints import CreditVoids
from services.billing.credits.entrypoints import Credits
from services.billing.debit_notes.entrypoints import DebitNotes
from services.billing.debits.entrypoints import Debits
from services.billing.deposits.entrypoints import Deposits
from services.billing.disputes.entrypoints import Disputes
from services.billing.documents.entrypoints import Documents
from services.billing.documents.settings import copies_per_day
from services.billing.drafts.entrypoints import Drafts
from services.billing.fees.entrypoints import Fees
from services.billing.invoices.entrypoints import Invoices
from services.billing.items.entrypoints import Items
from services.billing.journals.entrypoints import Journals
from services.billing.new_charges.entrypoints import NewCharges
from services.billing.notices.entrypoints import Notices
from services.billing.order_billables.entrypoints import OrderBillables
from services.billing.order_billing.entrypoints import OrderBilling
from services.billing.order_bills.entrypoints import OrderBills
from services.billing.order_numbers.entrypoints import OrderNumbers
from services.billing.orders.entrypoints import Orders
from services.billing.overpayments.entrypoints import Overpayments
from services.billing.payments.entrypoints import Payments
from services.billing.receipts.entrypoints import Receipts
from services.billing.receiving.entrypoints import Receiving
from services.billing.reconciliation.entrypoints import Reconciliation
from services.billing.recording.entrypoints import Recording
from services.billing.refunds.entrypoints import Refunds
from services.billing.remedies.entrypoints import Remedies
from services.billing.reports.entrypoints import Reports
from services.billing.reschedules.entrypoints import Reschedules
from services.billing.resting.entrypoints import Resting
from services.billing.returns.entrypoints import Returns
from services.billing.reversals.entrypoints import Reversals
from services.billing.routines.entrypoints import Routines
from services.billing.shipments.entrypoints import Shipments
from services.billing.statement_runs.entrypoints import StatementRuns
from services.billing.statements.entrypoints import Statements
from services.billing.take_offs.entrypoints import TakeOffs
from services.billing.tax_report.entrypoints import TaxReport
from services.billing.terms.entrypoints import PaymentTerms
from services.billing.tolerances.entrypoints import Tolerances
from services.billing.unapplied.entrypoints import Unapplied
from services.billing.usage.entrypoints import Usage
from services.billing.voids.entrypoints import Voids
from stationery.mail.settings import mail_settings


@service("billing", settings=[mail_settings, copies_per_day])
class Billing(
    Accounts,
    Addressees,
    TheCompany,
    OrderBills,
    Orders,
    OrderBillables,
    OrderNumbers,
    PaymentTerms,
    Tolerances,
    Routines,
    Notices,
    Billables,
    Items,
    Invoices,
    Drafts,
    Batches,
    BillingRuns,
    Shipments,
    Deposits,
    Voids,
    NewCharges,
    Charges,
    Usage,
    Recording,
    Resting,
    DebitNotes,
    Reschedules,
    Allocations,
    Credits,
    CreditBatches,
    CreditVoids,
    Disputes,
    Fees,
    Adjustments,
    Payments,
    Receiving,
    Receipts,
    Overpayments,
    Reversals,
    Debits,
    Refunds,
    Remedies,
    Returns,
    OrderBilling,
    TakeOffs,
    Unapplied,
    Closings,
    Documents,
    Journals,
    Reports,
    TaxReport,
    Reconciliation,
    Statements,
    StatementRuns,
):
    """What clients owe and what they paid."""

"""The billing service."""

from chassis.service import service
from services.billing.accounts.entrypoints import Accounts
from services.billing.adjustments.entrypoints import Adjustments
from services.billing.allocations.entrypoints import Allocations
from services.billing.batches.entrypoints import Batches
from services.billing.closings.entrypoints import Closings
from services.billing.credits.entrypoints import Credits
from services.billing.debits.entrypoints import Debits
from services.billing.fees.entrypoints import Fees
from services.billing.invoices.entrypoints import Invoices
from services.billing.issuing.entrypoints import Issuing
from services.billing.items.entrypoints import Items
from services.billing.journals.entrypoints import Journals
from services.billing.orders.entrypoints import Orders
from services.billing.payments.entrypoints import Payments
from services.billing.receiving.entrypoints import Receiving
from services.billing.reconciliation.entrypoints import Reconciliation
from services.billing.refunds.entrypoints import Refunds
from services.billing.reports.entrypoints import Reports
from services.billing.reversals.entrypoints import Reversals
from services.billing.shipments.entrypoints import Shipments
from services.billing.voids.entrypoints import Voids


@service("billing")
class Billing(
    Accounts,
    Orders,
    Items,
    Invoices,
    Issuing,
    Batches,
    Shipments,
    Voids,
    Allocations,
    Credits,
    Fees,
    Adjustments,
    Payments,
    Receiving,
    Reversals,
    Debits,
    Refunds,
    Closings,
    Journals,
    Reports,
    Reconciliation,
):
    """What clients owe and what they paid."""

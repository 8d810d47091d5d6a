"""The sales service."""

from chassis.service import service
from services.sales.accounts.entrypoints import Accounts
from services.sales.amendments.entrypoints import Amendments
from services.sales.billed_too_much.entrypoints import BilledTooMuch
from services.sales.closings.entrypoints import Closings
from services.sales.company.entrypoints import TheCompany
from services.sales.confirming.entrypoints import Confirming
from services.sales.count_plans.entrypoints import CountPlans
from services.sales.count_settings.entrypoints import TheCountSettings
from services.sales.counts.entrypoints import Counts
from services.sales.credit_terms.entrypoints import CreditTerms
from services.sales.deliveries.entrypoints import Deliveries
from services.sales.delivery_notes.entrypoints import DeliveryNotes
from services.sales.dispatches.entrypoints import Dispatches
from services.sales.drafting.entrypoints import Drafting
from services.sales.inventory_reports.entrypoints import InventoryReports
from services.sales.invoices.entrypoints import Invoices
from services.sales.items.entrypoints import Items
from services.sales.late_shipments.entrypoints import LateShipments
from services.sales.on_hand.entrypoints import OnHand
from services.sales.order_batches.entrypoints import OrderBatches
from services.sales.order_bills.entrypoints import OrderBills
from services.sales.order_copies.entrypoints import OrderCopies
from services.sales.order_exceptions.entrypoints import OrderExceptions
from services.sales.order_money.entrypoints import OrderMoney
from services.sales.order_settling.entrypoints import OrderSettling
from services.sales.order_versions.entrypoints import OrderVersions
from services.sales.orders.entrypoints import Orders
from services.sales.overrides.entrypoints import Overrides
from services.sales.places.entrypoints import Places
from services.sales.product_batches.entrypoints import ProductBatches
from services.sales.products.entrypoints import Products
from services.sales.promises.entrypoints import Promises
from services.sales.reorders.entrypoints import Reorders
from services.sales.reservations.entrypoints import Reservations
from services.sales.return_answers.entrypoints import ReturnAnswers
from services.sales.return_batches.entrypoints import ReturnBatches
from services.sales.return_causes.entrypoints import ReturnCauses
from services.sales.return_credits.entrypoints import ReturnCredits
from services.sales.return_parts.entrypoints import ReturnParts
from services.sales.return_reviews.entrypoints import ReturnReviews
from services.sales.return_settings.entrypoints import TheReturnSettings
from services.sales.returns.entrypoints import Returns
from services.sales.sales_reports.entrypoints import SalesReports
from services.sales.shipment_batches.entrypoints import ShipmentBatches
from services.sales.shipments.entrypoints import Shipments
from services.sales.standings.entrypoints import Standings
from services.sales.stock_moves.entrypoints import StockMoves
from services.sales.stock_periods.entrypoints import StockPeriods
from services.sales.stops.entrypoints import Stops
from services.sales.tolerances.entrypoints import ShipmentTolerances


@service("sales")
class Sales(
    Accounts,
    TheCompany,
    Items,
    CreditTerms,
    Products,
    ProductBatches,
    Overrides,
    Places,
    StockPeriods,
    Reservations,
    StockMoves,
    OnHand,
    Reorders,
    TheCountSettings,
    Counts,
    CountPlans,
    InventoryReports,
    OrderBills,
    OrderExceptions,
    Orders,
    Drafting,
    Confirming,
    OrderMoney,
    BilledTooMuch,
    OrderVersions,
    Amendments,
    OrderCopies,
    ShipmentTolerances,
    Standings,
    Stops,
    Shipments,
    Promises,
    Dispatches,
    ShipmentBatches,
    OrderBatches,
    LateShipments,
    Deliveries,
    DeliveryNotes,
    Invoices,
    TheReturnSettings,
    Returns,
    ReturnParts,
    ReturnCredits,
    ReturnAnswers,
    ReturnCauses,
    ReturnReviews,
    ReturnBatches,
    SalesReports,
    OrderSettling,
    Closings,
):
    """What accounts buy: products, orders and shipments."""

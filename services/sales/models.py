"""All tables of sales, for migrations."""

from services.sales.accounts.models import Account, AccountBalance, Contact, CreditHold
from services.sales.billed.models import (
    BilledInvoice,
    BilledLine,
    LineCredit,
    LineReturn,
    VoidCredit,
)
from services.sales.company.models import Company, Logo
from services.sales.count_plans.models import CountPlan
from services.sales.count_settings.models import CountSetting
from services.sales.counts.models import CountEntry, CountLine, StockCount
from services.sales.credit_terms.models import CreditTerms, DefaultCreditTerms
from services.sales.inventory_reports.models import (
    InventoryCorrection,
    InventoryLine,
    InventoryReport,
)
from services.sales.invoices.models import BilledShipment, OrderCredit, OrderInvoice
from services.sales.items.models import OpenItem
from services.sales.late_shipments.models import LateShipment, PromiseSettings
from services.sales.levels.models import StockLevel
from services.sales.order_bills.models import OrderBill, OrderBillLine
from services.sales.order_exceptions.models import OrderException, OrderExceptionLine
from services.sales.order_versions.models import OrderVersion
from services.sales.orders.models import Order, OrderLine
from services.sales.overrides.models import CreditOverride
from services.sales.places.models import Place
from services.sales.products.models import Product
from services.sales.promises.models import PromiseMove
from services.sales.reorders.models import ReorderLevel
from services.sales.reservations.models import StockReservation, StockSetting
from services.sales.return_causes.models import RefusedRemedy
from services.sales.return_credits.models import ReturnAnswer, ReturnCreditNote
from services.sales.return_parts.models import ReturnPart, ReturnPartLine
from services.sales.return_settings.models import ReturnSetting
from services.sales.returns.models import Return, ReturnLine, ReturnStep
from services.sales.shipments.models import Shipment, ShipmentLine
from services.sales.stock.models import StockMonth, StockMove
from services.sales.stock_periods.models import StockPeriod
from services.sales.stops.models import OrderStop
from services.sales.tolerances.models import AccountTolerance, ProductTolerance

__all__ = [
    "Account",
    "AccountBalance",
    "AccountTolerance",
    "BilledInvoice",
    "BilledLine",
    "BilledShipment",
    "Company",
    "Contact",
    "CountEntry",
    "CountLine",
    "CountPlan",
    "CountSetting",
    "CreditHold",
    "CreditOverride",
    "CreditTerms",
    "DefaultCreditTerms",
    "InventoryCorrection",
    "InventoryLine",
    "InventoryReport",
    "LateShipment",
    "LineCredit",
    "LineReturn",
    "Logo",
    "OpenItem",
    "Order",
    "OrderBill",
    "OrderBillLine",
    "OrderCredit",
    "OrderException",
    "OrderExceptionLine",
    "OrderInvoice",
    "OrderLine",
    "OrderStop",
    "OrderVersion",
    "Place",
    "Product",
    "ProductTolerance",
    "PromiseMove",
    "PromiseSettings",
    "RefusedRemedy",
    "ReorderLevel",
    "Return",
    "ReturnAnswer",
    "ReturnCreditNote",
    "ReturnLine",
    "ReturnPart",
    "ReturnPartLine",
    "ReturnSetting",
    "ReturnStep",
    "Shipment",
    "ShipmentLine",
    "StockCount",
    "StockLevel",
    "StockMonth",
    "StockMove",
    "StockPeriod",
    "StockReservation",
    "StockSetting",
    "VoidCredit",
]

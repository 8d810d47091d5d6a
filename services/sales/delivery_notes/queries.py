"""Reading what a pick list or a delivery note says."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from services.sales.accounts.queries import fetch_account
from services.sales.company.queries import find_company
from services.sales.orders.models import Order
from services.sales.products.models import Product
from services.sales.shipment_paper.rules import Facts, PaperLine
from services.sales.shipments.models import Shipment
from services.sales.shipments.rules import PLANNED
from stationery.senders import sending_address


def read_facts(session: Session, *, shipment_id: str, name: str, email: str) -> Facts:
    """What is known of a shipment now: its goods, where they go, what of its order is still to come.
    Before anybody said who we are, it is from `name`."""
    shipment = fetch(session, Shipment, shipment_id)
    order = fetch(session, Order, shipment.order_id)
    account = fetch_account(session, shipment.account_id)
    company = find_company(session)
    ours = sending_address(company.addresses) if company is not None else None
    units = _units(session, {line.product_id for line in order.lines})
    waits = shipment.status in PLANNED
    own = {line.line_id: line.quantity for line in shipment.lines} if waits else {}
    rest = [
        (line, line.quantities.to_ship - own.get(line.line_id, Decimal(0))) for line in order.lines
    ]
    return Facts(
        shipment_id=shipment_id,
        number=shipment.number,
        shipped_on=shipment.shipped_on,
        order_number=order.number,
        client_order_number=order.reference,
        account_number=account.number,
        account_name=account.name or account.number,
        language=account.language or "en",
        address=order.delivery_address,
        contact=order.delivery_contact,
        sender=company.legal_name if company is not None else name,
        sender_lines=ours["lines"] if ours is not None else (),
        sender_country=ours["country"] if ours is not None else None,
        sender_email=(company.email_from if company is not None else None) or email,
        logo_file_id=company.logo_file_id if company is not None else None,
        lines=[
            PaperLine(
                line.order_line.sku,
                line.order_line.description,
                line.quantity,
                units[line.order_line.product_id],
            )
            for line in shipment.lines
        ],
        to_come=[
            PaperLine(line.sku, line.description, many, units[line.product_id], line.promised_on)
            for line, many in rest
            if many > 0
        ],
    )


def _units(session: Session, product_ids: set[str]) -> dict[str, str]:
    found = session.execute(
        select(Product.product_id, Product.unit).where(Product.product_id.in_(product_ids))
    )
    return dict(found.all())

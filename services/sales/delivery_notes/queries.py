"""Reading what a pick list or a delivery note says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from services.sales.accounts.queries import fetch_account
from services.sales.company.queries import find_company
from services.sales.orders.models import Order, OrderLine
from services.sales.products.models import Product
from services.sales.shipment_paper.rules import Facts, PaperLine
from services.sales.shipments.models import Shipment
from services.sales.shipments.queries import read_rest
from services.sales.shipments.rules import PLANNED
from stationery.senders import sending_address


def read_facts(session: Session, *, shipment_id: str, name: str, email: str) -> Facts:
    """What is known of a shipment: its goods, where they go, what of its order is still to come, or was
    as it left. Before anybody said who we are, it is from `name`."""
    shipment = fetch(session, Shipment, shipment_id)
    order = fetch(session, Order, shipment.order_id)
    account = fetch_account(session, shipment.account_id)
    company = find_company(session)
    ours = sending_address(company.addresses) if company is not None else None
    units = _units(session, {line.product_id for line in order.lines})
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
            PaperLine(line.sku, line.description, many, units[line.product_id], promised_on)
            for line, many, promised_on in _rest(session, shipment, order)
        ],
    )


def _rest(
    session: Session, shipment: Shipment, order: Order
) -> Iterator[tuple[OrderLine, Decimal, date | None]]:
    """What is still to come, and by when: beside what is in a shipment that has not left, and of one that
    has, as it was then."""
    if shipment.status not in PLANNED:
        for rest, line in read_rest(session, shipment_id=shipment.shipment_id):
            yield line, rest.quantity, rest.promised_on
        return
    own = {line.line_id: line.quantity for line in shipment.lines}
    for line in order.lines:
        many = line.quantities.to_ship - own.get(line.line_id, Decimal(0))
        if many > 0:
            yield line, many, line.promised_on


def _units(session: Session, product_ids: set[str]) -> dict[str, str]:
    found = session.execute(
        select(Product.product_id, Product.unit).where(Product.product_id.in_(product_ids))
    )
    return dict(found.all())

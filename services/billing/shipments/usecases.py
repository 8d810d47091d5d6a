"""Bill what was shipped, many shipments in a number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.bulk import Rows, insert_new_rows
from kernel.ids import new_ids
from services.billing.accounts.rules import account_not_found, require_decided
from services.billing.accounts.usecases import Billed
from services.billing.advances.queries import find_order_advances
from services.billing.advances.rules import AccountOrder
from services.billing.advances.usecases import lock_orders, record_uses
from services.billing.billables.usecases import add_billables
from services.billing.company.queries import find_rounding
from services.billing.issuing.usecases import issue_new
from services.billing.orders.usecases import keep_orders
from services.billing.pricing.rules import Priced, price, require_amount
from services.billing.routines.queries import find_agreements
from services.billing.routines.rules import Agreement
from services.billing.shipments.models import ShippedLine
from services.billing.shipments.queries import find_shipped
from services.billing.shipments.rules import (
    Goods,
    GoodsInvoice,
    Row,
    first_of_each,
    invoice_goods,
    is_billed_later,
    is_billed_with_it,
    to_bill,
)


def bill_shipments(
    session: Session, shipments: Rows, *, today: date, now: datetime, by: str
) -> None:
    """Bill what was shipped, once for each shipment, as if one came after the other: by an invoice, less
    what was billed ahead; or with what else is sent in the month, where that is agreed, the order is not
    billed apart and nothing of it is billed ahead. Whoever pays is billed, as is agreed with them. What
    is billed on order is not billed with its shipments."""
    billed = _lock_all(session, shipments)
    payers = {each.payer.account_id: each.payer for each in billed.values()}
    known = find_shipped(session, shipment_ids={one["shipment_id"] for one in shipments})
    new = first_of_each(shipments, known=known)
    _keep_lines(session, new, now=now)
    rounding = find_rounding(session)
    priced = [(one, price(one["lines"], rounding=rounding)) for one in new]
    asked = [pair for pair in priced if is_billed_with_it(pair[1], bills_on=pair[0]["bills_on"])]
    if not asked:
        return
    later: list[Row] = []
    invoices: list[GoodsInvoice] = []
    agreements = find_agreements(session, accounts=payers.values())
    invoice_ids = iter(new_ids("inv", len(asked)))
    for one, goods in _find_goods(session, asked, billed, agreements):
        if _is_later(one, goods, billed[one["account_id"]]):
            names = {**goods.names, "account_id": one["account_id"]}
            del names["for_account_id"]
            waiting = to_bill(one["shipment_id"], goods.priced, one["shipped_on"] or today)
            later += [{**names, **row} for row in waiting]
        else:
            invoices.append(invoice_goods(next(invoice_ids), goods, today=today))
    add_billables(session, later, now=now, by=by)
    issue_goods(session, invoices, now=now, by=by)


def issue_goods(
    session: Session, invoices: Sequence[GoodsInvoice], *, now: datetime, by: str
) -> dict[str, str]:
    """Issue invoices of goods and record what was taken off them; their numbers by id. The balances are
    locked, of whoever was billed ahead, too."""
    if not invoices:
        return {}
    numbers = issue_new(session, new=[each.new for each in invoices], now=now, by=by)
    uses = [
        (
            {
                "account_id": new.demand.account_id,
                "invoice_id": new.invoice_id,
                "credit_note_id": None,
            },
            parts,
        )
        for new, parts in invoices
    ]
    record_uses(session, uses=uses, now=now)
    return numbers


def _lock_all(session: Session, shipments: Rows) -> dict[str, Billed]:
    """Keep the orders, as others do before they lock who is billed, and lock those; who is billed, by the
    account. NotKnownYet where there is no copy of one."""
    _keep_orders(session, shipments)
    billed = lock_orders(session, orders={_order_of(one) for one in shipments})
    for one in shipments:
        if one["account_id"] not in billed:
            raise account_not_found(one["account_id"])
    return billed


def _keep_orders(session: Session, shipments: Rows) -> None:
    """Know the orders by what was shipped of them, as was said of each last, unless sales told of
    them."""
    orders = {
        one["order_id"]: {
            "order_id": one["order_id"],
            "account_id": one["account_id"],
            "number": one["order_number"],
            "version": 0,
            "currency": one["currency"],
        }
        for one in shipments
    }
    keep_orders(session, list(orders.values()))


def _find_goods(
    session: Session,
    asked: Collection[tuple[Row, Priced]],
    billed: Mapping[str, Billed],
    agreements: Mapping[str, Agreement],
) -> Iterator[tuple[Row, Goods]]:
    """What is to be billed of shipments, in their order."""
    advances = find_order_advances(session, orders={_order_of(one) for one, _ in asked})
    same = ("shipment_id", "order_id", "client_order_number", "currency")
    for one, priced in asked:
        require_amount(priced)
        to = billed[one["account_id"]]
        for each in (to.account, to.payer):
            require_decided(number=each.number, status=each.status)
        names = {**{name: one[name] for name in same}, **to.names}
        agreement = agreements[to.payer.account_id]
        yield one, Goods(names, priced, advances[_order_of(one)], agreement)


def _is_later(shipment: Row, goods: Goods, billed: Billed) -> bool:
    return is_billed_later(
        bills=goods.agreement.bills,
        is_billed_apart=shipment["is_billed_apart"],
        statuses={billed.account.status, billed.payer.status},
        ahead=sum(each.left.total for each in goods.advances),
    )


def _order_of(shipment: Row) -> AccountOrder:
    return AccountOrder(*(shipment[name] for name in AccountOrder._fields))


def _keep_lines(session: Session, shipments: Rows, *, now: datetime) -> None:
    """Keep what was shipped, once for each shipment."""
    rows = [
        {
            "account_id": one["account_id"],
            "shipment_id": one["shipment_id"],
            "order_id": one["order_id"],
            "shipment_number": one["number"],
            "position": position,
            "order_line_id": line.get("order_line_id"),
            "description": line["description"],
            "quantity": line["quantity"],
            "unit_price": line["unit_price"],
            "recorded_at": now,
        }
        for one in shipments
        for position, line in enumerate(one["lines"], start=1)
    ]
    insert_new_rows(session, ShippedLine, rows)

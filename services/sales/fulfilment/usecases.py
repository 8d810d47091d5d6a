"""Note what has left of orders and what has come back, and by when the rest is promised; many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.bulk import columns
from services.sales.fulfilment import rules
from services.sales.fulfilment.rules import Sent
from services.sales.orders.models import Order, OrderLine
from services.sales.orders.rules import Action, require_move
from services.sales.orders.usecases import announce_if_completed

_CHANGE_LINES = select(OrderLine).from_statement(
    text("""
    UPDATE order_line SET shipped = told.shipped, cancelled = told.cancelled
    FROM unnest(
        CAST(:line_ids AS text[]), CAST(:shipped AS numeric[]), CAST(:cancelled AS numeric[])
    ) AS told (line_id, shipped, cancelled)
    WHERE order_line.line_id = told.line_id
    RETURNING order_line.*
    """)
)
_CHANGE_ORDERS = select(Order).from_statement(
    text("""
    UPDATE "order"
    SET version = "order".version + 1,
        status = told.status,
        open_gross = told.open_gross,
        not_invoiced = "order".not_invoiced + told.sent
    FROM unnest(
        CAST(:order_ids AS text[]), CAST(:statuses AS text[]),
        CAST(:open AS bigint[]), CAST(:sent AS bigint[])
    ) AS told (order_id, status, open_gross, sent)
    WHERE "order".order_id = told.order_id
    RETURNING "order".*
    """)
)
_TAKE_BACK = select(OrderLine).from_statement(
    text("""
    UPDATE order_line SET returned = told.returned
    FROM unnest(CAST(:line_ids AS text[]), CAST(:returned AS numeric[])) AS told (line_id, returned)
    WHERE order_line.line_id = told.line_id
    RETURNING order_line.*
    """)
)
_PROMISE_LINES = select(OrderLine).from_statement(
    text("""
    UPDATE order_line SET promised_on = told.promised_on
    FROM unnest(CAST(:line_ids AS text[]), CAST(:days AS date[])) AS told (line_id, promised_on)
    WHERE order_line.line_id = told.line_id
    RETURNING order_line.*
    """)
)
_CHANGED = {"populate_existing": True}


class Leaving(NamedTuple):
    """What leaves of one order: all its lines, what is sent by line id, and its value, which is to be
    invoiced, gross in minor units."""

    order: Order
    lines: Sequence[OrderLine]
    sent: Mapping[str, Sent]
    gross: int


def record_shipped(session: Session, leaving: Sequence[Leaving]) -> dict[str, Decimal]:
    """Note that something of these orders has left; what is still open of the lines of which it did, by
    line id. The caller has locked the orders, names each once and announces the shipments first."""
    before = {line.line_id: line.quantities for one in leaving for line in one.lines}
    after = {
        line_id: rules.send(before[line_id], sent)
        for one in leaving
        for line_id, sent in one.sent.items()
    }
    counted = [(line_id, each.shipped, each.cancelled) for line_id, each in after.items()]
    told = columns(counted, "line_ids", "shipped", "cancelled")
    session.scalars(_CHANGE_LINES, told, execution_options=_CHANGED).all()
    _stand(session, [(one.order, one.lines, one.gross) for one in leaving])
    return rules.find_short(before, after)


def record_returned(
    session: Session,
    orders: Sequence[tuple[Order, Sequence[OrderLine]]],
    quantities: Mapping[str, Decimal],
) -> None:
    """Note that so much of return lines, by line id, has come back of these orders. The caller has locked
    the orders, and names each once with all its lines."""
    lines = [line for _, of_one in orders for line in of_one if line.line_id in quantities]
    for order, _ in orders:
        require_move(Action.TAKE_BACK, status=order.status, number=order.number)
    back = [
        (line.line_id, line.quantities.take_back(quantities[line.line_id]).returned)
        for line in lines
    ]
    told = columns(back, "line_ids", "returned")
    session.scalars(_TAKE_BACK, told, execution_options=_CHANGED).all()
    _stand(session, [(order, of_one, 0) for order, of_one in orders])


def _stand(session: Session, counted: Sequence[tuple[Order, Sequence[OrderLine], int]]) -> None:
    """Let orders stand as their lines do now, with so much more of each to be invoiced; what is complete
    is told."""
    stood = []
    for order, lines, sent in counted:
        standing = rules.stand(
            [line.quantities for line in lines],
            [line.part(line.quantities.to_ship) for line in lines],
        )
        stood.append((order.order_id, standing.status, standing.open_gross, sent))
    told = columns(stood, "order_ids", "statuses", "open", "sent")
    session.scalars(_CHANGE_ORDERS, told, execution_options=_CHANGED).all()
    for order, _, _ in counted:
        announce_if_completed(session, order)


def promise_lines(session: Session, days: Mapping[str, date]) -> None:
    """Note by when lines, whose orders the caller has locked, are promised now. Without a new version of
    the order: what was agreed has not changed."""
    told = columns(list(days.items()), "line_ids", "days")
    session.scalars(_PROMISE_LINES, told, execution_options=_CHANGED).all()

"""Have goods kept for shipments, let them go, and let them leave; many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from kernel.refusals import Refusal
from services.sales.goods import rules
from services.sales.goods.rules import Need, Shelf, Stock, Wanted
from services.sales.levels.queries import find_stocked
from services.sales.levels.usecases import lock_levels
from services.sales.reservations.queries import find_kept, get_settings
from services.sales.reservations.rules import ReservesAt, Want
from services.sales.reservations.usecases import (
    keep_at_most,
    release,
    reserve,
    use,
)
from services.sales.stock.rules import MoveKind, NewMove
from services.sales.stock.usecases import let_move
from services.sales.stock_periods.queries import find_closed_to
from services.sales.stock_periods.rules import require_open


class Leaves(NamedTuple):
    """What leaves of a line with a shipment."""

    shipment_id: str
    line_id: str
    product_id: str
    quantity: Decimal
    moved_on: date


def secure(
    session: Session,
    needs: Sequence[Need],
    lines: Mapping[str, Wanted],
    *,
    secured: Mapping[str, Decimal],
    now: datetime,
) -> dict[int, Refusal]:
    """Have the goods of shipments kept, each all or nothing; by their place, why it is refused
    (`out_of_stock`). `secured` is what shipments have of the lines by now. What leaves at once
    (`let_leave`) need not be kept: nobody else takes of it meanwhile."""
    if not needs:
        return {}
    stock = _find_stock(session, {line_id: line.product_id for line_id, line in lines.items()})
    shares = rules.share_out(needs, secured, stock)
    if stock.free:
        _reserve(session, shares.find_staying(needs), lines, now=now)
    return {
        place: rules.out_of_stock(lines[short.line_id], short)
        for place, short in shares.short.items()
    }


def open_shelf(session: Session, product_ids: Collection[str]) -> Shelf:
    """What is free of products, for lines that are not stored yet; nobody else takes of it until the
    transaction ends."""
    levels = lock_levels(session, product_ids=product_ids)
    return Shelf(
        Stock({level.product_id: level.available for level in levels.values()}, {}, {}), {}
    )


def _find_stock(session: Session, products: Mapping[str, str]) -> Stock:
    levels = lock_levels(session, product_ids={*products.values()})
    kept = find_kept(session, line_ids=products)
    free = {level.product_id: level.available for level in levels.values()}
    return Stock(free, {line_id: one.reserved for line_id, one in kept.items()}, products)


def let_go(
    session: Session,
    lines: Mapping[str, Wanted],
    *,
    secured: Mapping[str, Decimal],
    now: datetime,
) -> None:
    """Give up what shipments do not need of these lines any more: they have so much by now."""
    left = {line_id: secured.get(line_id, Decimal(0)) for line_id in lines}
    _reserve(session, left, lines, now=now)


def let_leave(
    session: Session,
    leaving: Sequence[Leaves],
    *,
    rest: Mapping[str, Decimal],
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Take off stock what leaves; of its lines no more is kept than the rest that is to leave."""
    gone: dict[str, Decimal] = {}
    for one in leaving:
        gone[one.line_id] = gone.get(one.line_id, Decimal(0)) + one.quantity
    moves = [
        NewMove(
            product_id=one.product_id,
            quantity=-one.quantity,
            kind=MoveKind.SHIPMENT,
            moved_on=one.moved_on,
            key=f"{one.shipment_id}:{one.line_id}",
            about=one.shipment_id,
        )
        for one in leaving
    ]
    spares = use(session, gone)
    let_move(session, moves, today=today, now=now, by=by, spares=spares)
    keep_at_most(session, rest)


class Opening:
    """Which days goods may leave on: of what is kept in stock, none in a closed period."""

    def __init__(
        self, session: Session, product_ids: Collection[str], *, days: Iterable[date], today: date
    ) -> None:
        is_asked = any(day < today for day in days)
        self._stocked = {*find_stocked(session, product_ids=product_ids)} if is_asked else set()
        self._closed_to = find_closed_to(session) if self._stocked else None

    def require(self, day: date, *, product_ids: Collection[str]) -> None:
        """Refuse (`period_closed`) a day on which none of these products can leave any more."""
        if self._stocked & {*product_ids}:
            require_open(day, closed_to=self._closed_to, field="shipped_on")


def _reserve(
    session: Session,
    quantities: Mapping[str, Decimal],
    lines: Mapping[str, Wanted],
    *,
    now: datetime,
) -> None:
    """Have so much kept of lines in all, or more where orders have their goods from their confirmation
    on: of that no more than is open."""
    if not quantities:
        return
    kept = find_kept(session, line_ids=quantities)
    is_early = bool(kept) and get_settings(session).reserves_at == ReservesAt.CONFIRMATION
    wants, given_up = [], []
    for line_id, many in quantities.items():
        before = Decimal(0)
        if is_early and line_id in kept:
            before = min(kept[line_id].quantity, lines[line_id].open)
        if max(many, before):
            line = lines[line_id]
            of = (line.account_id, line.order_id, line.product_id)
            wants.append(Want(line_id, *of, max(many, before), line.promised_on))
        elif line_id in kept:
            given_up.append(line_id)
    if given_up:
        release(session, given_up)
    reserve(session, wants, now=now)

"""What people do with goods by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import each_apart, each_by_itself, tell_refusal
from chassis.database import fetch
from kernel.ids import new_id
from kernel.refusals import Conflict, Refusal
from services.sales.places.queries import find_places
from services.sales.places.rules import require_known
from services.sales.products.models import Product
from services.sales.products.queries import find_products
from services.sales.stock import usecases as stock
from services.sales.stock.models import StockMove
from services.sales.stock.queries import find_moves
from services.sales.stock.rules import NewMove, require_come, require_currency
from services.sales.stock_moves import rules
from services.sales.stock_periods.queries import find_closed_to
from services.sales.stock_periods.rules import require_open

Said = Mapping[str, Any]
Products = Mapping[tuple[str, str], Product]


def receive_goods(
    session: Session,
    *,
    receipts: Sequence[Said | Refusal],
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Take goods in, of many products at once. Each is received or refused by itself; what was received
    under its reference before is left as it is, and anything else under that is refused."""
    meant = _read_receipts(session, receipts, today=today)
    moves = {place: one for place, one in enumerate(meant) if not isinstance(one, Refusal)}
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}

    def record(places: Sequence[int]) -> None:
        stock.record_moves(session, [moves[place] for place in places], **moment)

    failed = each_apart(session, list(moves), record)
    known = find_moves(session, keys=[move.key for move in moves.values()]) if moves else {}
    told = [failed.get(place, one) for place, one in enumerate(meant)]
    results = [{"index": index, **_tell(one, known)} for index, one in enumerate(told)]
    received = sum("move_id" in result for result in results)
    return {"received": received, "refused": len(results) - received, "results": results}


def scrap_goods(session: Session, *, today: date, now: datetime, by: str, **said: Any) -> StockMove:
    """Throw goods away, with a reason."""
    product = _pick(_find(session, [said]), said)
    move = rules.scrap(said, product, today=today, move_key=_new_key())
    [done] = stock.record_moves(session, [move], today=today, now=now, by=by)
    return done


def transfer_goods(
    session: Session,
    *,
    from_place_id: str | None,
    to_place_id: str | None,
    today: date,
    now: datetime,
    by: str,
    **said: Any,
) -> dict[str, Any]:
    """Move goods from one place to another: two moves, of one cause."""
    rules.require_another_place(from_place_id, to_place_id)
    product = _pick(_find(session, [said]), said)
    where = {"from_place_id": from_place_id, "to_place_id": to_place_id}
    places = find_places(session, place_ids={one for one in where.values() if one})
    for field, place_id in where.items():
        require_known([place_id] if place_id else [], known=places, field=field)
    moves = rules.transfer(said | where, product, today=today, transfer_id=new_id("trf"))
    return {"moves": stock.record_moves(session, moves, today=today, now=now, by=by)}


def plan_goods(
    session: Session, *, moves: Sequence[Said], now: datetime, by: str
) -> dict[str, Any]:
    """Plan moves, all or none."""
    products, places = _find(session, moves), _find_places(session, moves)
    closed_to = find_closed_to(session)
    meant = []
    for place, said in enumerate(moves):
        with rules.named_at(f"moves/{place}"):
            rules.require_costed_receipt(said["kind"], unit_cost=said["unit_cost"])
            product = _pick(products, said)
            move = rules.plan(said, product, move_key=_new_key())
            require_open(move.moved_on, closed_to=closed_to, field="planned_on")
            _require_possible(move, product, places)
            meant.append(move)
    return {"moves": stock.plan_moves(session, meant, now=now, by=by)}


def finish_move(
    session: Session,
    *,
    move_id: str,
    moved_on: date | None,
    today: date,
    now: datetime,
    by: str,
) -> StockMove:
    """Have a move that was planned by hand done."""
    key = _key_of(session, move_id)
    day = moved_on or today
    [move] = stock.finish_moves(session, [key], moved_on=day, today=today, now=now, by=by)
    return move


def cancel_move(session: Session, *, move_id: str, now: datetime, by: str) -> StockMove:
    """Give up a move that was planned by hand."""
    [move] = stock.cancel_moves(session, [_key_of(session, move_id)], now=now, by=by)
    return move


def _key_of(session: Session, move_id: str) -> str:
    move = fetch(session, StockMove, move_id)
    rules.require_by_hand(move_id, about=move.about)
    return move.key


def _read_receipts(
    session: Session, receipts: Sequence[Said | Refusal], *, today: date
) -> list[NewMove | Refusal]:
    """The move that each means, or why it cannot be."""
    told = [one for one in receipts if not isinstance(one, Refusal)]
    products = _find(session, told)
    places = _find_places(session, told)
    closed_to = find_closed_to(session)

    def read(said: Said) -> NewMove:
        product = _pick(products, said)
        move = rules.receipt(said, product, today=today, move_key=_new_key())
        require_come(move.moved_on, today=today)
        require_open(move.moved_on, closed_to=closed_to)
        _require_possible(move, product, places)
        return move

    return each_by_itself(session, receipts, read)


def _tell(one: NewMove | Refusal | Exception, known: Mapping[str, StockMove]) -> dict[str, Any]:
    if isinstance(one, NewMove):
        return _tell_received(one, known[one.key])
    if isinstance(one, Refusal):
        return tell_refusal(one)
    raise one


def _tell_received(move: NewMove, known: StockMove) -> dict[str, Any]:
    try:
        rules.require_same(move, known)
    except Conflict as refused:
        return tell_refusal(refused)
    return {"move_id": known.move_id}


def _find(session: Session, said: Sequence[Said]) -> Products:
    return find_products(
        session,
        product_ids={one["product_id"] for one in said if one["product_id"] is not None},
        skus={one["sku"] for one in said if one["sku"] is not None},
    )


def _find_places(session: Session, said: Sequence[Said]) -> Mapping[str, str]:
    return find_places(session, place_ids={one["place_id"] for one in said} - {None})


def _require_possible(move: NewMove, product: Product, places: Mapping[str, str]) -> None:
    require_known([move.place_id] if move.place_id else [], known=places)
    require_currency(move.currency, of_product=product.currency, sku=product.sku)


def _pick(products: Products, said: Said) -> Product:
    by = "sku" if said["product_id"] is None else "product_id"
    product = products.get((by, said[by]))
    if product is None:
        raise rules.product_not_found(said)
    rules.require_stocked(product)
    return product


def _new_key() -> str:
    return f"hand:{new_id('mov')}"

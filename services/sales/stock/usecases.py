"""Record, plan, finish and cancel moves, many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns, insert_rows
from chassis.outbox import announce
from kernel.ids import new_ids
from services.sales.levels.rules import Level
from services.sales.levels.usecases import lock_levels, write_levels
from services.sales.places.usecases import require_places
from services.sales.reservations.usecases import hand_out, take_back
from services.sales.stock import events, queries, rules
from services.sales.stock.models import StockMove
from services.sales.stock.rules import Action, Entry, Month, MoveStatus, NewMove
from services.sales.stock_periods.queries import find_closed_to
from services.sales.stock_periods.rules import require_open

_FINISH = text(
    """
    UPDATE stock_move AS move
    SET status = new.status, value = new.value, moved_on = :moved_on, done_at = :now, done_by = :by
    FROM unnest(CAST(:move_id AS text[]), CAST(:status AS text[]), CAST(:value AS bigint[]))
        AS new (move_id, status, value)
    WHERE move.move_id = new.move_id
    """
)
_CANCEL = text(
    """
    UPDATE stock_move AS move SET status = new.status, cancelled_at = :now, cancelled_by = :by
    FROM unnest(CAST(:move_id AS text[]), CAST(:status AS text[])) AS new (move_id, status)
    WHERE move.move_id = new.move_id
    """
)

_ADD_UP = text(
    """
    INSERT INTO stock_month (product_id, month, place_id, quantity, value)
    SELECT product_id, month, place_id, quantity, value
    FROM unnest(
        CAST(:product_id AS text[]), CAST(:month AS date[]), CAST(:place_id AS text[]),
        CAST(:quantity AS numeric[]), CAST(:value AS bigint[])
    ) AS new (product_id, month, place_id, quantity, value)
    ON CONFLICT (product_id, month, place_id) DO UPDATE SET
        quantity = stock_month.quantity + excluded.quantity, value = stock_month.value + excluded.value
    """
)


def record_moves(
    session: Session,
    moves: Sequence[NewMove],
    *,
    today: date,
    now: datetime,
    by: str,
    spares: Mapping[str, Decimal] | None = None,
) -> list[StockMove]:
    """Have moves done, all or none, each once for its key; those of products that are not kept in stock
    are passed over. The moves of these keys, as they are now.

    `spares` is what `reservations.use` gave, by product: it leaves what is reserved together with the
    goods. What comes in goes to the lines that wait for it. A count needs no spares: it takes what is
    reserved, too, from those whose turn is last.

    Refused: more than is on hand and not reserved (`out_of_stock`), days to come (`moved_in_future`)
    and in a closed period (`period_closed`), places that there are not, a cost in another currency."""
    keys = let_move(session, moves, today=today, now=now, by=by, spares=spares)
    return _moves_of(session, keys)


def let_move(
    session: Session,
    moves: Sequence[NewMove],
    *,
    today: date,
    now: datetime,
    by: str,
    spares: Mapping[str, Decimal] | None = None,
) -> list[str]:
    """As `record_moves`, for whoever does not look at the moves afterwards; their keys."""
    for move in moves:
        rules.require_come(move.moved_on, today=today)
    levels = lock_levels(session, product_ids={move.product_id for move in moves})
    stocked = rules.once(move for move in moves if move.product_id in levels)
    known = queries.find_moves(session, keys=[move.key for move in stocked]) if stocked else {}
    for key, one in known.items():
        rules.require_done(one.status, key=key)
    entries = _enter([move for move in stocked if move.key not in known])
    values = _carry_out(session, levels, entries, today=today, spares=spares)
    done = {"status": MoveStatus.DONE, "done_at": now, "done_by": by}
    insert_rows(
        session,
        StockMove,
        [_row(one, now=now, by=by) | done | {"value": values[one.move_id]} for one in entries],
    )
    return [move.key for move in stocked]


def plan_moves(
    session: Session, moves: Sequence[NewMove], *, now: datetime, by: str
) -> list[StockMove]:
    """Plan moves, each once for its key; those of products that are not kept in stock are passed over.
    Refused: days in a closed period, places that there are not, a cost in another currency."""
    levels = lock_levels(session, product_ids={move.product_id for move in moves})
    stocked = rules.once(move for move in moves if move.product_id in levels)
    known = queries.find_moves(session, keys=[move.key for move in stocked]) if stocked else {}
    entries = _enter([move for move in stocked if move.key not in known])
    moves = [one.move for one in entries]
    _require_open_days(session, moves)
    _require_possible(session, levels, moves)
    planned = {"status": MoveStatus.PLANNED}
    rows = [
        _row(one, now=now, by=by) | planned | {"planned_on": one.move.moved_on} for one in entries
    ]
    insert_rows(session, StockMove, rows)
    return _moves_of(session, [move.key for move in stocked])


def finish_moves(
    session: Session,
    keys: Collection[str],
    *,
    moved_on: date,
    today: date,
    now: datetime,
    by: str,
    spares: Mapping[str, Decimal] | None = None,
) -> list[StockMove]:
    """Have planned moves done on a day, all or none; refused as in `record_moves`, and what is done or
    cancelled (`move_done`, `move_cancelled`). Keys without a move, as those of products that are not kept
    in stock, are passed over."""
    rules.require_come(moved_on, today=today)
    levels, planned = _lock(session, keys)
    statuses = _statuses(planned, Action.FINISH)
    entries = [Entry(one.move_id, _as_new(one, moved_on=moved_on)) for one in planned]
    values = _carry_out(session, levels, entries, today=today, spares=spares)
    rows = [(move_id, status, values[move_id]) for move_id, status in statuses.items()]
    if rows:
        moment = {"moved_on": moved_on, "now": now, "by": by}
        session.execute(_FINISH, columns(rows, "move_id", "status", "value") | moment)
    return _moves_of(session, [one.key for one in planned])


def cancel_moves(
    session: Session, keys: Collection[str], *, now: datetime, by: str
) -> list[StockMove]:
    """Give up planned moves; refused as in `finish_moves`, whose keys these are."""
    _, planned = _lock(session, keys)
    rows = list(_statuses(planned, Action.CANCEL).items())
    if rows:
        session.execute(_CANCEL, columns(rows, "move_id", "status") | {"now": now, "by": by})
    return _moves_of(session, [one.key for one in planned])


def _carry_out(
    session: Session,
    levels: Mapping[str, Level],
    entries: Sequence[Entry],
    *,
    today: date,
    spares: Mapping[str, Decimal] | None,
) -> dict[str, int]:
    """Let moves change the levels, which the caller has locked, and tell of them; by move, what it is
    worth."""
    moves = [one.move for one in entries]
    # A day that is not over is in no closed period, and need not be looked for.
    _require_open_days(session, [move for move in moves if move.moved_on < today])
    codes = _require_possible(session, levels, moves)
    available = {product_id: level.available for product_id, level in levels.items()}
    is_counted = rules.counted(moves)
    for product_id, spare in (spares or {}).items():
        assert product_id not in is_counted, "a count takes what is reserved by itself"
        if product_id in levels:
            levels[product_id].reserved -= spare
    for product_id, net in rules.net_by_product(moves).items():
        levels[product_id].require_out(-net, is_counted=product_id in is_counted)
    _require_at_places(session, levels, moves, codes)
    values: dict[str, int] = {}
    versions: dict[str, int] = {}
    for move_id, move in entries:
        level = levels[move.product_id]
        values[move_id] = level.move(move.quantity, move.unit_cost)
        versions[move_id] = level.version
    take_back(session, levels.values())
    hand_out(session, [one for one in levels.values() if one.available > available[one.product_id]])
    write_levels(session, levels.values())
    _add_up(session, entries, values)
    for one in entries:
        _tell(session, one, levels[one.move.product_id], version=versions[one.move_id])
    return values


def _add_up(session: Session, entries: Sequence[Entry], values: Mapping[str, int]) -> None:
    rows = [(*month, *sums) for month, sums in rules.by_month(entries, values).items()]
    if rows:
        names = (*Month._fields, "quantity", "value")
        session.execute(_ADD_UP, columns(rows, *names))


def _tell(session: Session, entry: Entry, level: Level, *, version: int) -> None:
    move = entry.move
    announce(
        session,
        events.StockMoved,
        product_id=level.product_id,
        sku=level.sku,
        move_id=entry.move_id,
        kind=move.kind,
        quantity=move.quantity,
        unit=level.unit,
        moved_on=move.moved_on,
        caused_by=move.about,
        place_id=move.place_id,
        lot=move.lot,
        on_hand=level.on_hand,
        version=version,
    )


def _require_open_days(session: Session, moves: Sequence[NewMove]) -> None:
    closed_to = find_closed_to(session) if moves else None
    for move in moves:
        require_open(move.moved_on, closed_to=closed_to)


def _require_possible(
    session: Session, levels: Mapping[str, Level], moves: Sequence[NewMove]
) -> dict[str, str]:
    """Refuse unknown places and costs in another currency; the codes of the places, by id."""
    for move in moves:
        level = levels[move.product_id]
        rules.require_currency(move.currency, of_product=level.currency, sku=level.sku)
    return require_places(session, {move.place_id for move in moves if move.place_id is not None})


def _require_at_places(
    session: Session,
    levels: Mapping[str, Level],
    moves: Sequence[NewMove],
    codes: Mapping[str, str],
) -> None:
    leaving = rules.net_by_place(moves)
    there = queries.find_at_places(session, keys=leaving) if leaving else {}
    for (product_id, place_id), quantity in leaving.items():
        rules.require_at_place(
            quantity,
            there=there.get((product_id, place_id), Decimal(0)),
            sku=levels[product_id].sku,
            place="the one store" if place_id is None else codes[place_id],
        )


def _lock(session: Session, keys: Collection[str]) -> tuple[dict[str, Level], list[StockMove]]:
    """The moves of these keys, in the order of these, and the levels of their products, locked."""
    wanted = list(dict.fromkeys(keys))
    known = queries.find_moves(session, keys=wanted) if wanted else {}
    levels = lock_levels(session, product_ids={one.product_id for one in known.values()})
    known = queries.find_moves(session, keys=wanted) if known else {}  # as they are now
    return levels, [known[key] for key in wanted if key in known]


def _statuses(moves: Iterable[StockMove], action: Action) -> dict[str, MoveStatus]:
    return {
        one.move_id: rules.next_status(one.status, action, move_id=one.move_id) for one in moves
    }


def _enter(moves: Sequence[NewMove]) -> list[Entry]:
    move_ids = new_ids("mov", len(moves))
    return [Entry(move_id, move) for move_id, move in zip(move_ids, moves, strict=True)]


def _row(entry: Entry, *, now: datetime, by: str) -> dict[str, Any]:
    told = {name: value for name, value in entry.move._asdict().items() if name != "currency"}
    return {"move_id": entry.move_id, **told, "recorded_at": now, "recorded_by": by}


def _as_new(move: StockMove, *, moved_on: date) -> NewMove:
    same = ("product_id", "quantity", "key", "about", "place_id", "lot", "unit_cost", "note")
    told = {name: getattr(move, name) for name in same}
    return NewMove(**told, kind=rules.MoveKind(move.kind), moved_on=moved_on)


def _moves_of(session: Session, keys: Sequence[str]) -> list[StockMove]:
    found = queries.find_moves(session, keys=keys) if keys else {}
    return [found[key] for key in keys]

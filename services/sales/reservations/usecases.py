"""Keep goods for order lines, the oldest promise first, and give them up. Levels are locked meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns
from services.sales.levels.rules import Level
from services.sales.levels.usecases import lock_levels, write_levels
from services.sales.reservations import queries, rules
from services.sales.reservations.models import StockSetting
from services.sales.reservations.rules import Kept, ReservesAt, Want

_WANT = text(
    """
    WITH wanted AS (
        INSERT INTO stock_reservation
            (line_id, account_id, order_id, product_id, quantity, reserved, promised_on, wanted_at)
        SELECT line_id, account_id, order_id, product_id, quantity, 0, promised_on, :now
        FROM unnest(
            CAST(:line_id AS text[]), CAST(:account_id AS text[]), CAST(:order_id AS text[]),
            CAST(:product_id AS text[]), CAST(:quantity AS numeric[]), CAST(:promised_on AS date[])
        ) AS new (line_id, account_id, order_id, product_id, quantity, promised_on)
        ON CONFLICT (line_id) DO UPDATE SET
            quantity = excluded.quantity, promised_on = excluded.promised_on,
            reserved = least(stock_reservation.reserved, excluded.quantity)
    )
    SELECT line_id, reserved FROM stock_reservation WHERE line_id = ANY(:line_id)
    """  # what the lines had before: no statement sees what it writes
)
_KEEP = text(
    """
    UPDATE stock_reservation AS kept SET quantity = new.quantity, reserved = new.reserved
    FROM unnest(
        CAST(:line_id AS text[]), CAST(:product_id AS text[]), CAST(:quantity AS numeric[]),
        CAST(:reserved AS numeric[])
    ) AS new (line_id, product_id, quantity, reserved)
    WHERE kept.line_id = new.line_id
    """
)
_PROMISE = text(
    """
    UPDATE stock_reservation AS kept SET promised_on = new.promised_on
    FROM unnest(CAST(:line_id AS text[]), CAST(:promised_on AS date[]))
        AS new (line_id, promised_on)
    WHERE kept.line_id = new.line_id
    """
)
_GIVE_UP = text("DELETE FROM stock_reservation WHERE line_id = ANY(:line_ids)")
_IN_TURN = "promised_on NULLS LAST, wanted_at, line_id"
_HAND_OUT = text(
    f"""
    WITH waiting AS (
        SELECT line_id, product_id, quantity - reserved AS missing,
            sum(quantity - reserved) OVER (PARTITION BY product_id ORDER BY {_IN_TURN})
                - (quantity - reserved) AS before
        FROM stock_reservation
        WHERE product_id = ANY(:product_id) AND reserved < quantity
    ), given AS (
        SELECT line_id, product_id, least(missing, available - before) AS part
        FROM waiting JOIN unnest(CAST(:product_id AS text[]), CAST(:available AS numeric[]))
            AS free (product_id, available) USING (product_id)
        WHERE before < available
    ), kept AS (
        UPDATE stock_reservation SET reserved = reserved + part
        FROM given WHERE stock_reservation.line_id = given.line_id
    )
    SELECT product_id, sum(part) AS part FROM given GROUP BY product_id
    """  # noqa: S608
)
_TAKE_BACK = text(
    """
    WITH held AS (
        SELECT line_id, product_id, reserved,
            sum(reserved) OVER (
                PARTITION BY product_id
                ORDER BY promised_on DESC NULLS FIRST, wanted_at DESC, line_id DESC
            ) - reserved AS before
        FROM stock_reservation
        WHERE product_id = ANY(:product_id) AND reserved > 0
    ), taken AS (
        SELECT line_id, least(reserved, too_much - before) AS part
        FROM held JOIN unnest(CAST(:product_id AS text[]), CAST(:too_much AS numeric[]))
            AS over (product_id, too_much) USING (product_id)
        WHERE before < too_much
    )
    UPDATE stock_reservation SET reserved = reserved - part
    FROM taken WHERE stock_reservation.line_id = taken.line_id
    """
)


def reserve(session: Session, wants: Iterable[Want], *, now: datetime) -> dict[str, Decimal]:
    """Have so much kept for lines in all, as far as it is available, in the order of what was promised
    and wanted; the rest waits for goods. By line, what is now reserved; of a product that is not kept in
    stock all, since that is never short. What is wanted no more is released."""
    wanted = rules.going_out(wants)
    stocked = _reserve(session, wanted, now=now)
    kept = queries.find_kept(session, line_ids=stocked) if stocked else {}
    return {
        want.line_id: kept[want.line_id].reserved if want.line_id in kept else want.quantity
        for want in wanted
    }


def at_confirmation(session: Session, wants: Iterable[Want], *, now: datetime) -> None:
    """Reserve what was agreed to, where goods are reserved then and not when they are assigned."""
    if queries.get_settings(session).reserves_at == ReservesAt.CONFIRMATION:
        _reserve(session, rules.going_out(wants), now=now)


def use(session: Session, quantities: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Let what is shipped of lines leave their reservations. By product, what of that was reserved: it is
    given to `record_moves` as `spares` in the same transaction, which takes it off the level, too."""
    known = queries.find_kept(session, line_ids=quantities)
    lock_levels(session, product_ids={one.product_id for one in known.values()})
    spares: dict[str, Decimal] = {}
    left: list[Kept] = []
    for line_id, one in queries.find_kept(session, line_ids=known).items() if known else ():
        rest = one.less(quantities[line_id])
        spares[one.product_id] = spares.get(one.product_id, Decimal(0)) + (
            one.reserved - rest.reserved
        )
        left.append(rest)
    _keep(session, left)
    return spares


def release(session: Session, line_ids: Collection[str]) -> None:
    """Give up what is kept for lines; whoever waits for it gets it."""
    keep_at_most(session, dict.fromkeys(line_ids, Decimal(0)))


def keep_at_most(session: Session, quantities: Mapping[str, Decimal]) -> None:
    """Give up what is kept for lines beyond so much, by line; whoever waits for it gets it."""
    known = queries.find_kept(session, line_ids=quantities)
    more = [line_id for line_id, one in known.items() if one.quantity > quantities[line_id]]
    if not more:
        return
    levels = lock_levels(session, product_ids={known[line_id].product_id for line_id in more})
    left: list[Kept] = []
    for line_id, one in queries.find_kept(session, line_ids=more).items():
        rest = one.at_most(quantities[line_id])
        levels[one.product_id].reserved -= one.reserved - rest.reserved
        left.append(rest)
    _keep(session, left)
    hand_out(session, levels.values())
    write_levels(session, levels.values())


def take_turns(session: Session, days: Mapping[str, date]) -> None:
    """Let lines that wait for goods wait as they are promised now, by line; what is kept stays."""
    known = queries.find_kept(session, line_ids=days)
    if known:
        lock_levels(session, product_ids={one.product_id for one in known.values()})
        rows = [(line_id, days[line_id]) for line_id in known]
        session.execute(_PROMISE, columns(rows, "line_id", "promised_on"))


def hand_out(session: Session, levels: Iterable[Level]) -> None:
    """Give what is available to the lines that wait for it, in their turn. The caller has locked the
    levels and writes them."""
    free = {level.product_id: level for level in levels if level.available > 0}
    if free:
        rows = [(level.product_id, level.available) for level in free.values()]
        for row in session.execute(_HAND_OUT, columns(rows, "product_id", "available")):
            free[row.product_id].reserved += row.part


def take_back(session: Session, levels: Iterable[Level]) -> None:
    """Where more is reserved than a count has found, take it from the lines whose turn is last; they wait
    again. The caller has locked the levels and writes them."""
    over = [level for level in levels if level.available < 0]
    if over:
        rows = [(level.product_id, -level.available) for level in over]
        session.execute(_TAKE_BACK, columns(rows, "product_id", "too_much"))
    for level in over:
        level.reserved = level.on_hand


def change_settings(session: Session, *, reserves_at: str, now: datetime, by: str) -> StockSetting:
    """Say how stock is kept from now on; what was reserved stays so."""
    version = queries.get_settings(session).version + 1
    setting = StockSetting(version=version, reserves_at=reserves_at, set_at=now, set_by=by)
    session.add(setting)
    session.flush()
    return setting


def _reserve(session: Session, wants: Sequence[Want], *, now: datetime) -> list[str]:
    """Have so much kept for the lines of products that are kept in stock; which those are."""
    levels = lock_levels(session, product_ids={want.product_id for want in wants})
    stocked = {want.line_id: want for want in wants if want.product_id in levels}
    if not stocked:
        return []
    values = {**columns(stocked.values(), *Want._fields), "now": now}
    session.flush()
    for row in session.execute(_WANT, values):  # what a line had of more is free again
        want = stocked[row.line_id]
        levels[want.product_id].reserved -= max(row.reserved - want.quantity, Decimal(0))
    hand_out(session, levels.values())
    write_levels(session, levels.values())
    return list(stocked)


def _keep(session: Session, left: Sequence[Kept]) -> None:
    gone = [one.line_id for one in left if not one.quantity]
    rows = [one for one in left if one.quantity]
    if gone:
        session.execute(_GIVE_UP, {"line_ids": gone})
    if rows:
        session.execute(_KEEP, columns(rows, *Kept._fields))

"""Take many returns in, in a number of statements that does not grow with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns, each_by_itself, tell_refusal
from chassis.database import fetch_all_for_change
from kernel.refusals import Refusal
from services.sales.orders.models import Order, OrderLine
from services.sales.return_answers.usecases import Crediting, ask_for_credit, follow_credit
from services.sales.return_batches import queries, rules
from services.sales.return_batches.rules import Name
from services.sales.return_causes.usecases import open_ordered
from services.sales.return_parts.queries import read_passed
from services.sales.return_parts.usecases import inspect, receive
from services.sales.return_settings.queries import find_days
from services.sales.returns.models import Return
from services.sales.returns.queries import read_returnable
from services.sales.returns.rules import (
    NewLine,
    Passed,
    Resolution,
    require_gone,
    require_not_to_come,
)
from services.sales.returns.usecases import NewReturn, authorise, open_returns, tell_requested
from services.sales.shipments.queries import read_lines
from services.sales.stock.rules import NewMove
from services.sales.stock.usecases import record_moves

Row = Mapping[str, Any]
_CHANGED = (
    "status",
    "waits_for",
    "waits_since",
    "contact_reason",
    "contact_version",
    "external_id",
    "steps",
)
_COUNTED = ("received", "restocked", "scrapped", "answered")
_CHANGE = text("""
    UPDATE "return"
    SET version = told.version + 1,
        status = told.status,
        waits_for = told.waits_for,
        waits_since = told.waits_since,
        contact_reason = told.contact_reason,
        contact_version = told.contact_version,
        external_id = told.external_id,
        steps = told.steps
    FROM unnest(
        CAST(:return_id AS text[]), CAST(:status AS text[]), CAST(:waits_for AS text[]),
        CAST(:waits_since AS timestamptz[]), CAST(:contact_reason AS text[]),
        CAST(:contact_version AS bigint[]), CAST(:external_id AS text[]), CAST(:steps AS bigint[]),
        CAST(:version AS bigint[])
    ) AS told (
        return_id, status, waits_for, waits_since, contact_reason, contact_version, external_id, steps,
        version
    )
    WHERE "return".return_id = told.return_id
""")
_COUNT = text("""
    UPDATE return_line
    SET received = told.received,
        restocked = told.restocked,
        scrapped = told.scrapped,
        answered = told.answered
    FROM unnest(
        CAST(:return_id AS text[]), CAST(:line_id AS text[]), CAST(:received AS numeric[]),
        CAST(:restocked AS numeric[]), CAST(:scrapped AS numeric[]), CAST(:answered AS numeric[])
    ) AS told (return_id, line_id, received, restocked, scrapped, answered)
    WHERE (return_line.return_id, return_line.line_id) = (told.return_id, told.line_id)
""")


class Taking(NamedTuple):
    """A return to be taken: one that is to be opened, or that an order has opened."""

    row: Row
    received_on: date
    new: NewReturn | None = None
    opened: Return | None = None


def take_returns(
    session: Session, *, returns: Sequence[Row | Refusal], today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Ask for, authorise, receive, inspect and credit returns, each done or refused by itself, as if it
    came after those before it."""
    desk = _open_desk(session, returns, today=today, now=now, by=by)
    decided = each_by_itself(session, returns, desk.decide)
    takings = [one for one in decided if isinstance(one, Taking)]
    taken = iter(_take(session, takings, today=today, now=now, by=by))
    results = [
        {"index": index, **_told(next(taken) if isinstance(one, Taking) else one)}
        | ({} if isinstance(one, Refusal) else {"is_new": isinstance(one, Taking)})
        for index, one in enumerate(decided)
    ]
    counts = Counter(one.get("is_new") for one in results)
    return {
        "done": counts[True],
        "found": counts[False],
        "refused": counts[None],
        "results": results,
    }


@dataclass
class _Desk:
    """What was read and locked for all of a batch; `left` and `waiting`, what may come back and what was
    opened by an order, shrink with what is decided. `passed` is what went out and came back, where one
    of them came on a day gone by."""

    orders: Mapping[str, Order]
    lines: Mapping[str, Sequence[OrderLine]]
    left: Mapping[str, dict[str, Decimal]]
    waiting: dict[str, Sequence[Return]]
    known: Mapping[Name, Return]
    passed: defaultdict[str, list[Passed]]
    today: date
    named: set[Name] = field(default_factory=set)

    def decide(self, row: Row) -> Taking | Return:
        """What is to be taken, or what was before."""
        rules.require_one_way(row)
        order_id = row["order_id"] or row["for_order_id"]
        rules.require_order(order_id, is_known=order_id in self.orders)
        order = self.orders[order_id]
        name = None
        if row["external_id"] is not None:
            name = Name(order.account_id, row["external_id"])
            rules.require_named_once(name, self.named)
            if name in self.known:
                lines = self.lines.get(order.order_id, ())
                rules.require_same(row, self.known[name], lines, number=order.number)
                return self.known[name]
        day = require_not_to_come(row["received_on"], today=self.today, field="received_on")
        decide = self._new if row["for_order_id"] is None else self._opened
        taking = decide(row, order, day)
        self.named |= {name} if name else set()
        return taking

    def _new(self, row: Row, order: Order, day: date) -> Taking:
        left = self.left[order.order_id]
        lines = self.lines[order.order_id]
        back = rules.choose_back(row["lines"], lines, left=left, number=order.number)
        _require_credit(row, back, lines, number=order.number)
        self._let_back(day, {line.line_id: line.quantity for line in back})
        for line in back:
            left[line.line_id] -= line.quantity
        named = row["external_id"]
        new = NewReturn(order, back, Resolution.CREDIT, row["reason"], external_id=named)
        return Taking(row, day, new=new)

    def _let_back(self, day: date, came: Row, *, sent_on: date | None = None) -> None:
        """Refuse what cannot have come back on its day; what came counts for those after it."""
        require_gone(day, came, self.passed, sent_on=sent_on, field="received_on")
        for line_id, many in came.items():
            self.passed[line_id].append(Passed(day, -many))

    def _opened(self, row: Row, order: Order, day: date) -> Taking:
        waiting = self.waiting.get(order.order_id, ())
        rules.require_single(len(waiting), number=order.number)
        [opened] = waiting
        came = {line.line_id: line.outstanding for line in opened.lines}
        back = [NewLine(one.line_id, one.outstanding) for one in opened.lines]
        lines = [one.order_line for one in opened.lines]
        _require_credit(row, back, lines, number=order.number)
        self._let_back(day, came, sent_on=opened.sent_on)
        del self.waiting[order.order_id]
        return Taking(row, day, opened=opened)


def _require_credit(
    row: Row, back: Sequence[NewLine], lines: Sequence[OrderLine], *, number: str
) -> None:
    fee = row["restocking_fee_percent"]
    rules.require_credit(back, lines, fee_percent=fee, number=number)


def _open_desk(
    session: Session, rows: Sequence[Row | Refusal], *, today: date, now: datetime, by: str
) -> _Desk:
    """Lock the orders that are named, then the returns that they have opened, and read what decides."""
    named = [row for row in rows if not isinstance(row, Refusal)]
    sold = {row["order_id"] for row in named if row["order_id"] is not None}
    bringing = {row["for_order_id"] for row in named if row["for_order_id"] is not None}
    locked = fetch_all_for_change(session, Order, sold | bringing)
    orders = {one.order_id: one for one in locked}
    open_ordered(session, order_ids=bringing & {*orders}, today=today, now=now, by=by)
    waiting = queries.find_waiting(session, for_order_ids=bringing)
    waiting = [one.return_id for one in fetch_all_for_change(session, Return, waiting)]
    names = {
        Name(orders[row["order_id"] or row["for_order_id"]].account_id, row["external_id"])
        for row in named
        if row["external_id"] is not None and (row["order_id"] or row["for_order_id"]) in orders
    }
    opened = queries.read_of_orders(session, return_ids=waiting)
    left = read_returnable(session, order_ids=sold)
    coming = [line.line_id for of_one in opened.values() for one in of_one for line in one.lines]
    is_late = any((row["received_on"] or today) < today for row in named)
    passing = {*coming}.union(*left.values()) if is_late else set[str]()
    return _Desk(
        orders=orders,
        lines=read_lines(session, order_ids=sold),
        left=left,
        waiting={**opened},
        passed=read_passed(session, line_ids=passing),
        known=queries.find_named(session, names=names),
        today=today,
    )


def _take(
    session: Session, takings: Sequence[Taking], *, today: date, now: datetime, by: str
) -> list[Return]:
    """Take returns, all at once; in memory first, and then each row of them is written once."""
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    send_days = find_days(session).send_days
    new = iter(open_returns(session, [one.new for one in takings if one.new is not None], **moment))
    taken: list[Return] = []
    moves: list[NewMove] = []
    asked: list[Crediting] = []
    with session.no_autoflush:
        for one in takings:
            found = one.opened or next(new)
            if one.opened is None:
                tell_requested(session, found)
                authorise(session, found, **moment, send_days=send_days)
            found.external_id = one.row["external_id"]
            crediting, moved = _credit(session, found, one, **moment)
            taken.append(found)
            asked.append(crediting)
            moves += moved
        ask_for_credit(session, asked, now=now, by=by)
        _write_again(session, [one.opened for one in takings if one.opened is not None])
        session.flush()
    follow_credit(session, asked, now=now, by=by)
    if moves:
        record_moves(session, moves, **moment)
    return taken


def _credit(
    session: Session, found: Return, one: Taking, *, today: date, now: datetime, by: str
) -> tuple[Crediting, list[NewMove]]:
    """Receive and inspect all that is waited for of a return; what of it is to be credited, and how the
    stock moves."""
    row = one.row
    came = {line.line_id: line.outstanding for line in found.lines}
    part = receive(session, found, came, part=1, received_on=one.received_on, now=now, by=by)
    fates = {line_id: rules.fate_of(many, row["outcome"]) for line_id, many in came.items()}
    moves = inspect(session, found, part, fates, note=None, today=today, now=now, by=by)
    return Crediting(found, [part], row["restocking_fee_percent"]), moves


def _write_again(session: Session, opened: Sequence[Return]) -> None:
    """Write returns that there were before in one statement, where each would be one by itself."""
    if not opened:
        return
    heads = [
        (one.return_id, *(getattr(one, name) for name in _CHANGED), one.version) for one in opened
    ]
    amounts = [
        (line.return_id, line.line_id, *(getattr(line.quantities, name) for name in _COUNTED))
        for one in opened
        for line in one.lines
    ]
    for one in opened:
        for line in one.lines:
            session.expire(line, _COUNTED)
        session.expire(one, [*_CHANGED, "version"])
    session.execute(_CHANGE, columns(heads, "return_id", *_CHANGED, "version"))
    session.execute(_COUNT, columns(amounts, "return_id", "line_id", *_COUNTED))
    queries.read_of_orders(session, return_ids=[one.return_id for one in opened])


def _told(taken: Return | Refusal) -> dict[str, Any]:
    if isinstance(taken, Refusal):
        return tell_refusal(taken)
    return {name: getattr(taken, name) for name in ("return_id", "number", "status")}

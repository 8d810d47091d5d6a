"""Open returns for remedies and for lines of orders below nothing, once for each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import refusal_of
from chassis.database import fetch_all_for_change
from chassis.outbox import announce
from kernel.refusals import Refusal
from services.sales.orders.models import Order
from services.sales.return_answers.usecases import order_replacement
from services.sales.return_causes import queries, rules
from services.sales.return_causes.models import RefusedRemedy
from services.sales.return_causes.rules import BackLine, SoldLine
from services.sales.returns import events
from services.sales.returns.models import Return
from services.sales.returns.queries import read_returnable
from services.sales.returns.rules import (
    RETURN_IMPOSSIBLE,
    Action,
    Resolution,
    require_returnable,
)
from services.sales.returns.usecases import (
    NewLine,
    authorise,
    decline,
    open_return,
    tell,
    tell_due,
)


def answer_remedy(
    session: Session,
    *,
    account_id: str,
    remedy_id: str,
    kind: str,
    lines: Sequence[Mapping[str, Any]],
    cause: str | None,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Let the goods of a remedy come back, or send others in their place, or refuse it with a reason;
    once, whatever is repeated."""
    if kind not in rules.KINDS or queries.is_answered(session, remedy_id=remedy_id):
        return
    known = queries.find_sold(
        session, line_ids={line["order_line_id"] for line in lines if line["order_line_id"]}
    )
    facts: dict[str, Any] = {"account_id": account_id, "remedy_id": remedy_id, "lines": lines}
    facts |= {"known": known, "reason": rules.say_reason(kind, cause)}
    facts |= {"today": today, "now": now, "by": by}
    act = _let_come_back if kind == rules.RETURN else _replace
    refusal = refusal_of(session, partial(act, session, **facts))
    if refusal is not None:
        _refuse(session, refusal, remedy_id=remedy_id, account_id=account_id, now=now)


def open_ordered(session: Session, *, order_id: str, today: date, now: datetime, by: str) -> None:
    """Open the returns of what comes back by an order, each once: authorised or, where more was sold back
    than was shipped, declined, and a person is to tell the client."""
    [order] = fetch_all_for_change(session, Order, [order_id])
    lines = queries.find_back_lines(session, order)
    if not lines:
        return
    sold = {line.sold_order_id for line in lines}
    orders = {one.order_id: one for one in fetch_all_for_change(session, Order, sold)}
    for group in rules.group_back(lines):
        of = {"cause": f"{order_id}:{group[0].line_id}", "for_order_id": order_id}
        said = {"reason": f"Came back with order {order.number}.", **of}
        _open_group(
            session, orders[group[0].sold_order_id], group, said, today=today, now=now, by=by
        )


def end_ordered(session: Session, *, order_ids: Collection[str], now: datetime, by: str) -> None:
    """Decline what was to come back by orders that are over, unless it is on its way."""
    found = queries.find_not_begun(session, order_ids=order_ids)
    for one in fetch_all_for_change(session, Return, found):
        decline(session, one, reason="Its order is over.", now=now, by=by)


def _let_come_back(
    session: Session,
    *,
    account_id: str,
    remedy_id: str,
    lines: Sequence[Mapping[str, Any]],
    known: Mapping[str, SoldLine],
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    rules.require_known(lines, known, account_id=account_id)
    rules.require_returned(lines)
    lowered = rules.lowered_of(line for line in lines if not line["is_returned"])
    groups = rules.group_by_order([line for line in lines if line["is_returned"]], known)
    for order in fetch_all_for_change(session, Order, groups):
        left = read_returnable(session, order_id=order.order_id)
        for line_id, (quantity, _) in groups[order.order_id].items():
            require_returnable(quantity, left=left[line_id], field="lines")
        new = [
            NewLine(line_id, quantity, unit_price=price)
            for line_id, (quantity, price) in groups[order.order_id].items()
        ]
        moment: dict[str, Any] = {"today": today, "now": now, "by": by}
        found = open_return(
            session,
            order,
            new,
            resolution=Resolution.CREDIT,
            reason=reason,
            cause=f"{remedy_id}:{order.order_id}",
            remedy_id=remedy_id,
            lowered=lowered,
            **moment,
        )
        authorise(session, found, **moment)
        lowered = []


def _replace(
    session: Session,
    *,
    account_id: str,
    remedy_id: str,
    lines: Sequence[Mapping[str, Any]],
    known: Mapping[str, SoldLine],
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Order others in place of goods that do not come back."""
    rules.require_known(lines, known, account_id=account_id)
    order_ids = {known[line["order_line_id"]].order_id for line in lines}
    sold = fetch_all_for_change(session, Order, order_ids)[0]
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    found = open_return(
        session,
        sold,
        [],
        resolution=Resolution.REPLACEMENT,
        reason=reason,
        cause=f"{remedy_id}:{sold.order_id}",
        remedy_id=remedy_id,
        **moment,
    )
    authorise(session, found, is_told=False, **moment)
    wanted = rules.sum_products(lines, known)
    order = order_replacement(session, found, wanted, **moment)
    facts = {"replacement_order_id": order.order_id}
    how: dict[str, Any] = {"now": now, "by": by, "about": order.order_id}
    tell(session, found, Action.REPLACE, events.ReturnReplaced, facts=facts, **how)
    names = {"account_id": account_id, "remedy_id": remedy_id}
    announce(session, events.ReplacementOrdered, **names, order_id=order.order_id)


def _refuse(
    session: Session, refusal: Refusal, *, remedy_id: str, account_id: str, now: datetime
) -> None:
    reason = " ".join([refusal.detail, *(one["detail"] for one in refusal.errors)])
    answer = {"remedy_id": remedy_id, "account_id": account_id}
    answer |= {"code": refusal.code, "reason": reason}
    session.add(RefusedRemedy(**answer, refused_at=now))
    session.flush()
    announce(session, events.RemedyRefused, **answer)


def _open_group(
    session: Session,
    sold: Order,
    group: Sequence[BackLine],
    said: Mapping[str, Any],
    *,
    today: date,
    now: datetime,
    by: str,
) -> None:
    left = read_returnable(session, order_id=sold.order_id)
    refusal = refusal_of(session, lambda: _require_all(group, left))
    new = [
        NewLine(line.sold_line_id, line.quantity, line.line_id, line.is_unsold) for line in group
    ]
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    found = open_return(session, sold, new, resolution=Resolution.CREDIT, **said, **moment)
    if refusal is None:
        authorise(session, found, **moment)
        return
    decline(session, found, reason=refusal.detail, now=now, by=by)
    sentence = f"Return {found.number} of order {sold.number} cannot be: {refusal.detail}"
    tell_due(session, found, reason=RETURN_IMPOSSIBLE, sentence=sentence, since=today)


def _require_all(group: Sequence[BackLine], left: Mapping[str, Any]) -> None:
    for line in group:
        if not line.is_unsold:
            require_returnable(line.quantity, left=left[line.sold_line_id])

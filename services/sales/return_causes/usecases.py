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
from services.sales.return_settings.queries import find_days
from services.sales.returns import events
from services.sales.returns.models import Return
from services.sales.returns.queries import read_returnable
from services.sales.returns.rules import (
    RETURN_IMPOSSIBLE,
    Action,
    NewLine,
    Resolution,
    require_returnable,
)
from services.sales.returns.usecases import (
    NewReturn,
    authorise,
    decline,
    open_returns,
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


def open_ordered(
    session: Session, *, order_ids: Collection[str], today: date, now: datetime, by: str
) -> None:
    """Open the returns of what comes back by orders, each once: authorised or, where more was sold back
    than was shipped, declined, and a person is to tell the client."""
    ordering = queries.find_ordering(session, order_ids=order_ids)
    if not ordering:
        return
    orders = fetch_all_for_change(session, Order, ordering)
    lines = queries.find_back_lines(session, order_ids=ordering)
    sold_ids = {line.sold_order_id for of_one in lines.values() for line in of_one}
    sold = {one.order_id: one for one in fetch_all_for_change(session, Order, sold_ids)}
    left = read_returnable(session, order_ids=sold_ids)
    groups = [(one, group) for one in orders for group in rules.group_back(lines[one.order_id])]
    problems = [rules.why_not_back(group, left[group[0].sold_order_id]) for _, group in groups]
    new = [_ordered(one, sold[group[0].sold_order_id], group) for one, group in groups]
    send_days = find_days(session).send_days
    opened = open_returns(session, new, today=today, now=now, by=by)
    for found, problem in zip(opened, problems, strict=True):
        if problem is None:
            authorise(session, found, today=today, now=now, by=by, send_days=send_days)
        else:
            _decline_impossible(session, found, problem, today=today, now=now, by=by)
    session.flush()


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
    orders = fetch_all_for_change(session, Order, groups)
    left = read_returnable(session, order_ids=groups)
    new: list[NewReturn] = []
    for order in orders:
        asked = groups[order.order_id]
        for line_id, (quantity, _) in asked.items():
            require_returnable(quantity, left=left[order.order_id][line_id], field="lines")
        back = [NewLine(key, many, unit_price=price) for key, (many, price) in asked.items()]
        told: dict[str, Any] = {"cause": f"{remedy_id}:{order.order_id}", "remedy_id": remedy_id}
        new.append(NewReturn(order, back, Resolution.CREDIT, reason, lowered=lowered, **told))
        lowered = []
    moment: dict[str, Any] = {"today": today, "now": now, "by": by}
    send_days = find_days(session).send_days
    for found in open_returns(session, new, **moment):
        authorise(session, found, **moment, send_days=send_days)
    session.flush()


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
    cause = f"{remedy_id}:{sold.order_id}"
    new = NewReturn(sold, [], Resolution.REPLACEMENT, reason, cause=cause, remedy_id=remedy_id)
    [found] = open_returns(session, [new], **moment)
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


def _ordered(order: Order, sold: Order, group: Sequence[BackLine]) -> NewReturn:
    """The return of lines below nothing of an order, whose goods were sold by one."""
    lines = [
        NewLine(line.sold_line_id, line.quantity, line.line_id, line.is_unsold) for line in group
    ]
    return NewReturn(
        sold,
        lines,
        Resolution.CREDIT,
        f"Came back with order {order.number}.",
        cause=f"{order.order_id}:{group[0].line_id}",
        for_order_id=order.order_id,
    )


def _decline_impossible(
    session: Session, found: Return, problem: Refusal, *, today: date, now: datetime, by: str
) -> None:
    decline(session, found, reason=problem.detail, now=now, by=by)
    sentence = f"Return {found.number} of order {found.order_number} cannot be: {problem.detail}"
    tell_due(session, found, reason=RETURN_IMPOSSIBLE, sentence=sentence, since=today)

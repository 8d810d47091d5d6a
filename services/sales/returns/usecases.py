"""Ask for returns, decide them, and let each go on: every step is kept and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_ids
from services.sales.events import ContactDue, ContactSettled
from services.sales.orders.models import Order, OrderLine
from services.sales.return_settings.queries import find_days
from services.sales.returns import events, queries, rules
from services.sales.returns.models import Return, ReturnLine, ReturnStep
from services.sales.returns.rules import Action, NewLine, Quantities, Resolution, ReturnStatus


class NewReturn(NamedTuple):
    """A return to be opened, of an order that the caller has locked; see `Return`."""

    order: Order
    lines: Sequence[NewLine]
    resolution: Resolution
    reason: str
    cause: str | None = None
    for_order_id: str | None = None
    remedy_id: str | None = None
    lowered: Sequence[Mapping[str, Any]] = ()
    external_id: str | None = None


def request_return(
    session: Session,
    *,
    order_id: str,
    lines: Sequence[Mapping[str, Any]],
    resolution: str,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Return:
    """Note what a client wants to send back of an order: never more than was shipped and not returned."""
    order = fetch_for_change(session, Order, order_id)
    returnable = queries.read_returnable(session, order_ids=[order_id])
    chosen = rules.choose_lines(lines, returnable=returnable[order_id], number=order.number)
    new = [NewLine(line_id, quantity) for line_id, quantity in chosen.items()]
    asked = NewReturn(order, new, Resolution(resolution), reason)
    [found] = open_returns(session, [asked], today=today, now=now, by=by)
    tell_requested(session, found)
    session.flush()
    return found


def open_returns(
    session: Session, new: Sequence[NewReturn], *, today: date, now: datetime, by: str
) -> list[Return]:
    """Returns that are requested; whoever opens them has locked their orders, tells of them, and has
    them written: until then they go on in memory."""
    numbers = queries.take_numbers(session, len(new))
    lines = queries.read_order_lines(session, {line.line_id for one in new for line in one.lines})
    days, opened = find_days(session), list[Return]()
    for return_id, number, one in zip(new_ids("ret", len(new)), numbers, new, strict=True):
        told = {name: getattr(one, name) for name in _TOLD}
        found = Return(
            return_id=return_id,
            number=number,
            account_id=one.order.account_id,
            order_id=one.order.order_id,
            order_number=one.order.number,
            currency=one.order.currency,
            **told,
            status=ReturnStatus.REQUESTED,
            expires_on=rules.choose_expiry(None, today=today, days=days.request_days),
            waits_for=rules.WaitsFor.AUTHORISATION,
            waits_since=now,
            lowered=[*one.lowered],
            contact_version=0,
            steps=0,
            requested_on=today,
            requested_at=now,
            requested_by=by,
            lines=[_line(place, each, lines) for place, each in enumerate(one.lines, start=1)],
        )
        session.add(found)
        event = None if one.cause else events.ReturnRequested.name
        how: dict[str, Any] = {"note": one.reason, "about": None, "now": now, "by": by}
        _note(session, found, action="requested", event=event, **how)
        opened.append(found)
    return opened


def tell_requested(session: Session, found: Return) -> None:
    """Tell that a return was asked for."""
    lines = asked(found)
    announce(session, events.ReturnRequested, **facts_of(found), reason=found.reason, lines=lines)


def authorise_return(
    session: Session,
    *,
    return_id: str,
    expires_on: date | None,
    note: str | None,
    today: date,
    now: datetime,
    by: str,
) -> Return:
    """Let the goods come back; they are waited for until a day."""
    found = fetch_for_change(session, Return, return_id)
    authorise(session, found, expires_on=expires_on, note=note, today=today, now=now, by=by)
    session.flush()
    return found


def authorise(
    session: Session,
    found: Return,
    *,
    today: date,
    now: datetime,
    by: str,
    expires_on: date | None = None,
    note: str | None = None,
    is_told: bool = True,
    send_days: int | None = None,
) -> None:
    """Authorise a locked return. A remedy is answered by it, unless `is_told` says that it is answered
    otherwise. Of many, how long goods are waited for is looked up once (`send_days`)."""
    rules.require_move(Action.AUTHORISE, status=found.status, number=found.number)
    days = find_days(session).send_days if send_days is None else send_days
    found.expires_on = rules.choose_expiry(expires_on, today=today, days=days)
    event = events.ReturnAuthorised if is_told else None
    advance(session, found, Action.AUTHORISE, event=event and event.name, note=note, now=now, by=by)
    if event is not None:
        told = {name: getattr(found, name) for name in _AUTHORISED}
        announce(session, event, **told, lines=asked(found))


def decline_return(
    session: Session, *, return_id: str, reason: str, now: datetime, by: str
) -> Return:
    """Have the goods stay with the client."""
    found = fetch_for_change(session, Return, return_id)
    decline(session, found, reason=reason, now=now, by=by)
    session.flush()
    return found


def decline(session: Session, found: Return, *, reason: str, now: datetime, by: str) -> None:
    """Decline a locked return."""
    end(
        session,
        found,
        Action.DECLINE,
        event=events.ReturnDeclined,
        note=reason,
        now=now,
        by=by,
        facts={"reason": reason},
    )


def send_return(
    session: Session,
    *,
    return_id: str,
    sent_on: date | None,
    carrier: str | None,
    tracking_number: str | None,
    today: date,
    now: datetime,
    by: str,
) -> Return:
    """Note that the client sent the goods."""
    found = fetch_for_change(session, Return, return_id)
    rules.require_move(Action.SHIP, status=found.status, number=found.number)
    day = found.sent_on = rules.require_not_to_come(sent_on, today=today, field="sent_on")
    if day < today:
        back = {line.line_id: line.outstanding for line in found.lines}
        rules.require_gone(day, back, queries.read_gone(session, line_ids=back), field="sent_on")
    found.carrier, found.tracking_number = carrier, tracking_number
    told = {"sent_on": found.sent_on, "carrier": carrier, "tracking_number": tracking_number}
    tell(session, found, Action.SHIP, events.ReturnSent, now=now, by=by, facts=told)
    session.flush()
    return found


def close_return(
    session: Session, *, return_id: str, reason: str, now: datetime, by: str
) -> Return:
    """Wait for no more of it; what came of it goes on."""
    found = fetch_for_change(session, Return, return_id)
    dropped = {line.line_id: line.quantities.drop_rest() for line in found.lines}
    advance(
        session, found, Action.CLOSE, event=None, note=reason, now=now, by=by, quantities=dropped
    )
    session.flush()
    return found


def advance(
    session: Session,
    found: Return,
    action: Action,
    *,
    event: str | None,
    now: datetime,
    by: str,
    quantities: Mapping[str, Quantities] | None = None,
    part: int | None = None,
    about: str | None = None,
    note: str | None = None,
) -> None:
    """Do something with a locked return: its quantities change, its status, and what it waits for. Where
    nothing was accepted of it in the end, it is refused and says so. The caller has it written."""
    rules.require_move(action, status=found.status, number=found.number)
    before = ReturnStatus(found.status)
    for line in found.lines:
        line.quantities = (quantities or {}).get(line.line_id, line.quantities)
    amounts = [line.quantities for line in found.lines]
    found.status = rules.MOVES[before][action] or rules.status_of(amounts, before=before)
    _wait(session, found, now=now)
    is_refused = found.status == ReturnStatus.REFUSED and before != ReturnStatus.REFUSED
    _note(
        session,
        found,
        action=action,
        event=event or (events.ReturnRejected.name if is_refused else None),
        note=note,
        part=part,
        about=about,
        now=now,
        by=by,
    )
    if is_refused:
        announce(session, events.ReturnRejected, **facts_of(found), reason=note)


def tell(
    session: Session,
    found: Return,
    action: Action,
    event: type[Any],
    *,
    facts: Mapping[str, Any],
    **how: Any,
) -> None:
    """As `advance`, and tell of it."""
    rules.require_move(action, status=found.status, number=found.number)
    announce(session, event, **facts_of(found), **facts)
    advance(session, found, action, event=event.name, **how)


def end(
    session: Session,
    found: Return,
    action: Action,
    *,
    event: type[Any],
    now: datetime,
    by: str,
    facts: Mapping[str, Any],
    note: str | None = None,
) -> None:
    """End a locked return of which nothing has come: nothing is waited for any more."""
    dropped = {line.line_id: line.quantities.drop_rest() for line in found.lines}
    how: dict[str, Any] = {"note": note, "now": now, "by": by, "quantities": dropped}
    tell(session, found, action, event, facts=facts, **how)


def set_problem(session: Session, found: Return, *, problem: str | None, now: datetime) -> None:
    """Note why billing does not credit a locked return, if so. The caller has it written."""
    if found.problem != problem:
        found.problem = None  # whatever the account was to be contacted for is over
        _wait(session, found, now=now)
        found.problem = problem
        _wait(session, found, now=now)


def raise_problem(
    session: Session,
    found: Return,
    *,
    problem: str,
    part: int,
    event: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Note why billing does not credit a locked return: a person is to."""
    set_problem(session, found, problem=problem, now=now)
    said: dict[str, Any] = {"event": event, "note": problem, "about": None, "part": part}
    _note(session, found, action="not credited", **said, now=now, by=by)
    named = {"number": found.number, "order_number": found.order_number}
    sentence = rules.say_not_credited(**named, problem=problem)
    tell_due(session, found, reason=rules.RETURN_NOT_CREDITED, sentence=sentence, since=today)


def tell_due(session: Session, found: Return, *, reason: str, sentence: str, since: date) -> None:
    """Have the account contacted about a locked return. The caller has it written."""
    found.contact_reason = reason
    found.contact_version += 1
    announce(
        session,
        ContactDue,
        **_contact(found, reason),
        since=since,
        amount=None,
        sentence=sentence,
        roles=rules.ROLES,
        channel=None,
        earliest=None,
    )


def facts_of(found: Return) -> dict[str, Any]:
    """What every event of a return says."""
    names = ("account_id", "return_id", "number", "order_id", "order_number")
    return {name: getattr(found, name) for name in names}


def asked(found: Return) -> list[dict[str, Any]]:
    """What is asked to come back, as others are told."""
    return [{"line_id": line.line_id, "quantity": line.quantities.asked} for line in found.lines]


_AUTHORISED = ("account_id", "return_id", "remedy_id", "number", "order_id", "expires_on")
_TOLD = ("resolution", "reason", "cause", "for_order_id", "remedy_id", "external_id")


def _line(place: int, line: NewLine, lines: Mapping[str, OrderLine]) -> ReturnLine:
    facts = {**line._asdict(), "order_line": lines[line.line_id], "position": place}
    quantities = Quantities(facts.pop("quantity"))
    return ReturnLine(**facts, quantities=quantities)


def _wait(session: Session, found: Return, *, now: datetime) -> None:
    """Note what it waits for, since when; whoever was to be contacted because of the last is not any
    more."""
    amounts = [line.quantities for line in found.lines]
    status = ReturnStatus(found.status)
    waits = rules.waits_for(status, amounts, problem=found.problem)
    if waits != found.waits_for:
        found.waits_for, found.waits_since = waits, None if waits is None else now
    found.ended_at = now if status not in rules.OPEN else None
    if found.contact_reason is not None and found.problem is None:
        reason, found.contact_reason = found.contact_reason, None
        found.contact_version += 1
        announce(session, ContactSettled, **_contact(found, reason))


def _contact(found: Return, reason: str) -> dict[str, Any]:
    return {
        "account_id": found.account_id,
        "reason": reason,
        "about": found.return_id,
        "version": found.contact_version,
        "currency": None,
    }


def _note(
    session: Session,
    found: Return,
    *,
    action: str,
    event: str | None,
    note: str | None,
    about: str | None,
    now: datetime,
    by: str,
    part: int | None = None,
) -> None:
    found.steps += 1
    session.add(
        ReturnStep(
            of=found,
            position=found.steps,
            action=action,
            status=found.status,
            event=event,
            part=part,
            about=about,
            note=note,
            at=now,
            by=by,
        )
    )

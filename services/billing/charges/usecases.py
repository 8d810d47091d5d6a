"""Change charges, have them rest and end, and record what falls due of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from chassis.bulk import columns, insert_new_rows, insert_rows
from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.calendar import add_days
from services.billing.accounts.queries import get_account
from services.billing.accounts.rules import require_billable
from services.billing.accounts.usecases import lock_account_to_bill
from services.billing.billables.rules import BillableKind
from services.billing.billables.usecases import add_billables, cancel_billables
from services.billing.charges import events, queries, rules
from services.billing.charges.models import Charge, ChargeChange, ChargePart
from services.billing.charges.rules import (
    Agreed,
    ChargeAction,
    ChargeStatus,
    Due,
    Line,
    Used,
)
from services.billing.courses.rules import Course, Price, Recorded, revise
from services.billing.items.usecases import lock_balances
from services.billing.suspensions.queries import find_suspensions

_KEEP = text(
    """
    UPDATE charge
    SET version = charge.version + 1, status = kept.status, suspended_on = kept.suspended_on,
        recorded_until = kept.recorded_until, next_on = kept.next_on
    FROM unnest(
        CAST(:charge_ids AS text[]), CAST(:statuses AS text[]), CAST(:suspended AS date[]),
        CAST(:recorded AS date[]), CAST(:nexts AS date[])
    ) AS kept (charge_id, status, suspended_on, recorded_until, next_on)
    WHERE charge.charge_id = kept.charge_id
    """
)
_EVENTS: Mapping[ChargeAction, type[Any]] = {
    ChargeAction.ADD: events.ChargeAdded,
    ChargeAction.CHANGE: events.ChargeChanged,
    ChargeAction.PAUSE: events.ChargePaused,
    ChargeAction.RESUME: events.ChargeResumed,
    ChargeAction.END: events.ChargeEnded,
    ChargeAction.SUSPEND: events.ChargeSuspended,
    ChargeAction.RELEASE: events.ChargeResumed,
}


class Decision(NamedTuple):
    """What was done with a charge, from which day on, why, and by which suspension."""

    charge: Charge
    version: int
    action: ChargeAction
    from_on: date
    reason: str | None
    suspension_id: str | None = None


class Bill(NamedTuple):
    """What is to be billed of a charge, and since when it rests with the service. Of what waits, so much
    is not to be billed any more."""

    charge: Charge
    due: Due
    suspended_on: date | None = None
    changed: Sequence[Line] = ()
    cancelled: Mapping[str, Decimal] = {}

    @property
    def status(self) -> ChargeStatus:
        """Where nothing more falls due, it is ended."""
        if self.due.next_on is None:
            return rules.move(self.charge.status, ChargeAction.FINISH)
        return ChargeStatus(self.charge.status)


def change_charge(
    session: Session,
    *,
    charge_id: str,
    from_on: date | None,
    unit_price: int,
    quantity: Decimal | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Charge:
    """Agree on another price from a day on. Conflict where what was used is priced already."""
    charge = _lock(session, charge_id)
    day = from_on or today
    rules.require_within(day, start_on=charge.start_on, end_on=charge.end_on, today=today)
    if charge.by_use:
        rules.require_unrecorded(day, recorded_until=charge.recorded_until)
        rules.require_kind(charge.kind, unit=charge.unit, quantity=quantity)
    price = Price(unit_price, quantity or charge.course([]).agreed_on(day).quantity)
    rules.require_price(price, charge.tax_percent)
    agreed = {each.from_on: each for each in charge.prices} | {day: Agreed(day, *price)}
    charge.agreed = [each.row for _, each in sorted(agreed.items())]
    decision = Decision(charge, charge.version + 1, ChargeAction.CHANGE, day, reason)
    return _decide(session, decision, since=day, today=today, now=now, by=by)


def pause_charge(
    session: Session,
    *,
    charge_id: str,
    from_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Charge:
    """Have a charge rest from a day on, until it is resumed."""
    charge = _lock(session, charge_id)
    day = from_on or today
    rules.require_within(day, start_on=charge.start_on, end_on=charge.end_on, today=today)
    charge.paused = [*charge.paused, {"first": str(day), "last": None}]
    decision = Decision(charge, charge.version + 1, ChargeAction.PAUSE, day, reason)
    return _decide(session, decision, since=day, today=today, now=now, by=by)


def resume_charge(
    session: Session,
    *,
    charge_id: str,
    from_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Charge:
    """Have a charge that is paused billed again from a day on; if that is the day of its pause, there
    was none."""
    charge = _lock(session, charge_id)
    rules.move(charge.status, ChargeAction.RESUME)
    _require_billable(session, charge)
    day, since = from_on or today, charge.pauses[-1].first
    rules.require_within(day, start_on=since, end_on=charge.end_on, today=today)
    ended = [] if day == since else [{"first": str(since), "last": str(add_days(day, -1))}]
    charge.paused = [*charge.paused[:-1], *ended]
    decision = Decision(charge, charge.version + 1, ChargeAction.RESUME, day, reason)
    return _decide(session, decision, since=since, today=today, now=now, by=by)


def end_charge(
    session: Session,
    *,
    charge_id: str,
    end_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Charge:
    """Agree on the last day of a charge, or on another one; not on a later one where the account is not
    billed any more."""
    charge = _lock(session, charge_id)
    day = end_on or today
    rules.require_days(charge.start_on, day, today=today, field="end_on")
    if charge.by_use:
        used_until = queries.find_used_until(session, charge_id=charge_id)
        rules.require_after_use(day, used_until=used_until)
    if charge.end_on is not None and day > charge.end_on:
        _require_billable(session, charge)
    since = add_days(min(day, charge.end_on or day), 1)
    charge.end_on = day
    decision = Decision(charge, charge.version + 1, ChargeAction.END, day, reason)
    return _decide(session, decision, since=since, today=today, now=now, by=by)


def fall_due(charge: Charge, course: Course, *, today: date, used: Sequence[Used] | None) -> Due:
    """What falls due of a charge by today."""
    return rules.fall_due(
        charge.charge_id,
        course,
        charge.rhythm,
        charge.due,
        recorded_until=charge.recorded_until,
        today=today,
        used=used,
    )


def add_bills(session: Session, bills: Iterable[Bill], *, now: datetime, by: str) -> None:
    """Record what is to be billed of charges, and of which days it is."""
    told = [(bill.charge, line) for bill in bills for line in (*bill.changed, *bill.due.lines)]
    add_billables(session, [_to_billable(*each) for each in told], now=now, by=by)
    parts = [_to_part(*each) for each in told if not each[0].by_use]
    insert_new_rows(session, ChargePart, parts)


def keep_bills(session: Session, bills: Sequence[Bill]) -> None:
    """Store until when charges are recorded, and when more falls due, in one statement."""
    rows = [
        (
            bill.charge.charge_id,
            bill.status,
            bill.suspended_on,
            bill.due.recorded_until,
            bill.due.next_on,
        )
        for bill in bills
    ]
    names = "charge_ids", "statuses", "suspended", "recorded", "nexts"
    session.execute(_KEEP, columns(rows, *names))


def revise_charge(
    charge: Charge,
    course: Course,
    recorded: Sequence[Recorded],
    *,
    since: date,
    version: int,
    today: date,
) -> tuple[list[Line], dict[str, Decimal]]:
    """What a version of a charge means for what is recorded of it, from a day on: what bills or repairs
    it, and what is not to be billed any more."""
    lines: list[Line] = []
    cancelled: dict[str, Decimal] = {}
    for stretch, not_billed, added in revise(
        course,
        charge.rhythm,
        charge.due,
        recorded,
        since=since,
        recorded_until=charge.recorded_until,
        today=today,
    ):
        lines += rules.change_lines(charge.charge_id, added, stretch, version=version)
        cancelled |= not_billed
    return lines, cancelled


def tell(session: Session, decisions: Sequence[Decision], *, now: datetime, by: str) -> None:
    """Keep what was done with charges in their history, and announce it."""
    rows = []
    for one in decisions:
        charge = one.charge
        price = charge.course([]).agreed_on(one.from_on)
        what = {"version": one.version, "from_on": one.from_on, **price._asdict()}
        why = {} if one.reason is None else {"reason": one.reason}
        facts = {name: getattr(charge, name) for name in rules.TOLD} | what | why
        announce(session, _EVENTS[one.action], **facts)
        own = {"charge_id": charge.charge_id, "account_id": charge.account_id, "action": one.action}
        by_whom = {"suspension_id": one.suspension_id, "recorded_by": by, "recorded_at": now}
        rows.append({**own, **what, "reason": one.reason, **by_whom})
    insert_rows(session, ChargeChange, rows)


def _decide(
    session: Session, decision: Decision, *, since: date, today: date, now: datetime, by: str
) -> Charge:
    """Have what is recorded of the charge as it is now, from a day on."""
    charge, version, action, *_ = decision
    charge.status = rules.move(charge.status, action, kind=charge.kind)
    with session.no_autoflush:  # one change, one version
        suspensions = find_suspensions(session, account_ids=[charge.account_id])
        course = charge.course(each.rest for each in suspensions)
        recorded = queries.find_recorded(session, firsts={charge.charge_id: charge.first_of(since)})
        used = queries.find_used(session, charges=[charge])[charge.charge_id]
    lines: list[Line] = []
    cancelled: dict[str, Decimal] = {}
    if not charge.by_use:  # what was used is priced once
        lines, cancelled = revise_charge(
            charge, course, recorded[charge.charge_id], since=since, version=version, today=today
        )
    due = fall_due(charge, course, today=today, used=used if charge.by_use else None)
    suspended_on = rules.find_suspended_on(charge.kind, suspensions)
    bill = Bill(charge, due, suspended_on, lines, cancelled)
    keep_bill(charge, bill)
    flag_modified(charge, "status")  # its version is this decision's though nothing becomes other
    session.flush()
    cancel_billables(session, cancelled)
    add_bills(session, [bill], now=now, by=by)
    tell(session, [decision], now=now, by=by)
    return charge


def _lock(session: Session, charge_id: str) -> Charge:
    """The charge, its account and what it owes, locked in their order."""
    known = fetch(session, Charge, charge_id)
    lock_account_to_bill(session, account_id=known.account_id)
    lock_balances(session, keys={(known.account_id, known.currency)})
    return fetch_for_change(session, Charge, charge_id)


def _require_billable(session: Session, charge: Charge) -> None:
    account = get_account(session, account_id=charge.account_id)
    require_billable(number=account.number, status=account.status)


def keep_bill(charge: Charge, bill: Bill) -> None:
    """Note on a charge until when it is recorded, and when more falls due."""
    charge.status = bill.status
    charge.recorded_until, charge.next_on = bill.due.recorded_until, bill.due.next_on
    charge.suspended_on = bill.suspended_on


def _to_billable(charge: Charge, line: Line) -> dict[str, Any]:
    same = "charge_id account_id currency order_id client_order_number description".split()
    same += "tax_percent tax_code exemption_reason".split()
    return {
        "key": line.key,
        "kind": BillableKind.CHARGE,
        **{name: getattr(charge, name) for name in same},
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "service_from": line.part.first,
        "service_until": line.part.last,
        "bill_on": line.bill_on,
    }


def _to_part(charge: Charge, line: Line) -> dict[str, Any]:
    first, last, price, times = line.part
    days = {"first": first, "last": last, "times": times}
    return {"key": line.key, "charge_id": charge.charge_id, **days, **price._asdict()}

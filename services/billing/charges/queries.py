"""Reads of charges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, Date, Text, bindparam, column, func, or_, select, tuple_
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_only
from chassis.pages import read_page
from services.billing.billables.models import Billable
from services.billing.charges.models import Charge, ChargeChange, ChargePart, ChargeUsage
from services.billing.charges.rules import ChargeKind, ChargeStatus, Used, lines_of
from services.billing.courses.rules import Part, Price, Recorded, Rest, stretches
from services.billing.suspensions.queries import find_suspensions

_WANTED = (
    func.unnest(bindparam("charge_ids", type_=ARRAY(Text)), bindparam("firsts", type_=ARRAY(Date)))
    .table_valued(column("charge_id", Text), column("first", Date))
    .render_derived("wanted")
)


def list_charges(
    session: Session,
    *,
    limit: int,
    after: str | None,
    account_id: str | None,
    status: str | None,
    is_suspended: bool | None,
) -> dict[str, Any]:
    """A page of charges, newest first."""
    statement = select(Charge)
    if account_id is not None:
        statement = statement.where(Charge.account_id == account_id)
    if status is not None:
        statement = statement.where(Charge.status == status)
    if is_suspended is not None:
        statement = statement.where(Charge.suspended_on.is_not(None) == is_suspended)
    by = [Charge.charge_id]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def get_charge(session: Session, *, charge_id: str) -> Charge:
    """A charge as it is."""
    return fetch_only(session, Charge, charge_id)


def list_charge_history(
    session: Session, *, charge_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what was done with a charge, newest first."""
    fetch(session, Charge, charge_id)
    statement = select(ChargeChange).where(ChargeChange.charge_id == charge_id)
    by = [ChargeChange.version]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def list_usage(
    session: Session, *, charge_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what was used, what was told last first."""
    fetch(session, Charge, charge_id)
    statement = select(ChargeUsage).where(ChargeUsage.charge_id == charge_id)
    by = [ChargeUsage.usage_id]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def preview_periods(session: Session, *, charge_id: str, limit: int) -> dict[str, Any]:
    """The next periods of a charge that are not recorded, as things are, and what each comes to."""
    charge = fetch(session, Charge, charge_id)
    course = charge.course(find_rests(session, account_ids=[charge.account_id])[charge.account_id])
    used = find_used(session, charges=[charge])[charge_id] if charge.by_use else None
    ahead = stretches(course, charge.rhythm, charge.due, recorded_until=charge.recorded_until)
    periods = []
    for stretch in islice(ahead, limit):
        lines = lines_of(charge_id, course, stretch, used=used)
        shown = [
            {
                "service_from": line.part.first,
                "service_until": line.part.last,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "net": line.net,
            }
            for line in lines
        ]
        days = {"service_from": stretch.first, "service_until": stretch.last}
        net = sum(line.net for line in lines)
        periods.append({**days, "bill_on": stretch.bill_on, "net": net, "lines": shown})
    same = {"charge_id": charge_id, "account_id": charge.account_id, "currency": charge.currency}
    return {**same, "periods": periods}


def find_rests(session: Session, *, account_ids: Collection[str]) -> defaultdict[str, list[Rest]]:
    """The days on which accounts have no service."""
    rests: defaultdict[str, list[Rest]] = defaultdict(list)
    for each in find_suspensions(session, account_ids=account_ids):
        rests[each.account_id].append(each.rest)
    return rests


def find_recorded(
    session: Session, *, firsts: Mapping[str, date]
) -> defaultdict[str, list[Recorded]]:
    """What of charges is recorded, and not cancelled, from a day of each on."""
    statement = (
        select(*ChargePart.__table__.c, Billable.billable_id, Billable.billed, Billable.pending)
        .join(_WANTED, _WANTED.c.charge_id == ChargePart.charge_id)
        .join(Billable, Billable.key == ChargePart.key)
        .where(ChargePart.first >= _WANTED.c.first, Billable.cancelled != Billable.quantity)
        .order_by(ChargePart.first, ChargePart.key)
    )
    wanted = {"charge_ids": [*firsts.keys()], "firsts": [*firsts.values()]}
    found: defaultdict[str, list[Recorded]] = defaultdict(list)
    for row in session.execute(statement, wanted):
        part = Part(row.first, row.last, Price(row.unit_price, row.quantity), row.times)
        is_billed = bool(row.billed)
        found[row.charge_id].append(Recorded(row.billable_id, part, is_billed, row.pending))
    return found


def find_used(session: Session, *, charges: Iterable[Charge]) -> defaultdict[str, list[Used]]:
    """What was used of charges, of the days that are not recorded."""
    firsts = {each.charge_id: each.recorded_until for each in charges if each.by_use}
    statement = (
        select(ChargeUsage.charge_id, ChargeUsage.used_on, ChargeUsage.quantity)
        .join(_WANTED, _WANTED.c.charge_id == ChargeUsage.charge_id)
        .where(ChargeUsage.used_on > _WANTED.c.first)
    )
    wanted = {"charge_ids": [*firsts.keys()], "firsts": [*firsts.values()]}
    found: defaultdict[str, list[Used]] = defaultdict(list)
    for row in session.execute(statement, wanted):
        found[row.charge_id].append(Used(row.used_on, row.quantity))
    return found


def find_usage(session: Session, *, charge_id: str, external_id: str) -> ChargeUsage | None:
    """What was told of a charge under a name."""
    return session.scalars(
        select(ChargeUsage).where(
            ChargeUsage.charge_id == charge_id, ChargeUsage.external_id == external_id
        )
    ).one_or_none()


def find_used_until(session: Session, *, charge_id: str) -> date | None:
    """The last day on which a charge was used."""
    return session.scalar(
        select(func.max(ChargeUsage.used_on)).where(ChargeUsage.charge_id == charge_id)
    )


def find_due(
    session: Session, *, day: date, after: tuple[date, str] | None, limit: int
) -> Sequence[tuple[date, str]]:
    """The charges of which something falls due by a day, those of the earliest day first: that day, and
    the id."""
    place = tuple_(Charge.next_on, Charge.charge_id)
    statement = select(Charge.next_on, Charge.charge_id).where(Charge.next_on <= day)
    if after is not None:
        statement = statement.where(place > after)
    rows = session.execute(statement.order_by(Charge.next_on, Charge.charge_id).limit(limit))
    return [(row.next_on, row.charge_id) for row in rows]


def find_recurring(session: Session, *, account_ids: Collection[str]) -> Sequence[Charge]:
    """What recurs of accounts."""
    return session.scalars(
        select(Charge)
        .where(Charge.account_id.in_(account_ids), Charge.kind == ChargeKind.RECURRING)
        .order_by(Charge.charge_id)
    ).all()


def find_going(session: Session, *, account_id: str) -> Sequence[Charge]:
    """The charges of an account that are not ended, or of which something is to be recorded still."""
    return session.scalars(
        select(Charge)
        .where(
            Charge.account_id == account_id,
            or_(Charge.status != ChargeStatus.ENDED, Charge.next_on.is_not(None)),
        )
        .order_by(Charge.charge_id)
    ).all()

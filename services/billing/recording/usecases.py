"""Record what falls due of charges, one group after the other."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from chassis.bulk import each_apart
from chassis.database import fetch_all_for_change
from chassis.due import schedule
from services.billing.charges import queries
from services.billing.charges.models import Charge
from services.billing.charges.usecases import Bill, add_bills, fall_due, keep_bills
from services.billing.dues import ChargesDue

log = logging.getLogger(__name__)
AT_ONCE = 500  # charges


def begin_recording(session: Session, *, day: date, now: datetime) -> None:
    """Have what falls due by a day recorded, from the first charge on."""
    schedule(session, ChargesDue, key="charges", at=now, day=day)


def record_some(
    session: Session,
    *,
    day: date,
    after_on: date | None,
    after_id: str | None,
    now: datetime,
    by: str,
) -> None:
    """Record what falls due by a day of the next charges, days that were missed included, and have the
    rest recorded then. One with which that is not possible stops no other, and is met again in the next
    morning."""
    after = None if after_on is None or after_id is None else (after_on, after_id)
    found = queries.find_due(session, day=day, after=after, limit=AT_ONCE)
    charge_ids = sorted(charge_id for _, charge_id in found)
    errors = each_apart(session, charge_ids, partial(_record, session, day=day, now=now, by=by))
    for charge_id, error in errors.items():
        log.error("charge %s not recorded", charge_id, exc_info=error)
    if len(found) == AT_ONCE:
        place = dict(zip(("after_on", "after_id"), found[-1], strict=True))
        schedule(session, ChargesDue, key="charges", at=now, day=day, **place)


def _record(
    session: Session, charge_ids: Sequence[str], *, day: date, now: datetime, by: str
) -> None:
    charges = [
        charge
        for charge in fetch_all_for_change(session, Charge, charge_ids)
        if charge.next_on is not None and charge.next_on <= day  # still, now that it is locked
    ]
    if not charges:
        return
    rests = queries.find_rests(session, account_ids={each.account_id for each in charges})
    used = queries.find_used(session, charges=charges)
    bills = [
        Bill(
            charge,
            fall_due(
                charge,
                charge.course(rests[charge.account_id]),
                today=day,
                used=used[charge.charge_id] if charge.by_use else None,
            ),
            charge.suspended_on,
        )
        for charge in charges
    ]
    add_bills(session, bills, now=now, by=by)
    keep_bills(session, bills)
    session.expire_all()

"""Have charges rest with the service of their account, many at once, and end with the account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from chassis.bulk import Rows
from chassis.database import fetch_all_for_change
from kernel.calendar import add_days
from services.billing.accounts.queries import find_accounts
from services.billing.accounts.rules import CLOSED
from services.billing.billables.usecases import cancel_billables
from services.billing.charges import queries
from services.billing.charges.models import Charge
from services.billing.charges.rules import ChargeAction, find_suspended_on, is_touched
from services.billing.charges.usecases import (
    Bill,
    Decision,
    add_bills,
    end_charge,
    fall_due,
    keep_bills,
    revise_charge,
    tell,
)
from services.billing.courses.rules import Recorded
from services.billing.items.usecases import lock_balances
from services.billing.suspensions.models import Suspension
from services.billing.suspensions.queries import find_suspensions
from services.billing.suspensions.usecases import keep_suspensions


class Resting(NamedTuple):
    """A charge that rests, the last suspension that is news of it, and the first day that may be
    another."""

    charge: Charge
    suspension: Suspension
    since: date


def rest_charges(session: Session, told: Rows, *, today: date, now: datetime, by: str) -> None:
    """Keep on which days accounts have no service, in whatever order it comes, and bill what recurs
    accordingly, in a fixed number of statements."""
    changed = keep_suspensions(session, told)
    account_ids = sorted({one["account_id"] for one in told if one["suspension_id"] in changed})
    if not account_ids:
        return
    suspensions = find_suspensions(session, account_ids=account_ids)
    charges = _lock_recurring(session, account_ids)
    resting = _find_resting(charges, [one for one in suspensions if one.suspension_id in changed])
    if resting:
        _rest(session, resting, suspensions, today=today, now=now, by=by)


def end_charges(
    session: Session, *, account_id: str, version: int, today: date, now: datetime, by: str
) -> None:
    """End the charges of an account that is closed, unless a newer event has told that it is open
    again."""
    account = find_accounts(session, account_ids=[account_id]).get(account_id)
    if account is not None and account.version > version and account.status != CLOSED:
        return
    for charge in queries.find_going(session, account_id=account_id):
        end_on = max(today, add_days(charge.start_on, -1))
        if charge.end_on is None or charge.end_on > end_on:
            end_charge(
                session,
                charge_id=charge.charge_id,
                end_on=end_on,
                reason="The account is closed.",
                today=today,
                now=now,
                by=by,
            )


def _find_resting(charges: Iterable[Charge], news: Iterable[Suspension]) -> list[Resting]:
    of_accounts: defaultdict[str, list[Suspension]] = defaultdict(list)
    for one in news:  # in the order of their days
        of_accounts[one.account_id].append(one)
    found = []
    for charge in charges:
        own, since = of_accounts[charge.account_id], charge.suspended_on
        # What was told before may have been another day.
        if since is not None or any(is_touched(one, charge) for one in own):
            first = min(own[0].suspended_on, since or date.max)
            found.append(Resting(charge, own[-1], first))
    return found


def _rest(
    session: Session,
    resting: Sequence[Resting],
    suspensions: Sequence[Suspension],
    *,
    today: date,
    now: datetime,
    by: str,
) -> None:
    firsts = {each.charge.charge_id: each.charge.first_of(each.since) for each in resting}
    recorded = queries.find_recorded(session, firsts=firsts)
    own: defaultdict[str, list[Suspension]] = defaultdict(list)
    for suspension in suspensions:
        own[suspension.account_id].append(suspension)
    bills = [
        _bill(each, own[each.charge.account_id], recorded[each.charge.charge_id], today=today)
        for each in resting
    ]
    keep_bills(session, bills)
    tell(session, [_decision(each) for each in resting], now=now, by=by)
    add_bills(session, bills, now=now, by=by)
    cancel_billables(session, {key: part for bill in bills for key, part in bill.cancelled.items()})


def _bill(
    resting: Resting,
    suspensions: Sequence[Suspension],
    recorded: Sequence[Recorded],
    *,
    today: date,
) -> Bill:
    charge, _, since = resting
    course = charge.course(each.rest for each in suspensions)
    version = charge.version + 1
    lines, cancelled = revise_charge(
        charge, course, recorded, since=since, version=version, today=today
    )
    due = fall_due(charge, course, today=today, used=None)
    return Bill(charge, due, find_suspended_on(charge.kind, suspensions), lines, cancelled)


def _lock_recurring(session: Session, account_ids: Sequence[str]) -> Sequence[Charge]:
    known = queries.find_recurring(session, account_ids=account_ids)
    if not known:
        return []
    lock_balances(session, keys={(each.account_id, each.currency) for each in known})
    return fetch_all_for_change(session, Charge, [each.charge_id for each in known])


def _decision(resting: Resting) -> Decision:
    charge, suspension, _ = resting
    is_over = suspension.resumed_on is not None
    return Decision(
        charge,
        charge.version + 1,
        ChargeAction.RELEASE if is_over else ChargeAction.SUSPEND,
        suspension.resumed_on or suspension.suspended_on,
        suspension.reason,
        suspension.suspension_id,
    )

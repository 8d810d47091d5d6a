"""Credit what is to be taken off and finds no bill to be taken off of."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from chassis.bulk import each_apart
from kernel.ids import new_id
from services.billing.accounts.queries import find_paid_for, find_payers
from services.billing.billables import usecases as billables
from services.billing.billables.queries import find_pending
from services.billing.billables.rules import PendingLine
from services.billing.company.queries import find_rounding
from services.billing.credits.rules import Grounds
from services.billing.credits.usecases import issue_notes, open_desk
from services.billing.items.rules import AccountCurrency
from services.billing.items.usecases import lock_balances
from services.billing.take_offs import queries, rules
from services.billing.taxes.rules import Rounding

log = logging.getLogger(__name__)
AT_ONCE = 500  # payers


def credit_waiting(session: Session, *, today: date, now: datetime, by: str) -> None:
    """Credit what has waited for a bill for too long, each payer's in each currency by one credit note.
    One with which that is not possible stops no other, and is met again the next morning."""
    since = rules.waits_since(today)
    keys = queries.find_waiting(session, since=since, today=today)
    for start in range(0, len(keys), AT_ONCE):
        work = partial(_credit_paid_for, session, today=today, now=now, by=by)
        errors = each_apart(session, keys[start : start + AT_ONCE], work)
        for (account_id, currency), error in errors.items():
            log.error("take-offs of %s in %s not credited", account_id, currency, exc_info=error)


def credit_account_take_offs(
    session: Session, *, account_id: str, today: date, now: datetime, by: str
) -> None:
    """Credit what is to be taken off of one account, however long it waits, since no bill comes."""
    by_currency: defaultdict[str, list[PendingLine]] = defaultdict(list)
    for one in find_pending(session, account_ids=[account_id], until=today, known_at=now):
        by_currency[one.currency].append(one)
    rounding = find_rounding(session) if by_currency else Rounding.DOCUMENT
    payer_id = find_payers(session, account_ids=[account_id])[account_id]
    members = {
        (payer_id, currency): [account_id]
        for currency, found in by_currency.items()
        if rules.turn_round(found, rounding=rounding) is not None
    }
    if members:
        _credit(session, members, today=today, now=now, by=by)


def _credit_paid_for(
    session: Session, keys: Sequence[AccountCurrency], *, today: date, now: datetime, by: str
) -> None:
    paid_for = find_paid_for(session, account_ids={account_id for account_id, _ in keys})
    payers = find_payers(session, account_ids=paid_for)
    wanted = {*keys}
    members: defaultdict[AccountCurrency, list[str]] = defaultdict(list)
    for account_id, payer_id in payers.items():
        for currency in {currency for _, currency in keys}:
            if (payer_id, currency) in wanted:
                members[payer_id, currency].append(account_id)
    _credit(session, members, today=today, now=now, by=by)


def _credit(
    session: Session,
    members: dict[AccountCurrency, list[str]],
    *,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Credit payers what comes to less than nothing of their accounts."""
    own = {(one, currency) for (_, currency), accounts in members.items() for one in accounts}
    lock_balances(session, keys={*members, *own})
    grounds = Grounds(reason=rules.REASON)
    desk = open_desk(session, keys=members.keys(), grounds=[grounds], today=today)
    pending = _find_pending(session, own, today, now)
    rounding = find_rounding(session)
    new = []
    for (payer_id, currency), accounts in members.items():
        found = [each for one in accounts for each in pending[one, currency]]
        credited = rules.turn_round(found, rounding=rounding)
        if credited is not None:
            [*served] = {each.account_id for each in found}
            is_one_other = len(served) == 1 and served[0] != payer_id
            note = desk.grant(
                credited,
                credit_note_id=new_id("crn"),
                account_id=payer_id,
                for_account_id=served[0] if is_one_other else None,
                currency=currency,
                order_id=None,
                grounds=grounds,
                issued_on=None,
            )
            new.append(note)
    if new:
        issue_notes(session, new=new, now=now, by=by)
        taken = [line._asdict() for note in new for line in note.lines]
        billables.bill(session, [{**one, "quantity": -one["quantity"]} for one in taken])


def _find_pending(
    session: Session, own: set[AccountCurrency], today: date, now: datetime
) -> defaultdict[AccountCurrency, list[PendingLine]]:
    account_ids = sorted({account_id for account_id, _ in own})
    pending: defaultdict[AccountCurrency, list[PendingLine]] = defaultdict(list)
    for each in find_pending(session, account_ids=account_ids, until=today, known_at=now):
        pending[each.account_id, each.currency].append(each)
    return pending

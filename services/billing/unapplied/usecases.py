"""Set what is unapplied against items, of many accounts at once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from chassis.bulk import each_apart
from services.billing.adjustments.usecases import announce_made
from services.billing.allocations.rules import Standing, total
from services.billing.allocations.usecases import (
    Spending,
    announce_spent,
    journals_of,
    spend,
    take_unapplied,
)
from services.billing.items.queries import find_oldest_items
from services.billing.items.rules import AccountCurrency, BalanceChange
from services.billing.items.usecases import change_balances, lock_balances
from services.billing.ledger.usecases import post_journals
from services.billing.settling.usecases import give_along
from services.billing.tolerances.queries import LazyTolerances
from services.billing.unapplied import queries, rules

log = logging.getLogger(__name__)
AT_ONCE = 500  # accounts


def apply_credit(session: Session, *, now: datetime, by: str) -> None:
    """Set what is unapplied and not kept against what may be asked for, oldest item first, of all
    accounts. One with which that is not possible stops no other."""
    keys = queries.find_with_credit(session)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        errors = each_apart(session, some, partial(_apply, session, now=now, by=by))
        for (account_id, currency), error in errors.items():
            log.error("credit of %s in %s not applied", account_id, currency, exc_info=error)


def _apply(session: Session, keys: Sequence[AccountCurrency], *, now: datetime, by: str) -> None:
    lock_balances(session, keys=keys)
    funds = queries.find_funds(session, keys=keys)
    wanted: defaultdict[AccountCurrency, int] = defaultdict(int)
    for fund in funds:
        wanted[fund.account_id, fund.currency] += fund.unapplied
    if not wanted:
        return
    items = [Standing.of(item) for item in find_oldest_items(session, wanted=wanted)]
    tolerances = LazyTolerances(session, currencies={currency for _, currency in wanted})
    set_off = rules.set_off(funds, items, tolerances)
    spendings = [Spending(fund, shares, by) for fund, shares in set_off]
    if spendings:
        _spend(session, spendings, now)


def _spend(session: Session, spendings: Sequence[Spending], now: datetime) -> None:
    take_unapplied(session, spendings=spendings)
    journals = []
    changes: defaultdict[AccountCurrency, BalanceChange] = defaultdict(BalanceChange)
    spent = spend(session, spendings=spendings, now=now)
    given = give_along(session, spendings=spendings, spent=spent, now=now)
    for (fund, shares, _), each, along in zip(spendings, spent, given, strict=True):
        announce_spent(session, each)
        for made in along:
            announce_made(session, made)
        journals += journals_of(fund, each.rows)
        change = changes[fund.account_id, fund.currency]
        change.open -= total(shares)
        change.unapplied -= total(shares)
    post_journals(session, journals=journals, now=now)
    change_balances(session, changes=changes)

"""What happens when services say that they know accounts, and when they do not say so in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from chassis.database import fetch_all_for_change, fetch_for_change
from chassis.due import drop
from services.accounts.accounts.models import Account
from services.accounts.dues import AccountKnownDue
from services.accounts.known import rules
from services.accounts.known.models import AccountKnown
from services.accounts.known.queries import find_known_by
from services.accounts.reasons.queries import find_standing
from services.accounts.reasons.rules import Due, Kind
from services.accounts.reasons.usecases import tell_due, tell_settled


def hear_known(
    session: Session, facts: Sequence[Mapping[str, Any]], *, service: str, now: datetime
) -> None:
    """Note that a service knows accounts; where it was waited for alone, it is not any more."""
    versions = {one["account_id"]: one["account_version"] for one in facts}
    accounts = fetch_all_for_change(session, Account, versions)
    rows = [
        {
            "account_id": one.account_id,
            "known_by": service,
            "account_version": versions[one.account_id],
            "known_at": now,
        }
        for one in accounts
    ]
    insert_new_rows(session, AccountKnown, rows)
    known_by = find_known_by(session, versions)
    complete = [one for one, services in known_by.items() if not rules.missing(services)]
    for account_id in complete:
        drop(session, AccountKnownDue, key=account_id)
    tell_settled(session, *((one, Kind.ACCOUNT_UNKNOWN, one) for one in complete))
    waiting = {one.account_id: one for one in accounts if one.account_id not in complete}
    if waiting:
        _tell_again(session, waiting, known_by)


def ask_who_knows(session: Session, *, account_id: str, today: date) -> None:
    """Say of an account, its time to be known being over, who does not know it."""
    account = fetch_for_change(session, Account, account_id)
    known_by = find_known_by(session, [account_id]).get(account_id, [])
    if services := rules.missing(known_by):
        tell_due(session, _due(account, services, since=today))


def _tell_again(
    session: Session, waiting: Mapping[str, Account], known_by: Mapping[str, Sequence[str]]
) -> None:
    reported = find_standing(session, reason=Kind.ACCOUNT_UNKNOWN, account_ids=waiting)
    dues = [
        _due(waiting[one], rules.missing(known_by[one]), since=since)
        for (one, *_), since in reported.items()
    ]
    tell_due(session, *dues)


def _due(account: Account, services: Sequence[str], *, since: date) -> Due:
    return Due(
        account_id=account.account_id,
        reason=Kind.ACCOUNT_UNKNOWN,
        about=account.account_id,
        since=since,
        sentence=rules.why_unknown(services, number=account.number, opened_on=account.opened_on),
    )

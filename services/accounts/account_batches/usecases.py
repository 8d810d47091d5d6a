"""Open many accounts at once, each once for what another system calls it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import tell_refusal
from kernel.refusals import Refusal
from services.accounts.accounts.models import Account
from services.accounts.onboarding.usecases import take_on_clients
from services.accounts.references.usecases import Found, Reference, Wanted, find_or_open_accounts

Row = Mapping[str, Any]
REASON = "onboarding_waived_reason"


def open_account_batch(
    session: Session,
    *,
    accounts: Sequence[Row | Refusal],
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Open or find accounts, and let business begin with new ones that need no onboarding; the refused
    ones are reported with their place and the reason, and do not keep the others from being opened."""
    named = [one if isinstance(one, Refusal) else _part(one) for one in accounts]
    found = find_or_open_accounts(session, named, today=today, now=now, by=by)
    clients = _find_clients(accounts, found)
    take_on_clients(session, clients, today=today, now=now, by=by)
    results = [_report(index, one) for index, one in enumerate(found)]
    counts = Counter(one.get("is_new") for one in results)
    return {
        "opened": counts[True],
        "found": counts[False],
        "refused": counts[None],
        "results": results,
    }


def _part(row: Row) -> Wanted:
    profile = {name: row[name] for name in row if name not in (*Reference._fields, REASON)}
    named = None if row["system"] is None else Reference(row["system"], row["reference_id"])
    return Wanted(named, profile)


def _find_clients(
    rows: Sequence[Row | Refusal], found: Sequence[Found]
) -> list[tuple[Account, str]]:
    """The new accounts that are of clients already, each with why nothing is asked of it."""
    return [
        (one.account, row[REASON])
        for row, one in zip(rows, found, strict=True)
        if one.is_new
        and isinstance(one.account, Account)
        and not isinstance(row, Refusal)
        and row[REASON] is not None
    ]


def _report(index: int, found: Found) -> dict[str, Any]:
    account = found.account
    if isinstance(account, Refusal):
        return {"index": index, **tell_refusal(account)}
    known = {"account_id": account.account_id, "number": account.number}
    return {"index": index, **known, "is_new": found.is_new}

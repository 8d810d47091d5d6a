"""Reads of accounts: one, many, their history, their likely duplicates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_only
from chassis.pages import read_page
from services.accounts.accounts.models import Account, AccountState
from services.accounts.accounts.rules import Status, Tier
from services.accounts.directory import rules

CANDIDATES_MAX = 200
DUPLICATES_MAX = 20


def get_account(session: Session, *, account_id: str) -> Account:
    """One account."""
    return fetch_only(session, Account, account_id)


def list_accounts(
    session: Session,
    *,
    q: str | None,
    status: Status | None,
    owner_id: str | None,
    tier: Tier | None,
    country: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Accounts by name."""
    accounts = select(Account)
    if q is not None:
        accounts = accounts.where(_matches(rules.prefix_query(q)))
    for column, wanted in (
        (Account.status, status),
        (Account.owner_id, owner_id),
        (Account.tier, tier),
        (Account.country, country),
    ):
        if wanted is not None:
            accounts = accounts.where(column == wanted)
    return read_page(
        session, accounts, by=[Account.name_key, Account.account_id], limit=limit, after=after
    )


def list_states(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """The statuses an account has been in, first to present."""
    states = select(AccountState).where(AccountState.account_id == account_id)
    return read_page(session, states, by=[AccountState.position], limit=limit, after=after)


def list_duplicates(session: Session, *, account_id: str) -> dict[str, Any]:
    """Accounts that may be the same client, likeliest first."""
    account = fetch(session, Account, account_id)
    found: list[dict[str, Any]] = [
        {
            "account_id": other.account_id,
            "number": other.number,
            "name": other.name,
            "status": other.status,
            "likeness": rules.likeness(account.name_key, other.name_key),
            "reasons": _reasons(account, other),
        }
        for other in _candidates(session, account)
    ]
    alike = [candidate for candidate in found if candidate["reasons"]]
    alike.sort(key=lambda candidate: (-candidate["likeness"], candidate["account_id"]))
    return {"items": alike[:DUPLICATES_MAX]}


def _candidates(session: Session, account: Account) -> list[Account]:
    any_word = rules.any_word_query(account.name_key)
    alike: list[ColumnElement[bool]] = [Account.name_key == account.name_key]
    order: list[ColumnElement[Any]] = [(Account.name_key == account.name_key).desc()]
    if account.email:
        alike.append(_matches(rules.whole_word_query(account.email)))
    if any_word:
        alike.append(_matches(any_word))
        words = func.array_to_tsvector(Account.search_words)
        order.append(func.ts_rank(words, cast(any_word, TSQUERY)).desc())
    others = select(Account).where(Account.account_id != account.account_id, or_(*alike))
    return list(session.scalars(others.order_by(*order, Account.account_id).limit(CANDIDATES_MAX)))


def _reasons(account: Account, other: Account) -> list[str]:
    reasons = []
    if account.name_key == other.name_key:
        reasons.append("same_name")
    elif rules.likeness(account.name_key, other.name_key) >= rules.LIKENESS_MIN:
        reasons.append("similar_name")
    if account.email and (other.email or "").lower() == account.email.lower():
        reasons.append("same_email")
    return reasons


def _matches(query: str) -> ColumnElement[bool]:
    return func.array_to_tsvector(Account.search_words).op("@@", is_comparison=True)(
        cast(query, TSQUERY)
    )

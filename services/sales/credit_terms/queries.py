"""Reads of credit terms: what applies to an account, and what did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.accounts.models import Account
from services.sales.accounts.queries import fetch_account
from services.sales.credit_terms.models import CreditTerms, DefaultCreditTerms
from services.sales.credit_terms.rules import Terms

_NOTHING = {"version": 0, "overdue_limit": None, "overdue_days": 0, "counts_drafts": False}


def find_terms(session: Session, accounts: Collection[Account]) -> dict[str, Terms]:
    """What is looked at of accounts, by id: their own terms, else those of the firm in their currency."""
    own = _find_own(session, [account.account_id for account in accounts])
    terms: dict[str, Terms] = {key: one for key, one in own.items() if not one.is_default}
    others = [account for account in accounts if account.account_id not in terms]
    defaults = _find_defaults(session, {account.currency for account in others})
    return terms | {one.account_id: defaults[one.currency] for one in others}


def get_credit_terms(session: Session, *, account_id: str) -> dict[str, Any]:
    """What is looked at of an account now, and who said so; version 0: it never had terms of its own."""
    account = fetch_account(session, account_id)
    own = _find_own(session, [account_id]).get(account_id)
    said = own or CreditTerms(**_NOTHING, is_default=True)
    terms = find_terms(session, [account])[account_id]
    return {
        "account_id": account_id,
        "currency": account.currency,
        **{name: getattr(terms, name) for name in ("overdue_limit", "overdue_days")},
        "counts_drafts": terms.counts_drafts,
        **{name: getattr(said, name) for name in ("version", "is_default", "reason")},
        **{name: getattr(said, name) for name in ("set_at", "set_by")},
    }


def get_default_credit_terms(session: Session, *, currency: str) -> DefaultCreditTerms:
    """What the firm looks at in a currency; nothing, in version 0, before that was ever set."""
    return _find_defaults(session, [currency])[currency]


def list_credit_terms(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what was said of an account, the newest first."""
    statement = select(CreditTerms).where(CreditTerms.account_id == account_id)
    by = [CreditTerms.version]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def list_default_credit_terms(
    session: Session, *, currency: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what the firm looked at in a currency, the newest first."""
    statement = select(DefaultCreditTerms).where(DefaultCreditTerms.currency == currency)
    by = [DefaultCreditTerms.version]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def _find_own(session: Session, account_ids: Collection[str]) -> dict[str, CreditTerms]:
    newest = (
        select(CreditTerms)
        .ext(distinct_on(CreditTerms.account_id))
        .where(CreditTerms.account_id.in_(account_ids))
        .order_by(CreditTerms.account_id, CreditTerms.version.desc())
    )
    return {one.account_id: one for one in session.scalars(newest)}


def _find_defaults(
    session: Session, currencies: Collection[str]
) -> Mapping[str, DefaultCreditTerms]:
    newest = (
        select(DefaultCreditTerms)
        .ext(distinct_on(DefaultCreditTerms.currency))
        .where(DefaultCreditTerms.currency.in_(currencies))
        .order_by(DefaultCreditTerms.currency, DefaultCreditTerms.version.desc())
    )
    found = {one.currency: one for one in session.scalars(newest)} if currencies else {}
    return {
        currency: found.get(currency) or DefaultCreditTerms(currency=currency, **_NOTHING)
        for currency in currencies
    }

"""Reads of credit terms: what applies to an account, and what did."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.pages import read_page
from services.sales.accounts.models import Account
from services.sales.accounts.queries import fetch_account
from services.sales.credit_terms.models import CreditTerms, DefaultCreditTerms
from services.sales.credit_terms.rules import Terms

_NOTHING = {"version": 0, "overdue_limit": None, "overdue_days": 0, "counts_drafts": False}


def find_terms(session: Session, account: Account) -> Terms:
    """What is looked at of an account: its own terms, else those of the firm in its currency."""
    own = _find_own(session, account.account_id)
    if own is not None and not own.is_default:
        return own
    return get_default_credit_terms(session, currency=account.currency)


def get_credit_terms(session: Session, *, account_id: str) -> dict[str, Any]:
    """What is looked at of an account now, and who said so; version 0: it never had terms of its own."""
    account = fetch_account(session, account_id)
    own = _find_own(session, account_id)
    said = own or CreditTerms(**_NOTHING, is_default=True)
    terms = find_terms(session, account)
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
    newest = (
        select(DefaultCreditTerms)
        .where(DefaultCreditTerms.currency == currency)
        .order_by(DefaultCreditTerms.version.desc())
        .limit(1)
    )
    return session.scalar(newest) or DefaultCreditTerms(currency=currency, **_NOTHING)


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


def _find_own(session: Session, account_id: str) -> CreditTerms | None:
    newest = (
        select(CreditTerms)
        .where(CreditTerms.account_id == account_id)
        .order_by(CreditTerms.version.desc())
        .limit(1)
    )
    return session.scalar(newest)

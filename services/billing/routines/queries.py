"""Reads of routines, and what is agreed with accounts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.pages import read_page
from services.billing.accounts.models import Account
from services.billing.accounts.queries import get_account
from services.billing.policies.rules import AllocationPolicy
from services.billing.routines.models import BillingRoutine
from services.billing.routines.rules import Agreement, Bills, Routine, Statements
from services.billing.terms.models import PaymentTerms
from services.billing.terms.queries import read_terms

_NEWEST = (
    select(BillingRoutine, PaymentTerms)
    .outerjoin(PaymentTerms, PaymentTerms.payment_terms_id == BillingRoutine.payment_terms_id)
    .where(BillingRoutine.account_id == any_(bindparam("account_ids", type_=ARRAY(Text))))
    .ext(distinct_on(BillingRoutine.account_id))
    .order_by(BillingRoutine.account_id, BillingRoutine.version.desc())
)

_POLICIES = select(
    Account.account_id,
    select(BillingRoutine.allocation_policy)
    .where(BillingRoutine.account_id == Account.account_id)
    .order_by(BillingRoutine.version.desc())
    .limit(1)
    .scalar_subquery()
    .label("allocation_policy"),
).where(Account.account_id == any_(bindparam("account_ids", type_=ARRAY(Text))))


def get_billing_routine(session: Session, *, account_id: str) -> BillingRoutine:
    """What is agreed with an account now; version 0 before anything was."""
    get_account(session, account_id=account_id)
    found = session.scalars(_NEWEST, {"account_ids": [account_id]}).one_or_none()
    return found or BillingRoutine(
        account_id=account_id,
        version=0,
        months_off=[],
        allocation_policy=AllocationPolicy.OLDEST_DUE,
        bills=Bills.PER_SHIPMENT,
        statements=Statements.BY_ACCOUNT,
    )


def list_billing_routines(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what was agreed with an account, the newest first."""
    statement = select(BillingRoutine).where(BillingRoutine.account_id == account_id)
    by = [BillingRoutine.version]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)


def find_agreements(session: Session, *, accounts: Collection[Account]) -> dict[str, Agreement]:
    """What is agreed with accounts, by id."""
    found = session.execute(_NEWEST, {"account_ids": [each.account_id for each in accounts]})
    agreed = {routine.account_id: (routine, terms) for routine, terms in found}
    return {
        account.account_id: _agreement(account, *agreed.get(account.account_id, (None, None)))
        for account in accounts
    }


def find_agreement(session: Session, account: Account) -> Agreement:
    """What is agreed with one account."""
    return find_agreements(session, accounts=[account])[account.account_id]


def find_policies(session: Session, *, account_ids: Collection[str]) -> dict[str, AllocationPolicy]:
    """What money of accounts pays first where nobody says what it is for, by id; accounts of which we
    have no copy are left out."""
    found = session.execute(_POLICIES, {"account_ids": list(account_ids)})
    return {
        row.account_id: AllocationPolicy(row.allocation_policy or AllocationPolicy.OLDEST_DUE)
        for row in found
    }


def find_accounts_billed_on(session: Session, *, days: Collection[int]) -> list[str]:
    """The accounts that want their bill on one of these days of the month, in order."""
    return _find_agreed(session, BillingRoutine.bill_day, days)


def find_accounts_stated_on(session: Session, *, days: Collection[int]) -> list[str]:
    """The accounts that want their statement on one of these days of the month, in order."""
    return _find_agreed(session, BillingRoutine.statement_day, days)


def find_accounts_in_one(session: Session, *, among: Collection[str] | None) -> list[str]:
    """The accounts, among these or all, that get the statements of those below them with their own."""
    found = _find_agreed(session, BillingRoutine.statements, [Statements.IN_ONE])
    return found if among is None else [one for one in found if one in {*among}]


def _find_agreed(
    session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]
) -> list[str]:
    newest = (
        select(BillingRoutine.account_id, column)
        .ext(distinct_on(BillingRoutine.account_id))
        .order_by(BillingRoutine.account_id, BillingRoutine.version.desc())
        .subquery()
    )
    found = select(newest.c.account_id).where(newest.c[column.key].in_(values))
    return list(session.scalars(found.order_by(newest.c.account_id)))


def _agreement(
    account: Account, agreed: BillingRoutine | None, terms: PaymentTerms | None
) -> Agreement:
    if agreed is None:
        return Agreement(account.net_days, account.country)
    off = frozenset(agreed.months_off)
    routine = Routine(agreed.pay_day, agreed.weekday, agreed.weeks, off)
    named = None if terms is None else read_terms(terms)
    return Agreement(account.net_days, account.country, named, routine, Bills(agreed.bills))

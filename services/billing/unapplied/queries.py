"""Reads of what is unapplied, of many accounts at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, and_, bindparam, column, func, select
from sqlalchemy.orm import Session

from services.billing.allocations.models import Allocatable
from services.billing.credits.models import CreditNote
from services.billing.items.models import AccountBalance
from services.billing.items.rules import AccountCurrency
from services.billing.payments.models import Payment

_WANTED = (
    func.unnest(
        bindparam("account_ids", type_=ARRAY(Text)), bindparam("currencies", type_=ARRAY(Text))
    )
    .table_valued(column("account_id", Text), column("currency", Text))
    .render_derived("wanted")
)


def find_with_credit(session: Session) -> Sequence[AccountCurrency]:
    """The accounts and currencies in which something is both owed and unapplied, in order."""
    found = session.execute(
        select(AccountBalance.account_id, AccountBalance.currency)
        .where(AccountBalance.unapplied > 0, AccountBalance.open > 0)
        .order_by(AccountBalance.account_id, AccountBalance.currency)
    )
    return [(row.account_id, row.currency) for row in found]


def find_funds(session: Session, *, keys: Collection[AccountCurrency]) -> list[Allocatable]:
    """The payments and credit notes of these accounts and currencies of which something is unapplied and
    not kept, those of the oldest day first."""
    wanted = {
        "account_ids": [account_id for account_id, _ in keys],
        "currencies": [currency for _, currency in keys],
    }
    found: list[tuple[Any, str, Allocatable]] = []
    kinds: Any = (
        (Payment, Payment.value_date, Payment.payment_id),
        (CreditNote, CreditNote.issued_on, CreditNote.credit_note_id),
    )
    for model, day, key in kinds:
        own = and_(model.account_id == _WANTED.c.account_id, model.currency == _WANTED.c.currency)
        statement = (
            select(model, day.label("day"), key.label("key"))
            .join(_WANTED, own)
            .where(model.unapplied > 0, model.is_kept.is_(False))
            .execution_options(populate_existing=True)
        )
        rows = session.execute(statement, wanted)
        found += [(row.day, row.key, row[0]) for row in rows]
    return [fund for *_, fund in sorted(found, key=lambda one: one[:2])]

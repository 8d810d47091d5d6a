"""Reads of charges that were added before."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.billing.charges.models import Charge

_BY_EXTERNAL_ID = select(Charge).from_statement(
    text("""
    SELECT charge.*
    FROM unnest(CAST(:account_ids AS text[]), CAST(:external_ids AS text[]))
        AS wanted (account_id, external_id)
    JOIN charge USING (account_id, external_id)
    """)
)


def find_external(
    session: Session, *, named: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Charge]:
    """The charges of accounts that go by these names of their senders."""
    if not named:
        return {}
    account_ids, external_ids = zip(*named, strict=True)
    found = session.scalars(
        _BY_EXTERNAL_ID,
        {"account_ids": list(account_ids), "external_ids": list(external_ids)},
        execution_options={"populate_existing": True},
    )
    return {(each.account_id, str(each.external_id)): each for each in found}

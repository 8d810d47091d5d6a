"""Reads of payment terms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from kernel.refusals import Conflict, NotFound, Refusal
from services.billing.business_days.rules import BusinessDays
from services.billing.discounts.rules import discount_of
from services.billing.terms.models import PaymentTerms
from services.billing.terms.rules import Part, Terms

_BY_IDS = select(PaymentTerms).where(
    PaymentTerms.payment_terms_id == any_(bindparam("ids", type_=ARRAY(Text)))
)


def get_payment_terms(session: Session, *, payment_terms_id: str) -> PaymentTerms:
    """Terms as they are now."""
    return fetch_only(session, PaymentTerms, payment_terms_id)


def list_payment_terms(
    session: Session, *, limit: int, after: str | None, is_retired: bool | None
) -> dict[str, Any]:
    """A page of terms by name."""
    statement = select(PaymentTerms)
    if is_retired is not None:
        retired = PaymentTerms.retired_at.is_not(None)
        statement = statement.where(retired if is_retired else ~retired)
    by = [PaymentTerms.name, PaymentTerms.payment_terms_id]
    return read_page(session, statement, by=by, limit=limit, after=after)


def find_terms(
    session: Session, *, payment_terms_ids: Collection[str | None]
) -> dict[str, Terms | Refusal]:
    """What terms say by id, or why they are not to be named: unknown (`payment_terms_not_found`) or
    retired (`payment_terms_retired`)."""
    asked = set(payment_terms_ids) - {None}
    if not asked:
        return {}
    rows = {row.payment_terms_id: row for row in session.scalars(_BY_IDS, {"ids": list(asked)})}
    return {each: _to_be_named(each, rows.get(each)) for each in asked if each is not None}


def choose_terms(found: dict[str, Terms | Refusal], payment_terms_id: str | None) -> Terms | None:
    """The terms that are named, if any are; raises why they are not to be."""
    if payment_terms_id is None:
        return None
    terms = found[payment_terms_id]
    if isinstance(terms, Refusal):
        raise terms
    return terms


def read_terms(row: PaymentTerms) -> Terms:
    """What the terms of a row say."""
    parts = tuple(Part.read(line) for line in row.lines)
    discount = discount_of(row.discount_percent, row.discount_days, row.later_discounts)
    moves = BusinessDays(row.business_days)
    return Terms(parts, moves, row.currency, row.name, discount=discount)


def _to_be_named(payment_terms_id: str, row: PaymentTerms | None) -> Terms | Refusal:
    if row is None:
        return NotFound(
            "payment_terms_not_found",
            f"There are no payment terms {payment_terms_id}; make them first, or correct the id.",
            field="payment_terms_id",
        )
    if row.is_retired:
        return Conflict(
            "payment_terms_retired",
            f"Payment terms {row.name} are retired; name others.",
            field="payment_terms_id",
        )
    return read_terms(row)

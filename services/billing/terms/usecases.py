"""Make, change and retire payment terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from kernel.ids import new_id
from kernel.refusals import Conflict
from services.billing.discounts.rules import discount_of
from services.billing.terms.models import PaymentTerms
from services.billing.terms.rules import Part, require_terms


def make_payment_terms(
    session: Session,
    *,
    name: str,
    lines: Sequence[Mapping[str, Any]],
    currency: str | None,
    business_days: str,
    discount_percent: Decimal | None,
    discount_days: int | None,
    later_discounts: Sequence[Mapping[str, Any]] | None = None,
    now: datetime,
    by: str,
) -> PaymentTerms:
    """Terms to be named by invoices and accounts from now on."""
    _require_free_name(session, name, but_for=None)
    made = PaymentTerms(
        payment_terms_id=new_id("ptm"),
        name=name,
        **_content(lines, currency, business_days),
        **_discount(discount_percent, discount_days, later_discounts),
        changed_at=now,
        changed_by=by,
    )
    session.add(made)
    session.flush()
    return made


def change_payment_terms(
    session: Session,
    *,
    payment_terms_id: str,
    name: str,
    lines: Sequence[Mapping[str, Any]],
    currency: str | None,
    business_days: str,
    discount_percent: Decimal | None,
    discount_days: int | None,
    later_discounts: Sequence[Mapping[str, Any]] | None = None,
    now: datetime,
    by: str,
) -> PaymentTerms:
    """Say terms anew, for what is written from now on."""
    terms = _fetch_live(session, payment_terms_id)
    _require_free_name(session, name, but_for=payment_terms_id)
    terms.name = name
    content = _content(lines, currency, business_days)
    content |= _discount(discount_percent, discount_days, later_discounts)
    for column, value in content.items():
        setattr(terms, column, value)
    terms.changed_at, terms.changed_by = now, by
    session.flush()
    return terms


def retire_payment_terms(
    session: Session, *, payment_terms_id: str, now: datetime, by: str
) -> PaymentTerms:
    """Have terms named no more; accounts that have them keep them until they are given others."""
    terms = _fetch_live(session, payment_terms_id)
    terms.retired_at, terms.retired_by = now, by
    session.flush()
    return terms


def _fetch_live(session: Session, payment_terms_id: str) -> PaymentTerms:
    terms = fetch_for_change(session, PaymentTerms, payment_terms_id)
    if terms.is_retired:
        raise Conflict(
            "payment_terms_retired",
            f"Payment terms {terms.name} are retired; make new ones, which may have the same name.",
        )
    return terms


def _require_free_name(session: Session, name: str, *, but_for: str | None) -> None:
    named = select(PaymentTerms.payment_terms_id).where(
        PaymentTerms.name == name, PaymentTerms.retired_at.is_(None)
    )
    if session.scalars(named).one_or_none() not in (None, but_for):
        raise Conflict(
            "name_taken",
            f"There are payment terms {name} already; change or retire those, or take another name.",
            field="name",
        )


def _content(
    lines: Sequence[Mapping[str, Any]],
    currency: str | None,
    business_days: str,
) -> dict[str, Any]:
    parts = [Part.read(line) for line in lines]
    require_terms(parts, currency=currency)
    return {
        "lines": [part.store() for part in parts],
        "currency": currency,
        "business_days": business_days,
    }


def _discount(
    percent: Decimal | None, days: int | None, later: Sequence[Mapping[str, Any]] | None
) -> dict[str, Any]:
    discount = discount_of(percent, days, later)
    return {
        "discount_percent": percent,
        "discount_days": days,
        "later_discounts": discount and discount.store_later(),
    }

"""Reads of tolerances."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.billing.tolerances.models import ToleranceSetting
from services.billing.tolerances.rules import NONE, Tolerance

_NEWEST = (
    select(ToleranceSetting)
    .where(ToleranceSetting.currency == any_(bindparam("currencies", type_=ARRAY(Text))))
    .ext(distinct_on(ToleranceSetting.currency))
    .order_by(ToleranceSetting.currency, ToleranceSetting.version.desc())
)


def get_tolerance(session: Session, *, currency: str) -> ToleranceSetting:
    """What is tolerated in a currency now; nothing, in version 0, before that was ever set."""
    found = session.scalars(_NEWEST, {"currencies": [currency]}).one_or_none()
    return found or ToleranceSetting(currency=currency, version=0, amount=0, percent=Decimal(0))


def find_tolerances(session: Session, *, currencies: Collection[str]) -> dict[str, Tolerance]:
    """What is tolerated, by currency; those where nothing ever was are left out."""
    found = session.scalars(_NEWEST, {"currencies": list(currencies)})
    return {each.currency: Tolerance(each.amount, each.percent) for each in found}


def find_tolerance(session: Session, *, currency: str) -> Tolerance:
    """What is tolerated in one currency."""
    return find_tolerances(session, currencies=[currency]).get(currency, NONE)

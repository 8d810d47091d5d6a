"""Reads of tolerances."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from chassis.pages import read_page
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


class LazyTolerances:
    """What is tolerated by currency, read of all these currencies when it is asked for first: most
    payments leave nothing of what they pay."""

    def __init__(self, session: Session, *, currencies: Collection[str]) -> None:
        self._session, self._currencies = session, currencies
        self._found: dict[str, Tolerance] | None = None

    def __getitem__(self, currency: str) -> Tolerance:
        if self._found is None:
            self._found = find_tolerances(self._session, currencies=self._currencies)
        return self._found.get(currency, NONE)


def list_tolerances(
    session: Session, *, currency: str, limit: int, after: str | None
) -> dict[str, Any]:
    """A page of what was tolerated in a currency, the newest first."""
    statement = select(ToleranceSetting).where(ToleranceSetting.currency == currency)
    by = [ToleranceSetting.version]
    return read_page(session, statement, by=by, limit=limit, after=after, is_descending=True)

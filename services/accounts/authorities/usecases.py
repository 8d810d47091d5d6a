"""What happens to authorities and to what goodwill may come to: both are set."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis.bulk import insert_new_rows
from chassis.database import fetch_for_change
from kernel.money import Money
from services.accounts.authorities.models import GoodwillRule, RemedyAuthority
from services.accounts.authorities.rules import limits_of
from services.accounts.staff.rules import Role


def set_authority(
    session: Session,
    *,
    role: Role,
    is_unlimited: bool,
    is_free_of_budget: bool,
    amounts: Sequence[Money],
) -> RemedyAuthority:
    """Say how much people of a role may grant from now on; what waits for approval goes on to wait."""
    known = fetch_for_change(session, RemedyAuthority, role)
    known.is_unlimited, known.is_free_of_budget = is_unlimited, is_free_of_budget
    known.limits = limits_of(amounts)
    session.flush()
    return known


def set_goodwill_rule(
    session: Session, *, currency: str, percent: Decimal, most: int
) -> GoodwillRule:
    """Say how much goodwill accounts may be given in a currency, for the first time or anew."""
    row = {"currency": currency, "percent": percent, "most": most, "version": 1}
    insert_new_rows(session, GoodwillRule, [row])
    known = fetch_for_change(session, GoodwillRule, currency)
    known.percent, known.most = percent, most
    session.flush()
    return known

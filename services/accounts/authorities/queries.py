"""Reads of authorities and of what goodwill may come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch
from kernel.callers import Caller
from services.accounts.authorities.models import GoodwillRule, RemedyAuthority
from services.accounts.authorities.rules import NONE, SYSTEM, SYSTEM_SCOPE, Authority, budget_of
from services.accounts.billed.queries import sum_billed_net
from services.accounts.staff.models import Staff
from services.accounts.staff.rules import Role


def get_authority(session: Session, *, role: Role) -> RemedyAuthority:
    """How much people of a role may grant."""
    return fetch(session, RemedyAuthority, role)


def get_goodwill_rule(session: Session, *, currency: str) -> GoodwillRule:
    """How much goodwill there may be in a currency."""
    return fetch(session, GoodwillRule, currency)


def authority_of(session: Session, caller: Caller) -> Authority:
    """How much a caller may grant: a person by their role, a system by its scope."""
    if caller.staff_id is None:
        return SYSTEM if SYSTEM_SCOPE in caller.scopes else NONE
    person = session.get(Staff, caller.staff_id)
    return NONE if person is None else authority_of_role(session, person.role)


def authority_of_role(session: Session, role: Role) -> Authority:
    """How much people of a role may grant."""
    known = session.get(RemedyAuthority, role)
    return NONE if known is None else known.authority


def each_above(session: Session, staff_id: str) -> Iterator[Staff]:
    """Whom somebody reports to, and so on to the top."""
    person = session.get(Staff, staff_id)
    while person is not None and person.reports_to_id is not None:
        person = session.get(Staff, person.reports_to_id)
        if person is not None:
            yield person


def read_goodwill_budget(
    session: Session, *, account_id: str, currency: str, today: date
) -> tuple[int, int]:
    """What an account was billed net in the twelve months that end today, and the goodwill that it may be
    given for it; minor units. In a currency without a rule, none."""
    billed = sum_billed_net(session, account_id=account_id, upto=today).get(currency, 0)
    rule = session.scalar(select(GoodwillRule).where(GoodwillRule.currency == currency))
    if rule is None:
        return billed, 0
    return billed, budget_of(billed, percent=rule.percent, most=rule.most)

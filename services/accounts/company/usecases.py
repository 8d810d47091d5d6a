"""Saying who we are, to all who write in our name."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.accounts import events
from services.accounts.addresses.rules import read_place
from services.accounts.company import rules
from services.accounts.company.models import Company


def set_company(session: Session, *, addresses: list[dict[str, Any]], **facts: Any) -> Company:
    """Say who we are: the whole of it, for the first time or anew. What is as it was changes nothing."""
    rules.require_seat([one["kind"] for one in addresses])
    rules.require_answerable(facts["email_from"])
    facts["addresses"] = [_place(**one) for one in addresses]
    known_id = session.scalar(select(Company.company_id))
    if known_id is None:
        company = Company(company_id=new_id("cmp"))
        session.add(company)
    else:
        company = fetch_for_change(session, Company, known_id)
        if all(getattr(company, name) == value for name, value in facts.items()):
            return company
    for name, value in facts.items():
        setattr(company, name, value)
    session.flush()
    told = events.CompanyChanged._declared_fields
    announce(session, events.CompanyChanged, **{name: getattr(company, name) for name in told})
    return company


def _place(*, kind: str, **place: Any) -> dict[str, Any]:
    return {"kind": kind, **asdict(read_place(**place))}

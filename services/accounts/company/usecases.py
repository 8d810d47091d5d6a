"""Saying who we are, to all who write in our name."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.files import attach_file, drop_file, read_file
from chassis.outbox import announce
from kernel.ids import new_id
from services.accounts import events, files
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
    if facts["logo_file_id"] != company.logo_file_id:
        _change_logo(session, company, facts["logo_file_id"])
    for name, value in facts.items():
        setattr(company, name, value)
    session.flush()
    told = events.CompanyChanged._declared_fields
    announce(session, events.CompanyChanged, **{name: getattr(company, name) for name in told})
    return company


def _change_logo(session: Session, company: Company, file_id: str | None) -> None:
    if company.logo_file_id is not None:
        drop_file(session, company.logo_file_id)
    company.logo = None
    if file_id is not None:
        field, to = "logo_file_id", company.company_id
        attach_file(session, file_id=file_id, kind=files.LOGO, to=to, field=field)
        content = b"".join(read_file(session, file_id))
        rules.require_picture(content)
        company.logo = base64.b64encode(content).decode()


def _place(*, kind: str, **place: Any) -> dict[str, Any]:
    return {"kind": kind, **asdict(read_place(**place))}

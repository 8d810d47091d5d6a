"""Reads of the company."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.accounts.company.models import Company
from services.accounts.company.rules import not_set

EVERY = select(Company)


def get_country(session: Session) -> str | None:
    """The country in which our phones ring (ISO 3166-1); None before anybody said who we are."""
    return session.scalars(select(Company.country)).one_or_none()


def get_company(session: Session) -> Company:
    """Who we are; NotFound before anybody said so."""
    company = session.scalars(select(Company)).one_or_none()
    if company is None:
        raise not_set()
    return company

"""Reading the copy of the company."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.collections.company.models import Company

COPY = select(Company)
"""What we keep of others' facts."""


def find_company(session: Session) -> Company | None:
    """Who we are; None before anybody said so."""
    return session.scalars(select(Company).order_by(Company.company_id)).first()

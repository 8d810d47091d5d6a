"""Reading the copy of the company."""

from __future__ import annotations

import base64
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.company.models import Company, FormerCompany, Logo
from services.billing.taxes.rules import Rounding

COPY = select(Company)
"""What we keep of others' facts."""


def find_company(session: Session) -> Company | None:
    """Who bills; None before anybody said so."""
    return session.scalars(select(Company).order_by(Company.company_id)).first()


def find_company_at(session: Session, *, at: datetime) -> Company | FormerCompany | None:
    """Who we were at a moment, as far back as anybody said; None before anybody said so."""
    former = session.scalars(
        select(FormerCompany)
        .where(FormerCompany.replaced_at > at)
        .order_by(FormerCompany.replaced_at, FormerCompany.version)
        .limit(1)
    ).first()
    return former or find_company(session)


def find_logo(session: Session, logo_file_id: str | None) -> bytes | None:
    """The PNG or JPEG of a logo; None for none."""
    if logo_file_id is None:
        return None
    content = session.scalar(select(Logo.content).where(Logo.logo_file_id == logo_file_id))
    return None if content is None else base64.b64decode(content)


def find_rounding(session: Session) -> Rounding:
    """What tax is rounded by on documents that are written now; by document before anybody said so."""
    found = session.scalars(select(Company.tax_rounding).order_by(Company.company_id)).first()
    return Rounding.DOCUMENT if found is None else Rounding(found)

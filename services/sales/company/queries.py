"""Reading the copy of the company."""

from __future__ import annotations

import base64

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.company.models import Company, Logo

COPY = select(Company)
"""What we keep of others' facts."""


def find_company(session: Session) -> Company | None:
    """Who we are; None before anybody said so."""
    return session.scalars(select(Company).order_by(Company.company_id)).first()


def find_logo(session: Session, logo_file_id: str | None) -> bytes | None:
    """The PNG or JPEG of a logo; None for none."""
    if logo_file_id is None:
        return None
    content = session.scalar(select(Logo.content).where(Logo.logo_file_id == logo_file_id))
    return None if content is None else base64.b64decode(content)

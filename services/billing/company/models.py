"""Tables: the copy of the company, what it was before, and the logos it has had."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.base import Base


class FormerCompany(Base):
    """What documents said of the company until `replaced_at`."""

    __tablename__ = "former_company"

    company_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    replaced_at: Mapped[datetime]
    legal_name: Mapped[str]
    country: Mapped[str]
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    tax_ids: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    email_from: Mapped[str | None]
    logo_file_id: Mapped[str | None]


class Company(Base):
    """What billing needs to know of the company to write in its name. `tax_rounding` counts for documents
    that are written from now on."""

    __tablename__ = "company"

    company_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    legal_name: Mapped[str]
    country: Mapped[str]
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    tax_ids: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    bank_accounts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    email_from: Mapped[str | None]
    logo_file_id: Mapped[str | None]
    tax_rounding: Mapped[str]


class Logo(Base):
    """A logo that documents bear; older documents bear older ones."""

    __tablename__ = "logo"

    logo_file_id: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str]  # PNG or JPEG in Base64, as it was told

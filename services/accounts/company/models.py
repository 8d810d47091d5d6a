"""The table of the company: at most one row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.accounts.base import Base
from services.accounts.company.rules import TaxRounding


class Company(Base, Aggregate):
    """Who we are. Addresses are kept as they are announced."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("is_ours", name="is_ours"),)

    company_id: Mapped[str] = mapped_column(primary_key=True)
    is_ours: Mapped[bool] = mapped_column(unique=True, default=True)
    legal_name: Mapped[str]
    country: Mapped[str]
    time_zone: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    tax_ids: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    bank_accounts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    tax_rounding: Mapped[str] = mapped_column(server_default=TaxRounding.DOCUMENT)
    email_from: Mapped[str | None]
    logo_file_id: Mapped[str | None]
    logo: Mapped[str | None] = mapped_column(deferred=True)  # in Base64, as it is announced

"""The table of our working hours, with their history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.accounts.base import Base


class WorkingHours(Base):
    """When we work, from one moment until the next row's; appended, never edited. Zone and country are
    the company's; null: the zone of the business, and no public holidays. `company_version` is that of
    the company they are known from."""

    __tablename__ = "working_hours"

    version: Mapped[int] = mapped_column(primary_key=True)
    effective_at: Mapped[datetime]
    week: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    closed_days: Mapped[list[date]] = mapped_column(ARRAY(Date))
    country: Mapped[str | None]
    time_zone: Mapped[str | None]
    company_version: Mapped[int]
    set_by: Mapped[str]

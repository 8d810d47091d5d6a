"""Tables: the copy of the company, and the logos it has had."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.sales.base import Base


class Company(Base):
    """What sales needs to know of the company to write in its name."""

    __tablename__ = "company"

    company_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    legal_name: Mapped[str]
    country: Mapped[str]
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    email_from: Mapped[str | None]
    logo_file_id: Mapped[str | None]


class Logo(Base):
    """A logo that delivery notes bear."""

    __tablename__ = "logo"

    logo_file_id: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str]  # PNG or JPEG in Base64, as it was told

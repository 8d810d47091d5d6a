"""The table of payment terms that have a name."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from services.billing.base import Base


class PaymentTerms(Base, Aggregate):
    """Terms under a name. Invoices carry their own copy of what they say, so changing them changes what
    is written from then on, and retired ones are named no more."""

    __tablename__ = "payment_terms"
    __table_args__ = (
        Index(
            "uq_payment_terms_name",
            "name",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    payment_terms_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    currency: Mapped[str | None]
    business_days: Mapped[str]
    discount_percent: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    discount_days: Mapped[int | None]
    later_discounts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[str | None]

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

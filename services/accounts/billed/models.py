"""The copies of invoices and credit notes."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base

_IS_FOR_ANOTHER = text("for_account_id IS NOT NULL")


class BilledInvoice(Base, AccountOwned):
    """An invoice as billing issued it; amounts in minor units of `currency`. `account_id` is who pays it,
    `for_account_id` for whom it is where that is somebody else. Of one that we only know
    to be void there is no `issued_on`, and nothing else that its issue says."""

    __tablename__ = "billed_invoice"
    __table_args__ = (
        Index("ix_billed_invoice_account_id_issued_on", "account_id", "issued_on"),
        Index(
            "ix_billed_invoice_for_account_id", "for_account_id", postgresql_where=_IS_FOR_ANOTHER
        ),
    )

    invoice_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)
    for_account_id: Mapped[str | None]
    number: Mapped[str]
    currency: Mapped[str]
    issued_on: Mapped[date | None]
    net: Mapped[int | None]
    total: Mapped[int | None]
    order_id: Mapped[str | None]
    lines: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    is_void: Mapped[bool] = mapped_column(server_default=text("false"))


class BilledCredit(Base, AccountOwned):
    """A credit note as billing issued it; `net` in minor units of `currency`."""

    __tablename__ = "billed_credit"
    __table_args__ = (
        Index("ix_billed_credit_account_id_issued_on", "account_id", "issued_on"),
        Index(
            "ix_billed_credit_for_account_id", "for_account_id", postgresql_where=_IS_FOR_ANOTHER
        ),
    )

    credit_note_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)
    for_account_id: Mapped[str | None]
    invoice_id: Mapped[str | None]
    currency: Mapped[str]
    issued_on: Mapped[date]
    net: Mapped[int]
    is_void: Mapped[bool] = mapped_column(server_default=text("false"))

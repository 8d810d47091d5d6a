"""The table of contacts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.accounts.rules import ContactRole
from services.accounts.base import Base, choices


class Contact(Base, Aggregate, AccountOwned):
    """A person at an account, valid from the first day to the last, both included; ended, never
    deleted. `phone` is the first of `phones`."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="valid_to_after_from"),
        Index(
            "ix_contact_phones",
            "phones",
            postgresql_using="gin",
            postgresql_ops={"phones": "jsonb_path_ops"},
        ),
    )

    contact_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    phones: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    roles: Mapped[list[ContactRole]] = mapped_column(choices(ContactRole))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

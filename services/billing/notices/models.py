"""The table of letters about items: billing's own copy, kept by events."""

from __future__ import annotations

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.billing.base import Base


class Notice(Base, AccountOwned):
    """A dunning notice that was approved; once it is sent or dropped it is ended, in whatever order that
    is heard. Of one that was ended before we heard what it asked for, the items are not known."""

    __tablename__ = "dunning_notice"
    __table_args__ = (
        Index(
            "ix_dunning_notice_items",
            "item_ids",
            postgresql_using="gin",
            postgresql_where=text("NOT is_ended"),
        ),
    )

    notice_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    item_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_ended: Mapped[bool]

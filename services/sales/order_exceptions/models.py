"""The tables of order exceptions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import NATURAL, AccountOwned, Aggregate
from services.sales.base import Base

exception_number = Sequence("order_exception_number", start=100001, metadata=Base.metadata)


class OrderException(Base, Aggregate, AccountOwned):
    """A shipment of an order that was cancelled, or an invoice for it that was voided: once for what it
    is `about`; or an order of which too much is billed: one at a time. A person settles it with again or
    leave; what is billed too much may be mended by itself."""

    __tablename__ = "order_exception"
    __table_args__ = (
        Index(
            "uq_order_exception_about",
            "about",
            unique=True,
            postgresql_where=text("kind <> 'billed_too_much' OR settled_as IS NULL"),
        ),
    )

    exception_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        NATURAL, unique=True, server_default=text("'OX-' || nextval('order_exception_number')")
    )
    order_id: Mapped[str] = mapped_column(index=True)
    order_number: Mapped[str]
    currency: Mapped[str]
    kind: Mapped[str]
    about: Mapped[str]
    about_number: Mapped[str]
    shipment_id: Mapped[str | None]
    raised_at: Mapped[datetime]
    settled_as: Mapped[str | None]
    settle_reason: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]

    lines: Mapped[list[OrderExceptionLine]] = relationship(
        order_by="OrderExceptionLine.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def is_settled(self) -> bool:
        return self.settled_as is not None


class OrderExceptionLine(Base):
    """What of an order line it is about. `left` of it is not billed, or not shipped, any more; or
    stays billed too much."""

    __tablename__ = "order_exception_line"

    exception_id: Mapped[str] = mapped_column(
        ForeignKey("order_exception.exception_id"), primary_key=True
    )
    line_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    position: Mapped[int]
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    left: Mapped[Decimal] = mapped_column(Numeric(13, 3), server_default=text("0"))

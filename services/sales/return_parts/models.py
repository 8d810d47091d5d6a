"""The tables of the parts in which returns arrive."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.sales.base import Base
from services.sales.returns.models import Return


class ReturnPart(Base):
    """What arrived of a return at once. `inspections` counts those that were undone and the present
    one, if any. `answer` is what is given for it: credit, or replacement."""

    __tablename__ = "return_part"

    return_id: Mapped[str] = mapped_column(ForeignKey("return.return_id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    received_on: Mapped[date]
    received_at: Mapped[datetime]
    received_by: Mapped[str]
    place_id: Mapped[str | None]
    inspections: Mapped[int] = mapped_column(server_default=text("0"))
    inspected_at: Mapped[datetime | None]
    inspected_by: Mapped[str | None]
    note: Mapped[str | None]
    answer: Mapped[str | None]

    of: Mapped[Return] = relationship(lazy="raise")
    lines: Mapped[list[ReturnPartLine]] = relationship(
        order_by="ReturnPartLine.position", lazy="selectin"
    )

    @property
    def is_inspected(self) -> bool:
        return self.inspected_at is not None


class ReturnPartLine(Base):
    """What arrived of one line of a return, and what becomes of it."""

    __tablename__ = "return_part_line"
    __table_args__ = (
        ForeignKeyConstraint(["return_id", "part"], ["return_part.return_id", "return_part.part"]),
        CheckConstraint(
            "restocked >= 0 AND scrapped >= 0 AND rejected >= 0"
            " AND restocked + scrapped + rejected IN (0, received)",
            name="inspected",
        ),
    )

    return_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("order_line.line_id"), primary_key=True)
    position: Mapped[int]
    received: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    restocked: Mapped[Decimal] = mapped_column(Numeric(13, 3), server_default=text("0"))
    scrapped: Mapped[Decimal] = mapped_column(Numeric(13, 3), server_default=text("0"))
    rejected: Mapped[Decimal] = mapped_column(Numeric(13, 3), server_default=text("0"))

    @property
    def accepted(self) -> Decimal:
        return self.restocked + self.scrapped

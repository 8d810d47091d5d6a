"""The tables of returns, their lines and their steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy
from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from chassis.database import NATURAL, AccountOwned, Aggregate
from services.sales.base import Base
from services.sales.orders.models import OrderLine
from services.sales.returns import rules

return_number = sqlalchemy.Sequence("return_number", start=100001, metadata=Base.metadata)


class Return(Base, Aggregate, AccountOwned):
    """Goods of one order that come back. `cause` is what opened it by itself, once for each: a remedy or
    an order (`for_order_id`), and the order of the goods. `external_id` is what another system calls
    it, once in an account. `lowered` are goods that stay with the client for less. `problem` is why
    billing does not credit it. `contact_reason` is why the account is to be contacted about it, of which
    `contact_version` counts what was told. `steps` counts what happened to it."""

    __tablename__ = "return"
    __table_args__ = (
        Index(
            "uq_return_external_id",
            "account_id",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_return_waiting", "waits_for", "waits_since"),
        Index("ix_return_requested_on", "requested_on", "number"),
    )

    return_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        NATURAL, unique=True, server_default=text("'RT-' || nextval('return_number')")
    )
    order_id: Mapped[str] = mapped_column(ForeignKey("order.order_id"), index=True)
    order_number: Mapped[str]
    currency: Mapped[str]
    cause: Mapped[str | None] = mapped_column(unique=True)
    for_order_id: Mapped[str | None] = mapped_column(index=True)
    remedy_id: Mapped[str | None] = mapped_column(index=True)
    external_id: Mapped[str | None]
    resolution: Mapped[str]
    reason: Mapped[str]
    status: Mapped[str]
    expires_on: Mapped[date | None]
    waits_for: Mapped[str | None]
    waits_since: Mapped[datetime | None]
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    sent_on: Mapped[date | None]
    lowered: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    problem: Mapped[str | None]
    contact_reason: Mapped[str | None]
    contact_version: Mapped[int] = mapped_column(server_default=text("0"))
    steps: Mapped[int]
    requested_on: Mapped[date]
    requested_at: Mapped[datetime]
    requested_by: Mapped[str]
    ended_at: Mapped[datetime | None]

    lines: Mapped[list[ReturnLine]] = relationship(order_by="ReturnLine.position")

    @property
    def is_partly_returned(self) -> bool:
        return rules.is_partly_returned([line.quantities for line in self.lines])

    @property
    def chain(self) -> Mapping[str, Sequence[Any]]:
        """Its steps, parts, answers and credit notes, where whoever read it laid them out."""
        chain: Mapping[str, Sequence[Any]] = self.__dict__["_chain"]
        return chain

    def lay_out(self, **chain: Sequence[Any]) -> None:
        """Lay out what became of it, for whoever reads it."""
        self.__dict__["_chain"] = chain


class ReturnLine(Base):
    """What of an order line comes back. `unit_price` is what each is made good for, where that is less
    than its price. `for_line_id` is the line below nothing that it is for; where `is_unsold`, it is that
    line, and nothing had sold the goods."""

    __tablename__ = "return_line"
    __table_args__ = (
        CheckConstraint("asked > 0 AND dropped >= 0 AND dropped + received <= asked", name="asked"),
        CheckConstraint(
            "restocked >= 0 AND scrapped >= 0 AND rejected >= 0"
            " AND restocked + scrapped + rejected <= received",
            name="inspected",
        ),
        CheckConstraint(
            "credited >= 0 AND replaced >= 0 AND credited + replaced <= answered"
            " AND answered <= restocked + scrapped",
            name="answered",
        ),
    )

    return_id: Mapped[str] = mapped_column(ForeignKey("return.return_id"), primary_key=True)
    line_id: Mapped[str] = mapped_column(
        ForeignKey("order_line.line_id"), primary_key=True, index=True
    )
    position: Mapped[int]
    for_line_id: Mapped[str | None]
    is_unsold: Mapped[bool] = mapped_column(server_default=text("false"))
    unit_price: Mapped[int | None]
    quantities: Mapped[rules.Quantities] = composite(
        mapped_column("asked", Numeric(13, 3)),
        mapped_column("dropped", Numeric(13, 3)),
        mapped_column("received", Numeric(13, 3)),
        mapped_column("restocked", Numeric(13, 3)),
        mapped_column("scrapped", Numeric(13, 3)),
        mapped_column("rejected", Numeric(13, 3)),
        mapped_column("answered", Numeric(13, 3)),
        mapped_column("credited", Numeric(13, 3)),
        mapped_column("replaced", Numeric(13, 3)),
    )

    order_line: Mapped[OrderLine] = relationship(lazy="joined", innerjoin=True)

    @property
    def outstanding(self) -> Decimal:
        """How much is waited for."""
        return self.quantities.outstanding


class ReturnStep(Base):
    """Something that happened to a return: who did what when, how it was announced (or which event said
    it), and which thing it is about."""

    __tablename__ = "return_step"

    return_id: Mapped[str] = mapped_column(ForeignKey("return.return_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    status: Mapped[str]
    event: Mapped[str | None]
    part: Mapped[int | None]
    about: Mapped[str | None]
    note: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[str]

    of: Mapped[Return] = relationship(lazy="raise")

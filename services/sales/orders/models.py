"""The tables of orders and their lines."""

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
from services.sales.orders import rules

order_number = sqlalchemy.Sequence("order_number", start=100001, metadata=Base.metadata)


class Order(Base, Aggregate, AccountOwned):
    """An order. Amounts are in minor units of `currency`.

    `status` and the totals follow from the lines and are stored for lists and sums. `open_gross` is the
    gross value of what is confirmed and neither shipped nor cancelled; what is to come back takes nothing
    off it. `not_invoiced` is the gross value
    of what is shipped and not invoiced, less what was invoiced ahead; it may be negative. Together they
    are the order's part in the account's exposure. `agreed_limit` is the credit limit that it was agreed
    under, in its currency; none was no limit, or it is not agreed yet. `delivery_address` is how the
    account's stood when it was drafted, unless another was given; `delivery_contact` is a name.
    `replaces_return_id` is the return in whose place its goods are sent, for nothing."""

    __tablename__ = "order"
    __table_args__ = (
        Index(
            "ix_order_exposure",
            "account_id",
            "currency",
            postgresql_where=text("open_gross + not_invoiced > 0"),
        ),
        Index("ix_order_draft", "account_id", postgresql_where=text("status = 'draft'")),
        Index("ix_order_ordered_on", "ordered_on", "number"),
        Index(
            "uq_order_external_id",
            *("account_id", "external_id"),
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
    )

    order_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        NATURAL, unique=True, server_default=text("'SO-' || nextval('order_number')")
    )
    currency: Mapped[str]
    reference: Mapped[str | None]
    external_id: Mapped[str | None]  # what the sender calls it
    external_digest: Mapped[str | None]  # of what it said under that name
    is_billed_apart: Mapped[bool] = mapped_column(server_default=text("false"))
    delivery_address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    delivery_contact_id: Mapped[str | None]
    delivery_contact: Mapped[str | None]
    note: Mapped[str | None]
    bills_on: Mapped[str] = mapped_column(server_default=text("'shipment'"))
    ships_on: Mapped[str] = mapped_column(server_default=text("'order'"))
    deposit_percent: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    replaces_return_id: Mapped[str | None] = mapped_column(index=True)
    status: Mapped[str]
    total_net: Mapped[int]
    total_tax: Mapped[int]
    total_gross: Mapped[int]
    open_gross: Mapped[int]
    not_invoiced: Mapped[int]
    ordered_on: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    agreed_limit: Mapped[int | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancel_reason: Mapped[str | None]

    lines: Mapped[list[OrderLine]] = relationship(
        order_by="OrderLine.position", cascade="all, delete-orphan"
    )

    @property
    def is_ended(self) -> bool:
        """Whether nothing is left to be shipped of it."""
        return self.status in (rules.OrderStatus.DONE, rules.OrderStatus.CANCELLED)

    @property
    def gross_to_ship(self) -> int:
        """What is open of the goods that go out."""
        return rules.totals(line.part(line.quantities.to_ship) for line in self.lines).gross

    @property
    def going_out(self) -> rules.Totals:
        """What its goods come to that go out: what it adds to the account's exposure. What comes back
        counts once it is credited."""
        return rules.totals(
            line.part(line.quantities.ordered) for line in self.lines if not line.is_return_line
        )

    @property
    def warnings(self) -> Sequence[Mapping[str, Any]]:
        """What whoever asked is to know of it; not stored."""
        return self.__dict__.get("_warnings", ())

    def warn(self, warnings: Sequence[Mapping[str, Any]]) -> None:
        """Let whoever asked know these."""
        self.__dict__["_warnings"] = warnings


class OrderLine(Base):
    """A product on an order, with name, prices and tax as they were agreed. `net_unit_price` is
    `unit_price` after discount. `returns_line_id` is the line by which goods were sold that come back."""

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint(
            "(quantity > 0 AND shipped >= 0 AND cancelled >= 0 AND returned = 0"
            " AND cancelled <= quantity AND shipped <= 2 * quantity)"
            " OR (quantity < 0 AND shipped = 0 AND cancelled <= 0 AND returned >= 0"
            " AND cancelled - returned >= quantity)",
            name="quantities",
        ),
        Index(
            "ix_order_line_promised_on",
            "promised_on",
            postgresql_where=text("quantity > shipped + cancelled"),
        ),
    )

    line_id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("order.order_id"), index=True)
    position: Mapped[int]
    product_id: Mapped[str] = mapped_column(ForeignKey("product.product_id"))
    sku: Mapped[str]
    description: Mapped[str]
    unit_price: Mapped[int]
    discount_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    net_unit_price: Mapped[int]
    tax_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    quantities: Mapped[rules.Quantities] = composite(
        mapped_column("quantity", Numeric(13, 3)),
        mapped_column("shipped", Numeric(13, 3)),
        mapped_column("cancelled", Numeric(13, 3)),
        mapped_column("returned", Numeric(13, 3), server_default=text("0")),
    )
    promised_on: Mapped[date | None]
    note: Mapped[str | None]
    returns_line_id: Mapped[str | None] = mapped_column(
        ForeignKey("order_line.line_id"), index=True
    )

    @property
    def is_return_line(self) -> bool:
        """Whether it is goods that come back."""
        return self.quantities.is_return

    @property
    def ordered(self) -> Decimal:
        """How many were ordered."""
        return self.quantities.ordered

    @property
    def net(self) -> int:
        """The line's net amount as ordered."""
        return rules.line_net(self.quantities.ordered, self.net_unit_price)

    def part(self, quantity: Decimal) -> rules.Part:
        """Some of this line, to be added up."""
        return rules.Part(quantity, self.net_unit_price, self.tax_percent)

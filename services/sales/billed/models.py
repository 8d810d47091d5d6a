"""The copies of what billing says of order lines, and of what came back of them."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.sales.base import Base


class BilledInvoice(Base, AccountOwned):
    """An invoice, by the account that it is for. Issue, void, payment and its opposite come in any order:
    of one whose issue is not heard of nothing else is known. `settled_version` is the invoice's version
    by which it is paid, or open again."""

    __tablename__ = "billed_invoice"

    invoice_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    order_id: Mapped[str | None] = mapped_column(index=True)
    shipment_id: Mapped[str | None]
    is_void: Mapped[bool] = mapped_column(server_default=text("false"))
    is_paid: Mapped[bool] = mapped_column(server_default=text("false"))
    settled_version: Mapped[int] = mapped_column(server_default=text("0"))


class BilledLine(Base):
    """The line of an invoice that bills an order line."""

    __tablename__ = "billed_line"

    invoice_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(index=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))


class LineCredit(Base):
    """What a credit note credits of an order line by quantity, of which invoice, and whether for goods
    that came back."""

    __tablename__ = "line_credit"

    credit_note_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[str] = mapped_column(index=True)
    line_id: Mapped[str] = mapped_column(index=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))
    is_of_return: Mapped[bool] = mapped_column(server_default=text("false"))


class VoidCredit(Base):
    """A credit note that was issued in error; it may be heard of before its issue."""

    __tablename__ = "void_credit"

    credit_note_id: Mapped[str] = mapped_column(primary_key=True)


class LineReturn(Base):
    """What of an order line came back and was accepted, by a part of a return."""

    __tablename__ = "line_return"

    return_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    quantity: Mapped[Decimal] = mapped_column(Numeric(13, 3))

"""Open items, and the balance of each account and currency."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import NATURAL, AccountOwned, Aggregate
from services.billing.base import Base
from services.billing.discounts.rules import Offer, enough_for, offers_of
from services.billing.items.rules import COSTS, ItemKind, item_status, stands_of

PLACE = ("due_date", "is_cost", "issued_on", "invoice_number", "position", "item_id")
"""The columns in whose order items are paid and listed: due first first, what is owed before what its
lateness costs, then in the order of their documents."""


_COSTS = ", ".join(f"'{kind}'" for kind in sorted(COSTS))


class AccountBalance(Base, AccountOwned):
    """What an account owes in one currency: `open`, the balances of its items, less `unapplied`, its
    payments and credit notes not yet allocated.

    Its row is the lock of everything that changes either: whoever does takes it first."""

    __tablename__ = "account_balance"
    __table_args__ = (CheckConstraint("open >= 0 AND unapplied >= 0", name="not_negative"),)

    account_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    open: Mapped[int]
    unapplied: Mapped[int]

    @property
    def balance(self) -> int:
        return self.open - self.unapplied


class Item(Base, Aggregate, AccountOwned):
    """One instalment of an issued invoice, or a debit note: the thing that is due.

    `disputed_total` is what is contested of it and `in_flight_total` what is on its way, whatever became
    of the balance since; of the balance, `disputed` and `in_flight` are not to be asked for.

    `due_date` and `amount` are those of now: what they were before it was rescheduled stands with its
    changes. Nothing is demanded with one any more that was replaced by others. Of money that was there
    until `discount_until`, less is enough, and a little less until the days of `later_discounts`.

    `changed_on` is the last day a change of its balance takes effect, `changed_at` when the last was
    recorded: an item with nothing left to pay and both in the past was settled then already."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("balance BETWEEN 0 AND amount", name="balance"),
        CheckConstraint("written_off BETWEEN 0 AND amount - balance", name="written_off"),
        CheckConstraint("disputed_total >= 0 AND in_flight_total >= 0", name="not_negative"),
        Index(
            "ix_item_open",
            *("account_id", "currency", *PLACE),
            postgresql_where=text("balance > 0"),
        ),
        Index("ix_item_open_due_date", *PLACE, postgresql_where=text("balance > 0")),
        Index("ix_item_changed_on", "changed_on"),
        Index("ix_item_changed_at", "changed_at"),
    )

    item_id: Mapped[str] = mapped_column(primary_key=True)
    invoice_id: Mapped[str] = mapped_column(ForeignKey("invoice.invoice_id"), index=True)
    kind: Mapped[str] = mapped_column(server_default=ItemKind.INVOICE)
    is_cost: Mapped[bool] = mapped_column(Computed(f"kind IN ({_COSTS})", persisted=True))
    invoice_number: Mapped[str] = mapped_column(NATURAL)
    position: Mapped[int]
    currency: Mapped[str]
    issued_on: Mapped[date]
    due_date: Mapped[date]
    amount: Mapped[int]
    balance: Mapped[int]
    disputed_total: Mapped[int] = mapped_column(server_default=text("0"))
    in_flight_total: Mapped[int] = mapped_column(server_default=text("0"))
    written_off: Mapped[int] = mapped_column(server_default=text("0"))
    discount_percent: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    discount_until: Mapped[date | None]
    later_discounts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    is_void: Mapped[bool]
    open_from: Mapped[date]
    changed_on: Mapped[date]
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def status(self) -> str:
        return item_status(
            is_void=self.is_void,
            amount=self.amount,
            balance=self.balance,
            written_off=self.written_off,
        )

    @property
    def disputed(self) -> int:
        return self._stands[0]

    @property
    def in_flight(self) -> int:
        return self._stands[1]

    @property
    def askable(self) -> int:
        return self.balance - sum(self._stands)

    @property
    def discounted_balance(self) -> int | None:
        """What is enough until `discount_until`; None where nothing is less, or nothing owed."""
        if self.discount_percent is None or not self.balance:
            return None
        return enough_for(self.balance, percent=self.discount_percent)

    @property
    def discounts(self) -> list[Offer]:
        """What is less where it is paid early, the first stage first."""
        return offers_of(
            self.balance, self.discount_percent, self.discount_until, self.later_discounts
        )

    @property
    def _stands(self) -> tuple[int, int]:
        return stands_of(self.balance, disputed=self.disputed_total, in_flight=self.in_flight_total)

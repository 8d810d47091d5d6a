"""The tables of authorities and of what goodwill may come to."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Aggregate
from kernel.money import Money
from services.accounts.authorities.rules import Authority
from services.accounts.base import Base, choice
from services.accounts.staff.rules import Role


class RemedyAuthority(Base, Aggregate):
    """How much people of a role may grant with one remedy: minor units by currency."""

    __tablename__ = "remedy_authority"

    role: Mapped[Role] = mapped_column(choice(Role, name="role"), primary_key=True)
    is_unlimited: Mapped[bool]
    is_free_of_budget: Mapped[bool]
    limits: Mapped[dict[str, int]] = mapped_column(JSONB)

    @property
    def amounts(self) -> list[Money]:
        """The limits as they are told."""
        return [Money(minor, currency) for currency, minor in sorted(self.limits.items())]

    @property
    def authority(self) -> Authority:
        return Authority(
            is_unlimited=self.is_unlimited,
            is_free_of_budget=self.is_free_of_budget,
            limits=self.limits,
        )


class GoodwillRule(Base, Aggregate):
    """How much goodwill an account may be given in twelve months in a currency: `percent` of what it was
    billed net, at most so many minor units."""

    __tablename__ = "goodwill_rule"
    __table_args__ = (CheckConstraint("percent BETWEEN 0 AND 100 AND most >= 0", name="bounds"),)

    currency: Mapped[str] = mapped_column(primary_key=True)
    percent: Mapped[Decimal] = mapped_column(Numeric(6, 3))
    most: Mapped[int]

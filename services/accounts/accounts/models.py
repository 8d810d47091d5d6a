"""The tables of accounts and of the states they have been in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Sequence,
    Text,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned, Aggregate
from services.accounts.accounts.rules import (
    Action,
    Channel,
    ContactRole,
    Status,
    Tier,
    read_address,
    read_consent,
)
from services.accounts.base import Base, choice, choices

account_number = Sequence("account_number", metadata=Base.metadata)


class Account(Base, Aggregate, AccountOwned):
    """A client's relationship with the business. `credit_limit` is in minor units of `currency`; none
    means no limit. `name_key`, `tax_id_key` and `search_words` follow from the rest, for finding.
    `is_held_for_documents` says that it is on hold for these alone, and not as somebody said so.
    `closing_objection` says why it could not be closed, until it moves again."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("credit_limit >= 0", name="credit_limit_not_negative"),
        CheckConstraint("net_days >= 0", name="net_days_not_negative"),
        Index("ix_account_name_key", "name_key", "account_id"),
        Index("ix_account_owner_id", "owner_id", postgresql_include=["account_id", "tier"]),
        Index(
            "ix_account_name_pieces",
            "name_key",
            postgresql_using="gin",
            postgresql_ops={"name_key": "gin_trgm_ops"},
        ),
        Index(
            "ix_account_external_references",
            "external_references",
            postgresql_using="gin",
            postgresql_ops={"external_references": "jsonb_path_ops"},
        ),
    )

    account_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tax_id: Mapped[str | None]
    country: Mapped[str]
    status: Mapped[Status] = mapped_column(choice(Status, name="status"), index=True)
    status_since_on: Mapped[date]
    closing_objection: Mapped[str | None]
    currency: Mapped[str]
    language: Mapped[str]
    time_zone: Mapped[str]
    net_days: Mapped[int]
    credit_limit: Mapped[int | None]
    email: Mapped[str | None]
    preferred_channel: Mapped[Channel] = mapped_column(choice(Channel, name="preferred_channel"))
    tier: Mapped[Tier] = mapped_column(choice(Tier, name="tier"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("staff.staff_id"))
    owner_since_on: Mapped[date]
    opened_on: Mapped[date]
    # In one order wherever the database stands, so that its index serves beginnings of names as well.
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    tax_id_key: Mapped[str | None] = mapped_column(unique=True)
    search_words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # Addresses that are valid or will be, what other systems call it, what the client said last of each
    # channel: as they are announced with it.
    told_addresses: Mapped[list[dict[str, Any]]] = mapped_column(
        "addresses", JSONB, default=list, server_default=text("'[]'")
    )
    external_references: Mapped[list[dict[str, str]]] = mapped_column(
        JSONB, default=list, server_default=text("'[]'")
    )

    told_consents: Mapped[list[dict[str, Any]]] = mapped_column(
        "consents", JSONB, default=list, server_default=text("'[]'")
    )
    is_held_for_documents: Mapped[bool] = mapped_column(default=False, server_default=false())
    lead_id: Mapped[str | None] = mapped_column(unique=True)
    campaign: Mapped[str | None]
    order_number_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    invoice_recipients: Mapped[list[ContactRole]] = mapped_column(
        choices(ContactRole), default=list, server_default=text("'{}'")
    )
    opening_hours: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))

    parent_id: Mapped[str | None] = mapped_column(ForeignKey("account.account_id"), index=True)
    is_paid_by_parent: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_credit_group: Mapped[bool] = mapped_column(default=False, server_default=false())
    # What follows from the edges above it: who else pays in the end, and whose credit limit counts.
    other_payer_id: Mapped[str | None] = mapped_column("payer_id")
    credit_group_id: Mapped[str | None]

    @property
    def payer_id(self) -> str:
        """Who pays in the end what the account owes."""
        return self.other_payer_id or self.account_id

    @property
    def addresses(self) -> list[dict[str, Any]]:
        """Those that are valid or will be, as of the last change."""
        return [read_address(told) for told in self.told_addresses]

    @property
    def consents(self) -> list[dict[str, Any]]:
        """What the client said last of each channel."""
        return [read_consent(told) for told in self.told_consents]


Index(
    "ix_account_search_words",
    func.array_to_tsvector(Account.search_words),
    postgresql_using="gin",
)
Index("ix_account_number_lower", func.lower(Account.number))


class NameWord(Base):
    """A word that some account's name has or had, of as many letters as may be mistyped; the database
    writes it where it is new. Two at once may write the same."""

    __tablename__ = "name_word"
    __table_args__ = (
        Index(
            "ix_name_word_pieces",
            "word",
            postgresql_using="gin",
            postgresql_ops={"word": "gin_trgm_ops"},
        ),
    )

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    word: Mapped[str] = mapped_column(index=True)


class AccountState(Base, AccountOwned):
    """One move of an account from status to status; appended, never edited."""

    __tablename__ = "account_state"

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    action: Mapped[Action | None] = mapped_column(choice(Action, name="action"))  # none: opened
    status: Mapped[Status] = mapped_column(choice(Status, name="status"))
    reason: Mapped[str | None]
    moved_by: Mapped[str]
    moved_at: Mapped[datetime]

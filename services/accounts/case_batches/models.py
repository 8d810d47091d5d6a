"""The table of what other systems call cases."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import AccountOwned
from services.accounts.base import Base


class CaseReference(Base, AccountOwned):
    """What another system calls a case: one case for each of its ids."""

    __tablename__ = "case_reference"

    system: Mapped[str] = mapped_column(primary_key=True)
    reference_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=False)
    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id"), index=True)

"""The table of whose turn was when."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from services.accounts.base import Base


class Turn(Base):
    """The last turn of a person among those of a team, or below a lead (`pool_id`), counted from 1."""

    __tablename__ = "turn"

    pool_id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    last_turn: Mapped[int]

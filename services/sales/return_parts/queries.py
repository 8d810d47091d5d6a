"""Reading the parts of returns."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.return_parts.models import ReturnPart


def read_parts(session: Session, *, return_id: str) -> list[ReturnPart]:
    """The parts of a return, as they came."""
    of_it = select(ReturnPart).where(ReturnPart.return_id == return_id)
    return [*session.scalars(of_it.order_by(ReturnPart.part))]

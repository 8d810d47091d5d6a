"""Reading the parts of returns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.return_parts.models import ReturnPart, ReturnPartLine
from services.sales.returns.models import ReturnLine
from services.sales.returns.queries import read_gone
from services.sales.returns.rules import Passed


def read_parts(session: Session, *, return_id: str) -> list[ReturnPart]:
    """The parts of a return, as they came."""
    of_it = select(ReturnPart).where(ReturnPart.return_id == return_id)
    return [*session.scalars(of_it.order_by(ReturnPart.part))]


def read_passed(session: Session, *, line_ids: Collection[str]) -> defaultdict[str, list[Passed]]:
    """When how many of these order lines went out and came back, by line id; what was rejected is the
    client's again."""
    passed = read_gone(session, line_ids=line_ids)
    if not passed:
        return passed
    part, line, of = ReturnPart, ReturnPartLine, ReturnLine
    back = (
        select(line.line_id, part.received_on, line.rejected - line.received)
        .join(of, (of.return_id == line.return_id) & (of.line_id == line.line_id))
        .join(part, (part.return_id == line.return_id) & (part.part == line.part))
        .where(of.line_id.in_(line_ids))
    )
    for line_id, day, many in session.execute(back):
        passed[line_id].append(Passed(day, many))
    return passed

"""Reading returns with all that became of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from services.sales.return_answers.rules import Accepted
from services.sales.return_credits.queries import read_answers, read_notes
from services.sales.return_parts.models import ReturnPart
from services.sales.return_parts.queries import read_parts
from services.sales.returns import queries as return_queries
from services.sales.returns.models import Return, ReturnLine


def get_return(session: Session, *, return_id: str) -> Return:
    """One return with its steps, parts, what was given for each, and credit notes."""
    found = return_queries.get_return(session, return_id=return_id)
    found.lay_out(
        steps=return_queries.read_steps(session, return_id=return_id),
        parts=read_parts(session, return_id=return_id),
        answers=read_answers(session, return_id=return_id),
        credit_notes=read_notes(session, return_id=return_id),
    )
    return found


def find_accepted(found: Return, one: ReturnPart) -> list[Accepted]:
    """What was accepted of a part of a return."""
    lines = {line.line_id: line for line in found.lines}
    return [
        Accepted(
            line_id=each.line_id,
            quantity=each.accepted,
            net_unit_price=lines[each.line_id].order_line.net_unit_price,
            unit_price=lines[each.line_id].unit_price,
            unsold=_say_unsold(lines[each.line_id]),
        )
        for each in one.lines
        if each.accepted
    ]


def _say_unsold(line: ReturnLine) -> dict[str, Any] | None:
    if not line.is_unsold:
        return None
    return {
        "description": line.order_line.description,
        "unit_price": line.order_line.net_unit_price,
        "tax_percent": line.order_line.tax_percent,
    }

"""Reading returns with all that became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.return_answers.models import ReturnAnswer, ReturnCreditNote
from services.sales.return_answers.rules import Accepted
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


def read_answers(session: Session, *, return_id: str) -> list[ReturnAnswer]:
    """What was given for the parts of a return."""
    of_it = select(ReturnAnswer).where(ReturnAnswer.return_id == return_id)
    return [*session.scalars(of_it.order_by(ReturnAnswer.part))]


def read_notes(session: Session, *, return_id: str) -> list[ReturnCreditNote]:
    """The credit notes that name a return."""
    of_it = select(ReturnCreditNote).where(ReturnCreditNote.return_id == return_id)
    return [*session.scalars(of_it.order_by(ReturnCreditNote.credit_note_id))]


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


def find_answer(session: Session, *, return_id: str, part: int) -> ReturnAnswer | None:
    """What was given for a part of a return, which the caller has locked; none if nothing was."""
    of_it = select(ReturnAnswer).where(
        ReturnAnswer.return_id == return_id, ReturnAnswer.part == part
    )
    return session.scalars(of_it.execution_options(populate_existing=True)).one_or_none()


def find_voids(
    session: Session, *, return_ids: Collection[str]
) -> Mapping[tuple[str, int], Sequence[bool]]:
    """Of each credit note that names a part of these returns, by return and part, whether it is void."""
    facts = (ReturnCreditNote.return_id, ReturnCreditNote.part, ReturnCreditNote.is_void)
    found: defaultdict[tuple[str, int], list[bool]] = defaultdict(list)
    for return_id, part, is_void in session.execute(
        select(*facts).where(ReturnCreditNote.return_id.in_(return_ids))
    ):
        found[return_id, part].append(is_void)
    return found


def _say_unsold(line: ReturnLine) -> dict[str, Any] | None:
    if not line.is_unsold:
        return None
    return {
        "description": line.order_line.description,
        "unit_price": line.order_line.net_unit_price,
        "tax_percent": line.order_line.tax_percent,
    }

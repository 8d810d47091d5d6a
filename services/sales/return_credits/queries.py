"""Reading what is given for returns, and the credit notes for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from services.sales.return_credits.models import ReturnAnswer, ReturnCreditNote
from services.sales.return_parts.models import ReturnPart
from services.sales.returns.models import Return, ReturnLine

Part = tuple[str, int]
"""A return and one of its parts."""


def read_answers(session: Session, *, return_id: str) -> list[ReturnAnswer]:
    """What was given for the parts of a return."""
    of_it = select(ReturnAnswer).where(ReturnAnswer.return_id == return_id)
    return [*session.scalars(of_it.order_by(ReturnAnswer.part))]


def read_notes(session: Session, *, return_id: str) -> list[ReturnCreditNote]:
    """The credit notes that name a return."""
    of_it = select(ReturnCreditNote).where(ReturnCreditNote.return_id == return_id)
    return [*session.scalars(of_it.order_by(ReturnCreditNote.credit_note_id))]


def find_answers(session: Session, *, return_ids: Collection[str]) -> dict[Part, ReturnAnswer]:
    """What was given for the parts of returns, which the caller has locked; in the order of the parts."""
    of_them = select(ReturnAnswer).where(ReturnAnswer.return_id.in_(return_ids))
    fresh = of_them.order_by(ReturnAnswer.part).execution_options(populate_existing=True)
    return {(one.return_id, one.part): one for one in session.scalars(fresh)}


def find_voids(session: Session, *, return_ids: Collection[str]) -> Mapping[Part, dict[str, bool]]:
    """Of each credit note that names a part of these returns, by return and part, whether it is void."""
    note = ReturnCreditNote
    found: defaultdict[Part, dict[str, bool]] = defaultdict(dict)
    for row in session.execute(
        select(note.return_id, note.part, note.credit_note_id, note.is_void).where(
            note.return_id.in_(return_ids)
        )
    ):
        found[row.return_id, row.part][row.credit_note_id] = row.is_void
    return found


def find_parts(session: Session, *, return_ids: Collection[str]) -> dict[Part, ReturnPart]:
    """What came of returns."""
    of_them = select(ReturnPart).where(ReturnPart.return_id.in_(return_ids))
    return {(one.return_id, one.part): one for one in session.scalars(of_them)}


def load_lines(session: Session, returns: Iterable[Return]) -> None:
    """Read the lines of returns that the caller has locked, in one statement for all."""
    known = {one.return_id: one for one in returns}
    lines: defaultdict[str, list[ReturnLine]] = defaultdict(list)
    of_them = select(ReturnLine).where(ReturnLine.return_id.in_(known))
    fresh = of_them.order_by(ReturnLine.position).execution_options(populate_existing=True)
    for line in session.scalars(fresh):
        lines[line.return_id].append(line)
    for return_id, found in known.items():
        set_committed_value(found, "lines", lines[return_id])

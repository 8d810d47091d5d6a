"""Reading returns with all that became of them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.return_answers.models import ReturnAnswer, ReturnCreditNote
from services.sales.return_parts.queries import read_parts
from services.sales.returns import queries as return_queries
from services.sales.returns.models import Return


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


def find_answer(session: Session, *, return_id: str, part: int) -> ReturnAnswer | None:
    """What was given for a part of a return, which the caller has locked; none if nothing was."""
    of_it = select(ReturnAnswer).where(
        ReturnAnswer.return_id == return_id, ReturnAnswer.part == part
    )
    return session.scalars(of_it.execution_options(populate_existing=True)).one_or_none()


def find_voids(session: Session, *, return_id: str, part: int) -> list[bool]:
    """Of each credit note that names a part of a return, whether it is void."""
    of_it = select(ReturnCreditNote.is_void).where(
        ReturnCreditNote.return_id == return_id, ReturnCreditNote.part == part
    )
    return [*session.scalars(of_it)]

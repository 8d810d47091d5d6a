"""Reading notices and their letters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from chassis.database import fetch
from chassis.pages import read_page
from services.collections.dunning.models import Notice, Run
from services.collections.letters.rules import Letter, restore
from services.collections.notices.rules import require_written


def get_notice(session: Session, *, notice_id: str) -> Notice:
    """A notice with its items."""
    fetch(session, Notice, notice_id)
    return session.scalars(
        select(Notice).where(Notice.notice_id == notice_id).options(selectinload(Notice.items))
    ).one()


def get_letter(session: Session, *, notice_id: str) -> Letter:
    """The letter as it was sent."""
    notice = fetch(session, Notice, notice_id)
    require_written(notice.subject)
    assert notice.letter is not None, "written with its subject"
    return restore(notice.letter)


def get_text(session: Session, *, notice_id: str) -> str:
    """The letter's text as it was sent."""
    notice = fetch(session, Notice, notice_id)
    require_written(notice.subject)
    assert notice.text is not None, "written with its subject"
    return notice.text


def list_notices(
    session: Session, *, is_printed: bool | None, limit: int, after: str | None, **filters: Any
) -> dict[str, Any]:
    """Notices, the newest first. `filters` are columns with the value they must have, or None."""
    statement = select(Notice).options(selectinload(Notice.items))
    for name, value in filters.items():
        if value is not None:
            statement = statement.where(getattr(Notice, name) == value)
    if is_printed is not None:
        statement = statement.where(Notice.printed_at.is_not(None) == is_printed)
    return read_page(
        session, statement, by=[Notice.notice_id], limit=limit, after=after, is_descending=True
    )


def list_run_notices(
    session: Session, *, run_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """The notices of a run with their items."""
    fetch(session, Run, run_id)
    statement = select(Notice).where(Notice.run_id == run_id).options(selectinload(Notice.items))
    return read_page(session, statement, by=[Notice.notice_id], limit=limit, after=after)

"""Reads of hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from chassis.database import fetch, require_person
from chassis.pages import read_page
from kernel.refusals import Conflict, Forbidden, NotFound
from services.accounts.hand_over_steps.models import HandOverAccount
from services.accounts.hand_over_steps.rules import WAITING, AccountStatus
from services.accounts.hand_overs.models import HandOver
from services.accounts.hand_overs.rules import Status
from services.accounts.staff.models import Staff

_COLUMNS = [column.name for column in HandOver.__table__.columns]


def get_hand_over(session: Session, *, hand_over_id: str) -> dict[str, Any]:
    """One hand-over, for those who have to do with it."""
    hand_over = fetch(session, HandOver, hand_over_id)
    try:
        require_person(session, hand_over.from_id)
    except Forbidden:
        require_person(session, hand_over.to_id)
    return with_counts(session, hand_over)


def list_hand_overs(
    session: Session, *, staff_id: str, status: Status | None, limit: int, after: str | None
) -> dict[str, Any]:
    """The hand-overs of a person, by either side, the first drafted first."""
    require_person(session, staff_id)
    found = select(HandOver).where(or_(HandOver.from_id == staff_id, HandOver.to_id == staff_id))
    if status is not None:
        found = found.where(HandOver.status == status)
    page = read_page(session, found, by=[HandOver.hand_over_id], limit=limit, after=after)
    return page | {"items": _with_counts(session, page["items"])}


def list_hand_over_accounts(
    session: Session,
    *,
    hand_over_id: str,
    status: AccountStatus | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Its accounts that the caller sees."""
    found = select(HandOverAccount).where(HandOverAccount.hand_over_id == hand_over_id)
    if status is not None:
        found = found.where(HandOverAccount.status == status)
    return read_page(session, found, by=[HandOverAccount.account_id], limit=limit, after=after)


def find_pack(session: Session, *, hand_over_id: str, account_id: str) -> HandOverAccount:
    """An account of a hand-over that is packed."""
    found = session.get(HandOverAccount, (hand_over_id, account_id))
    if found is None:
        detail = f"Account {account_id} is not in hand-over {hand_over_id}."
        raise NotFound("account_not_handed_over", detail)
    if found.pack is None:
        raise Conflict("not_packed", "The account is not packed yet; pack the hand-over first.")
    return found


def read_waiting(session: Session, hand_over_id: str) -> tuple[str | None, int]:
    """The first account of a hand-over that is still to go on, and how many there are."""
    # The table and not the model: accounts that the caller sees no more count too.
    account = HandOverAccount.__table__.c
    found = select(func.min(account.account_id), func.count()).where(
        account.hand_over_id == hand_over_id, account.status.in_(WAITING)
    )
    first, count = session.execute(found).one()
    return first, count


def read_parties(session: Session, hand_over_id: str) -> Sequence[str]:
    """The names of who hands over and of who is handed over to."""
    successor = aliased(Staff)
    found = session.execute(
        select(Staff.name, successor.name)
        .select_from(HandOver)
        .join(Staff, Staff.staff_id == HandOver.from_id)
        .join(successor, successor.staff_id == HandOver.to_id)
        .where(HandOver.hand_over_id == hand_over_id)
    )
    return found.one()


def with_counts(session: Session, hand_over: HandOver) -> dict[str, Any]:
    """A hand-over with how many of its accounts stand where."""
    return _with_counts(session, [hand_over])[0]


def _with_counts(session: Session, hand_overs: list[HandOver]) -> list[dict[str, Any]]:
    # The table and not the model: accounts that the caller sees no more count too.
    account = HandOverAccount.__table__.c
    ids = [one.hand_over_id for one in hand_overs]
    counted = session.execute(
        select(account.hand_over_id, account.status, func.count())
        .where(account.hand_over_id.in_(ids))
        .group_by(account.hand_over_id, account.status)
    )
    counts: dict[str, dict[str, int]] = {one: {} for one in ids}
    for hand_over_id, status, count in counted:
        counts[hand_over_id][status] = count
    return [
        {name: getattr(one, name) for name in _COLUMNS} | {"accounts": counts[one.hand_over_id]}
        for one in hand_overs
    ]

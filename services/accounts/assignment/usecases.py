"""What happens in assignment: somebody is chosen, and is given the account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from services.accounts.accounts.models import Account
from services.accounts.accounts.usecases import give
from services.accounts.assignment import queries, rules
from services.accounts.assignment.models import Turn
from services.accounts.assignment.rules import How
from services.accounts.staff.models import Staff
from services.accounts.teams.queries import read_team
from services.accounts.teams.usecases import require_open_team


def assign_account(
    session: Session,
    *,
    account_id: str,
    how: How,
    team_id: str | None,
    lead_id: str | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Account:
    """Give an account to one of a team, or of those below a lead; not to whoever owns it already."""
    rules.require_one_pool(team_id=team_id, lead_id=lead_id)
    account = fetch_for_change(session, Account, account_id)
    pool_id, people = _lock_pool(session, team_id, lead_id)
    candidates = queries.read_candidates(session, people, pool_id=pool_id, but=account.owner_id)
    chosen = rules.choose(how, candidates)
    _take_turn(session, pool_id, chosen.staff_id)
    give(session, [account], chosen.staff_id, today, reason=reason, today=today, now=now, by=by)
    return account


def _lock_pool(
    session: Session, team_id: str | None, lead_id: str | None
) -> tuple[str, Sequence[str]]:
    """Those who may be chosen. One account of a pool is assigned at a time: each sees the one before."""
    if team_id is not None:
        require_open_team(session, team_id)
        return team_id, [one.staff_id for one in read_team(session, team_id)]
    assert lead_id is not None
    fetch_for_change(session, Staff, lead_id)
    return lead_id, queries.read_below(session, lead_id)


def _take_turn(session: Session, pool_id: str, staff_id: str) -> None:
    latest = select(func.coalesce(func.max(Turn.last_turn), 0) + 1).where(Turn.pool_id == pool_id)
    turn = insert(Turn).values(
        pool_id=pool_id, staff_id=staff_id, last_turn=latest.scalar_subquery()
    )
    session.execute(
        turn.on_conflict_do_update(
            index_elements=[Turn.pool_id, Turn.staff_id],
            set_={"last_turn": turn.excluded.last_turn},
        )
    )

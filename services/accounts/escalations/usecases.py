"""What happens when a clock of a case has run for long."""

from __future__ import annotations

from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.outbox import announce
from services.accounts.cases import events
from services.accounts.cases.models import Case
from services.accounts.cases.usecases import wind_case
from services.accounts.clocks.rules import Clock
from services.accounts.clocks.usecases import note_escalated, note_warned, remind, superior_of


def perform_clock(
    session: Session, *, account_id: str, case_id: str, clock: Clock, now: datetime, zone: tzinfo
) -> None:
    """Warn that a clock has counted three quarters of its target, or escalate that it is over."""
    case = fetch_for_change(session, Case, case_id)
    wound = wind_case(session, case, at=now, now=now, zone=zone)
    [due] = [one for one in wound.clocks if one.clock == clock]
    if due.is_over(now):
        note_escalated(due, now=now)
        superior = superior_of(session, case.owner_id)
        announce(
            session,
            events.CaseEscalated,
            account_id=account_id,
            case_id=case_id,
            number=case.number,
            clock=clock,
            due_at=due.due_at,
            to_staff_id=superior and superior.staff_id,
        )
    elif due.due_at is not None:
        note_warned(due, now=now)
    remind(session, wound, earliest=now)

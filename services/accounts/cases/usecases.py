"""What happens to cases: opened, moved from state to state, taken up by others, reminded of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.money import Money
from services.accounts.accounts.models import Account
from services.accounts.calendars.queries import read_timetable
from services.accounts.cases import events, rules
from services.accounts.cases.models import Case, CaseState, case_number
from services.accounts.cases.queries import count_entries, find_similar, judge_about, list_entries
from services.accounts.cases.rules import CaseAction, CaseStatus, DisputeOutcome
from services.accounts.causes.usecases import require_cause
from services.accounts.clocks.queries import read_target
from services.accounts.clocks.rules import Kind, Priority
from services.accounts.clocks.usecases import (
    Wound,
    aim_clocks,
    remind,
    start_clocks,
    wind_clocks,
)
from services.accounts.contacts.usecases import require_contact
from services.accounts.staff.usecases import require_active, require_staff

_EVENTS: Mapping[CaseAction, type[Any]] = {
    CaseAction.CLOSE: events.CaseClosed,
    CaseAction.REOPEN: events.CaseReopened,
    CaseAction.WITHDRAW: events.CaseWithdrawn,
    CaseAction.PRIORITISE: events.CaseChanged,
    CaseAction.REASSIGN: events.CaseChanged,
    CaseAction.UPDATE: events.CaseUpdateGiven,
}


def open_case(
    session: Session,
    *,
    account_id: str,
    kind: Kind,
    about: dict[str, Any] | None,
    disputed: Money | None,
    contact_id: str | None,
    owner_id: str | None,
    staff_ids: list[str],
    is_not_similar: bool,
    received_at: datetime | None,
    now: datetime,
    by: str,
    zone: tzinfo,
    **facts: Any,
) -> Case:
    """Take up what a client brings up, with its clocks running since it was received."""
    at = received_at or now
    rules.require_in_order(at, earliest=None, now=now, field="received_at")
    rules.require_possible(kind=kind, about=about, disputed=disputed, is_praising=bool(staff_ids))
    # One at a time for an account: of two about the same, the second is shown the first.
    account = fetch_for_change(session, Account, account_id)
    rules.require_not_anothers(judge_about(session, account_id, about))
    require_contact(session, account_id=account_id, contact_id=contact_id)
    require_staff(session, staff_ids, field="staff_ids")
    if owner_id is not None:
        require_active(session, owner_id)
    case = Case(
        case_id=new_id("cas"),
        account_id=account_id,
        number=rules.assigned_number(session.scalars(select(case_number.next_value())).one()),
        kind=kind,
        tier=account.tier,
        status=CaseStatus.RECEIVED,
        owner_id=owner_id or account.owner_id,
        contact_id=contact_id,
        staff_ids=staff_ids,
        received_at=at,
        moved_at=at,
        times_reopened=0,
        **rules.concerned(about, disputed),
        **facts,
    )
    if not is_not_similar:
        rules.require_none_similar(find_similar(session, case))
    session.add(case)
    session.flush()
    target = read_target(session, kind=kind, priority=case.priority, tier=case.tier)
    start_clocks(session, account_id=account_id, case_id=case.case_id, target=target, at=at)
    _enter(session, case, None, note=None, at=at, now=now, by=by, zone=zone)
    announce_opened(session, case)
    return case


def move_case(
    session: Session,
    *,
    case_id: str,
    action: CaseAction,
    note: str | None,
    at: datetime | None,
    now: datetime,
    by: str,
    zone: tzinfo,
    **facts: Any,
) -> Case:
    """Take a case through its table, and remember what is known of it from then on."""
    case = fetch_for_change(session, Case, case_id)
    rules.require_room(case.number, action, count_entries(session, case_id))
    before = case.status
    case.status = rules.next_status(case.number, before, action, before_waiting=case.status_before)
    moment = at or max(now, case.moved_at)
    rules.require_in_order(moment, earliest=case.moved_at, now=max(now, case.moved_at), field="at")
    if case.status != before:
        case.status_before = before if action == CaseAction.WAIT else None
    for name, value in facts.items():
        setattr(case, name, value)
    _enter(session, case, action, note=note, at=moment, now=now, by=by, zone=zone)
    announce_move(session, case, action, from_status=before, note=note, by=by)
    return case


def acknowledge_case(session: Session, *, case_id: str, problem: str, **moment: Any) -> Case:
    """Answer the client for the first time, with the problem as we understand it."""
    action = CaseAction.ACKNOWLEDGE
    return move_case(
        session, case_id=case_id, action=action, note=problem, problem=problem, **moment
    )


def diagnose_case(
    session: Session,
    *,
    case_id: str,
    case_cause_id: str,
    caused_by_id: str | None,
    product: str | None,
    **moment: Any,
) -> Case:
    """Say what a case comes from: the cause, and the person and the product where there is one."""
    fetch_for_change(session, Case, case_id)
    require_cause(session, case_cause_id)
    require_staff(session, [] if caused_by_id is None else [caused_by_id], field="caused_by_id")
    return move_case(
        session,
        case_id=case_id,
        action=CaseAction.DIAGNOSE,
        case_cause_id=case_cause_id,
        caused_by_id=caused_by_id,
        product=product,
        **moment,
    )


def propose_solution(session: Session, *, case_id: str, proposal: str, **moment: Any) -> Case:
    """Offer the client a solution, for the first time or another."""
    action = CaseAction.PROPOSE
    return move_case(
        session, case_id=case_id, action=action, note=proposal, proposal=proposal, **moment
    )


def approve_case(session: Session, *, case_id: str, by: str, **moment: Any) -> Case:
    """Approve what is proposed, with other eyes than those of who asked."""
    case = fetch_for_change(session, Case, case_id)
    rules.require_move(case.number, case.status, CaseAction.APPROVE)
    asked = [one for one in list_entries(session, case_id) if one.action == CaseAction.ASK_APPROVAL]
    rules.require_other_eyes(
        case.number, asked_by=asked[-1].moved_by, caused_by=case.caused_by_id, by=by
    )
    return move_case(session, case_id=case_id, action=CaseAction.APPROVE, by=by, **moment)


def confirm_case(session: Session, *, case_id: str, contact_id: str, **rest: Any) -> Case:
    """The client says that it is solved, and how content they are (1 to 5)."""
    case = fetch(session, Case, case_id)
    require_contact(session, account_id=case.account_id, contact_id=contact_id)
    action = CaseAction.CONFIRM
    return move_case(session, case_id=case_id, action=action, confirmed_by_id=contact_id, **rest)


def close_case(
    session: Session, *, case_id: str, at: datetime | None, now: datetime, **rest: Any
) -> Case:
    """Be done with a case."""
    case = fetch_for_change(session, Case, case_id)
    rules.require_closable(case.number, case.status, case.kind)
    action, closed_at = CaseAction.CLOSE, at or now
    return move_case(
        session, case_id=case_id, action=action, at=at, now=now, closed_at=closed_at, **rest
    )


def reopen_case(
    session: Session, *, case_id: str, at: datetime | None, now: datetime, **rest: Any
) -> Case:
    """Take up a case again that was closed not long ago."""
    case = fetch_for_change(session, Case, case_id)
    rules.require_move(case.number, case.status, CaseAction.REOPEN)
    assert case.closed_at is not None, "what is closed was closed at some time"
    rules.require_reopenable(case.number, case.closed_at, at or now)
    return move_case(
        session,
        case_id=case_id,
        action=CaseAction.REOPEN,
        at=at,
        now=now,
        closed_at=None,
        times_reopened=case.times_reopened + 1,
        **rest,
    )


def mark_duplicate(session: Session, *, case_id: str, duplicate_of_id: str, **rest: Any) -> Case:
    """End a case that is the same as another of the account, which goes on."""
    # Both at once: of two that are marked as each other's duplicates one goes on.
    fetch_all_for_change(session, Case, [case_id, duplicate_of_id])
    rules.require_original(fetch(session, Case, case_id), fetch(session, Case, duplicate_of_id))
    action = CaseAction.MARK_DUPLICATE
    return move_case(
        session, case_id=case_id, action=action, duplicate_of_id=duplicate_of_id, **rest
    )


def resolve_dispute(
    session: Session,
    *,
    case_id: str,
    outcome: DisputeOutcome,
    granted: Money | None,
    reason: str,
    **moment: Any,
) -> Case:
    """Bring on a complaint about an amount, as it is decided what becomes of that: it is the proposal."""
    case = fetch(session, Case, case_id)
    rules.require_disputed(case.number, case.disputed)
    said = rules.say_resolved(outcome, granted, reason)
    return move_case(
        session,
        case_id=case_id,
        action=CaseAction.RESOLVE_DISPUTE,
        note=said,
        proposal=said,
        dispute_outcome=outcome,
        **moment,
    )


def prioritise_case(session: Session, *, case_id: str, priority: Priority, **rest: Any) -> Case:
    """Have a case be more or less pressing: its clocks that are not over count to other targets."""
    case = fetch_for_change(session, Case, case_id)
    target = read_target(session, kind=case.kind, priority=priority, tier=case.tier)
    aim_clocks(session, case_id=case_id, target=target)
    action = CaseAction.PRIORITISE
    return move_case(session, case_id=case_id, action=action, priority=priority, **rest)


def reassign_case(session: Session, *, case_id: str, owner_id: str, **rest: Any) -> Case:
    """Have somebody else look after a case."""
    fetch_for_change(session, Case, case_id)
    require_active(session, owner_id)
    action = CaseAction.REASSIGN
    return move_case(session, case_id=case_id, action=action, owner_id=owner_id, **rest)


def pass_on_cases(
    session: Session,
    was_theirs: Callable[[Any], ColumnElement[bool]],
    *,
    note: str,
    now: datetime,
    by: str,
) -> None:
    """Give open cases that were somebody's to who owns their accounts now, in one go. Who was told of one
    that is over its time stays told until it goes on."""
    of_account = Case.account_id == Account.account_id
    goes_on = (Case.owner_id != Account.owner_id, Case.status.not_in(rules.ENDED), was_theirs(Case))
    found = select(Case.case_id).join(Account, of_account).where(*goes_on).order_by(Case.case_id)
    passed = session.scalars(
        update(Case)
        .where(Case.case_id.in_(found.with_for_update(key_share=True, of=Case)), of_account)
        .values(owner_id=Account.owner_id, version=Case.version + 1)
        .values(moved_at=func.greatest(Case.moved_at, now))
        .returning(Case),
        execution_options={"populate_existing": True, "synchronize_session": False},
    ).all()
    entry = {"action": CaseAction.REASSIGN, "note": note, "moved_by": by, "recorded_at": now}
    names = ("case_id", "account_id", "status", "moved_at")
    rows = [{name: getattr(case, name) for name in names} | entry for case in passed]
    insert_rows(session, CaseState, rows)
    for case in passed:
        _announce(session, events.CaseChanged, case, note=note)


def wind_case(session: Session, case: Case, *, at: datetime, now: datetime, zone: tzinfo) -> Wound:
    """The clocks of a locked case, as they stand by all that was done with it."""
    return wind_clocks(
        session,
        account_id=case.account_id,
        case_id=case.case_id,
        name=rules.name_of(case.kind, case.number),
        owner_id=case.owner_id,
        passages=rules.passages_of(list_entries(session, case.case_id)),
        timetable=read_timetable(session, zone=zone),
        at=at,
        now=now,
    )


def announce_opened(session: Session, case: Case, *, is_contested: bool = True) -> None:
    """Announce a new case, whom it praises, and the amount that it contests."""
    _announce(session, events.CaseOpened, case)
    named = {"account_id": case.account_id, "case_id": case.case_id}
    said = case.description or case.subject
    if case.kind == Kind.PRAISE:
        praised = {"staff_ids": case.staff_ids, "products": case.products, "text": said}
        announce(session, events.PraiseGiven, **named, number=case.number, **praised)
    if is_contested and case.disputed is not None:
        announce(
            session,
            events.ComplaintAboutAmount,
            **named,
            invoice_id=case.about_id,
            invoice_number=case.about_number,
            amount=case.disputed_amount,
            currency=case.disputed_currency,
            reason=said,
        )


def announce_move(
    session: Session,
    case: Case,
    action: CaseAction,
    *,
    from_status: CaseStatus,
    note: str | None,
    by: str,
) -> None:
    """Announce what was done with a case, as it stands after that."""
    if action == CaseAction.NOTE:
        return  # ours alone
    said = {
        "from_status": from_status,
        "to_status": case.status,
        "note": note,
        "moved_by": by,
        "moved_at": case.moved_at,
        "times_reopened": case.times_reopened,
        "duplicate_of_id": case.duplicate_of_id,
    }
    event = _EVENTS.get(action, events.CaseMoved)
    told = said.keys() & event._declared_fields.keys()
    _announce(session, event, case, **{name: said[name] for name in told})


def _enter(
    session: Session,
    case: Case,
    action: CaseAction | None,
    *,
    note: str | None,
    at: datetime,
    now: datetime,
    by: str,
    zone: tzinfo,
) -> None:
    """Write into the log what was done, and let the clocks follow."""
    case.moved_at = at
    session.add(
        CaseState(
            case_id=case.case_id,
            account_id=case.account_id,
            action=action,
            status=case.status,
            note=note,
            moved_by=by,
            moved_at=at,
            recorded_at=now,
        )
    )
    session.flush()
    earliest = now + rules.ENTRY_TIME if at < now else now
    remind(session, wind_case(session, case, at=at, now=now, zone=zone), earliest=earliest)


def _announce(session: Session, event: type[Any], case: Case, **facts: Any) -> None:
    """Announce what happened to a case, with the whole of it and its version after the change."""
    session.flush()
    snapshot = {name: getattr(case, name) for name in events.CaseSnapshot._declared_fields}
    announce(session, event, **snapshot, **facts)

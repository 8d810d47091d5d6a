"""What happens in onboarding: it begins, items are added, completed, waived; the account is activated.

Documents are followed after that, too: they are to be renewed in time, and some hold business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chassis.bulk import each_apart, insert_rows
from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from chassis.due import drop, schedule
from chassis.files import attach_file
from chassis.outbox import announce
from kernel.calendar import moment_at
from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound
from services.accounts import files
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Action, Status
from services.accounts.accounts.usecases import move_account, move_accounts, note_hold
from services.accounts.dues import DocumentDue
from services.accounts.onboarding import events, queries, rules
from services.accounts.onboarding.models import ChecklistItem, OnboardingRequirement
from services.accounts.parents.usecases import require_open_parent
from services.accounts.parked.usecases import park_accounts
from services.accounts.reasons.queries import find_standing
from services.accounts.reasons.rules import Due, Key, Kind
from services.accounts.reasons.usecases import tell_due, tell_settled
from services.accounts.staff.models import Staff

ITEMS_MAX = 100  # on one checklist
ITSELF = "accounts"  # who moves an account where nobody does


def begin_onboarding(
    session: Session, *, account_id: str, today: date, now: datetime, by: str
) -> Account:
    """Begin to onboard a prospect: its checklist is what is required of every account today."""
    account = fetch_for_change(session, Account, account_id)
    move_account(
        session, account, Action.BEGIN_ONBOARDING, reason=None, today=today, now=now, by=by
    )
    _ask_requirements(session, account_id)
    return account


def take_on_clients(
    session: Session,
    clients: Sequence[tuple[Account, str]],
    *,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Let business begin with new accounts that are of clients already, each with why nothing is asked of
    it: its checklist is what is required of every account today, all waived. In a number of statements
    that does not grow with them; nobody has filled in anything that somebody else would have to waive."""
    if not clients:
        return
    accounts = [account for account, _ in clients]
    move_accounts(session, accounts, Action.BEGIN_ONBOARDING, today=today, now=now, by=by)
    required = _read_required(session)
    waived = {"version": 2, "waived_at": now, "waived_by": by}  # asked, then waived
    items = [
        _new_item(account.account_id, **asked, **waived, waived_reason=reason)
        for account, reason in clients
        for asked in required
    ]
    names = [column.key for column in ChecklistItem.__table__.columns]
    rows = [{name: getattr(item, name) for name in names} for item in items]
    insert_rows(session, ChecklistItem, rows)
    for item in items:
        _announce_waived(session, item)
    move_accounts(session, accounts, Action.ACTIVATE, today=today, now=now, by=by)


def reopen_account(
    session: Session,
    *,
    account_id: str,
    reason: str,
    today: date,
    now: datetime,
    zone: tzinfo,
    by: str,
) -> Account:
    """Onboard a closed account again: what it had settled stays so, what is required since is added."""
    account = fetch_for_change(session, Account, account_id)
    require_open_parent(session, account)
    move_account(session, account, Action.REOPEN, reason=reason, today=today, now=now, by=by)
    _ask_requirements(session, account_id)
    for item in _read_items(session, account_id):
        _follow_document(session, item, today=today, zone=zone)
    return account


def activate_account(
    session: Session, *, account_id: str, today: date, now: datetime, by: str
) -> Account:
    """Let business begin with an account whose checklist is settled."""
    account = fetch_for_change(session, Account, account_id)
    # A wrong status is the first thing to say; a prospect has no checklist to be complete.
    if account.status == Status.ONBOARDING:
        items = _read_items(session, account_id)
        rules.require_complete(
            account.number, [(item.name, item.status_on(today)) for item in items]
        )
    move_account(session, account, Action.ACTIVATE, reason=None, today=today, now=now, by=by)
    return account


def review_onboardings(session: Session, *, today: date) -> None:
    """Once a day: tell who is stuck in onboarding, and who is no longer. An account that nothing can be
    decided about is parked and stops no other."""
    doubtful = queries.find_doubtful(session, today=today)
    errors = each_apart(
        session, doubtful, lambda some: judge_onboardings(session, account_ids=some, today=today)
    )
    park_accounts(session, day=today, errors=errors)


def judge_onboardings(session: Session, *, account_ids: Sequence[str], today: date) -> None:
    """Tell which of these accounts are stuck in onboarding, and which are no longer."""
    fetch_all_for_change(session, Account, account_ids)
    stuck = queries.find_stuck(session, account_ids=account_ids, today=today)
    dues = [rules.stuck(account_id, since) for account_id, since in stuck.items()]
    told = find_standing(session, reason=Kind.ONBOARDING_STUCK, account_ids=account_ids)
    tell_due(session, *dues)
    tell_settled(session, *(told.keys() - {due.key for due in dues}))


def add_checklist_item(
    session: Session, *, account_id: str, name: str, needs_expiry: bool, holds_business: bool
) -> ChecklistItem:
    """Ask something of this account alone."""
    account = fetch_for_change(session, Account, account_id)
    if account.status != Status.ONBOARDING:
        raise Conflict(
            "wrong_status",
            f"Account {account.number} is {account.status}; "
            "its checklist can be extended only while it is onboarding.",
        )
    _require_room(session, account)
    item = _new_item(
        account_id, name=name, needs_expiry=needs_expiry, holds_business=holds_business
    )
    session.add(item)
    session.flush()
    return item


def complete_checklist_item(
    session: Session,
    *,
    checklist_item_id: str,
    document: str | None,
    file_id: str | None,
    expires_on: date | None,
    collected_by_id: str | None,
    today: date,
    now: datetime,
    zone: tzinfo,
    by: str,
) -> ChecklistItem:
    """Settle an item, or renew its document: what was held for it is released."""
    account, item = _lock_item(session, checklist_item_id)
    rules.require_completable(
        status=item.status_on(today),
        needs_expiry=item.needs_expiry,
        expires_on=expires_on,
        today=today,
    )
    if collected_by_id is not None:
        _require_staff(session, collected_by_id)
    _take_document(session, item, file_id)
    item.document, item.expires_on = document, expires_on
    item.collected_by = collected_by_id or by
    item.completed_at, item.completed_by = now, by
    session.flush()
    announce(
        session,
        events.ChecklistItemCompleted,
        account_id=item.account_id,
        checklist_item_id=item.checklist_item_id,
        name=item.name,
        document=document,
        file_id=file_id,
        expires_on=expires_on,
        completed_by=by,
        completed_at=now,
    )
    _follow_document(session, item, today=today, zone=zone)
    judge_documents(session, account, today=today, now=now)
    return item


def waive_checklist_item(
    session: Session,
    *,
    checklist_item_id: str,
    reason: str,
    today: date,
    now: datetime,
    zone: tzinfo,
    by: str,
) -> ChecklistItem:
    """Declare an item unnecessary for this account; somebody else has filled in its checklist."""
    account, item = _lock_item(session, checklist_item_id)
    rules.require_waivable(item.status_on(today))
    items = _read_items(session, account.account_id)
    people = {who for one in items for who in (one.completed_by, one.collected_by) if who}
    rules.require_other_person(by, filled_in_by=people)
    item.waived_at, item.waived_by, item.waived_reason = now, by, reason
    session.flush()
    _announce_waived(session, item)
    _follow_document(session, item, today=today, zone=zone)
    judge_documents(session, account, today=today, now=now)
    return item


def remind_of_document(
    session: Session, *, checklist_item_id: str, today: date, now: datetime, zone: tzinfo
) -> None:
    """Have an account contacted as a document is about to expire, or has; and hold the account where
    there is no business without it."""
    account, item = _lock_item(session, checklist_item_id)
    if account.status == Status.CLOSED:
        return
    _follow_document(session, item, today=today, zone=zone)
    judge_documents(session, account, today=today, now=now)


def judge_documents(session: Session, account: Account, *, today: date, now: datetime) -> None:
    """Hold a locked account for its expired documents, or release it where nothing else holds it."""
    expired = queries.find_holding(session, account.account_id, today=today)
    action = rules.judge_hold(
        account.status,
        is_held_for_documents=account.is_held_for_documents,
        has_expired=bool(expired),
    )
    if action is not None:
        reason = "; ".join(f"{one.name} expired on {one.expires_on}" for one in expired)
        reason = f"{reason}." if expired else "The documents are good again."
        note_hold(account, is_for_documents=bool(expired))
        move_account(session, account, action, reason=reason, today=today, now=now, by=ITSELF)


def forget_documents(session: Session, account_id: str) -> None:
    """Remind nobody of the documents of an account that was closed."""
    for item in _read_items(session, account_id):
        _forget_document(session, item)


def add_requirement(
    session: Session, *, name: str, needs_expiry: bool, holds_business: bool
) -> OnboardingRequirement:
    """Ask one thing more of every account that begins onboarding from now on."""
    requirement = OnboardingRequirement(
        onboarding_requirement_id=new_id("req"),
        name=name,
        needs_expiry=needs_expiry,
        holds_business=holds_business,
    )
    session.add(requirement)
    session.flush()
    return requirement


def retire_requirement(
    session: Session, *, onboarding_requirement_id: str, today: date
) -> OnboardingRequirement:
    """Ask one thing less of accounts that begin onboarding from now on."""
    requirement = fetch_for_change(session, OnboardingRequirement, onboarding_requirement_id)
    if requirement.retired_on is not None:
        raise Conflict(
            "requirement_retired", f"It was retired on {requirement.retired_on} already."
        )
    requirement.retired_on = today
    session.flush()
    return requirement


def _ask_requirements(session: Session, account_id: str) -> None:
    asked = select(ChecklistItem.onboarding_requirement_id).where(
        ChecklistItem.account_id == account_id,
        ChecklistItem.onboarding_requirement_id.is_not(None),
    )
    lacking = OnboardingRequirement.onboarding_requirement_id.not_in(asked)
    session.add_all(_new_item(account_id, **one) for one in _read_required(session, lacking))


def _read_required(session: Session, *which: ColumnElement[bool]) -> Sequence[dict[str, Any]]:
    """What is required of every account today, as an item of a checklist says it."""
    requirement = OnboardingRequirement
    names = ("onboarding_requirement_id", "name", "needs_expiry", "holds_business")
    required = session.scalars(
        select(requirement)
        .where(requirement.retired_on.is_(None), *which)
        .order_by(requirement.onboarding_requirement_id)
        .limit(ITEMS_MAX)
    )
    return [{name: getattr(one, name) for name in names} for one in required]


def _new_item(account_id: str, **values: Any) -> ChecklistItem:
    return ChecklistItem(checklist_item_id=new_id("chi"), account_id=account_id, **values)


def _announce_waived(session: Session, item: ChecklistItem) -> None:
    announce(
        session,
        events.ChecklistItemWaived,
        account_id=item.account_id,
        checklist_item_id=item.checklist_item_id,
        name=item.name,
        reason=item.waived_reason,
        waived_by=item.waived_by,
    )


def _take_document(session: Session, item: ChecklistItem, file_id: str | None) -> None:
    sha256, media_type = None, None
    if file_id is not None:
        file = attach_file(
            session,
            file_id=file_id,
            kind=files.CHECKLIST_DOCUMENT,
            to=item.checklist_item_id,
            account_id=item.account_id,
        )
        sha256, media_type = file.sha256, file.media_type
    item.file_id, item.file_sha256, item.file_media_type = file_id, sha256, media_type


def _require_staff(session: Session, staff_id: str) -> None:
    if session.scalar(select(Staff.staff_id).where(Staff.staff_id == staff_id)) is None:
        detail = f"There is no staff {staff_id}."
        raise NotFound("staff_not_found", detail, field="collected_by_id")


def _follow_document(session: Session, item: ChecklistItem, *, today: date, zone: tzinfo) -> None:
    if item.expires_on is None or item.waived_at is not None:
        _forget_document(session, item)
        return
    facts = {"expires_on": item.expires_on, "today": today}
    since = rules.reminded_on(**facts)
    if since is None:
        tell_settled(session, _reason_key(item))
    else:
        why = rules.why_renew(item.name, holds_business=item.holds_business, **facts)
        account_id, kind, about = _reason_key(item)
        tell_due(
            session,
            Due(account_id=account_id, reason=kind, about=about, since=since, sentence=why),
        )
    if (day := rules.next_reminder(**facts)) is None:
        drop(session, DocumentDue, key=item.checklist_item_id)
    else:
        at = moment_at(day, rules.REMINDED_AT, zone)
        named = {"checklist_item_id": item.checklist_item_id}
        schedule(session, DocumentDue, key=item.checklist_item_id, at=at, **named)


def _forget_document(session: Session, item: ChecklistItem) -> None:
    drop(session, DocumentDue, key=item.checklist_item_id)
    tell_settled(session, _reason_key(item))


def _reason_key(item: ChecklistItem) -> Key:
    return item.account_id, Kind.DOCUMENT_EXPIRING, item.checklist_item_id


def _read_items(session: Session, account_id: str) -> Sequence[ChecklistItem]:
    return session.scalars(
        select(ChecklistItem)
        .where(ChecklistItem.account_id == account_id)
        .order_by(ChecklistItem.name, ChecklistItem.checklist_item_id)
    ).all()


def _lock_item(session: Session, checklist_item_id: str) -> tuple[Account, ChecklistItem]:
    # The account first: whoever activates it must find the checklist as it will be committed.
    account_id = fetch(session, ChecklistItem, checklist_item_id).account_id
    account = fetch_for_change(session, Account, account_id)
    return account, fetch_for_change(session, ChecklistItem, checklist_item_id)


def _require_room(session: Session, account: Account) -> None:
    count = session.scalar(
        select(func.count(ChecklistItem.checklist_item_id)).where(
            ChecklistItem.account_id == account.account_id
        )
    )
    if count is not None and count >= ITEMS_MAX:
        raise Conflict("checklist_full", f"A checklist holds at most {ITEMS_MAX} items.")

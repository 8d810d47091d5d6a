"""What happens to worklists: reasons come and go, items open and settle with them, people work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.bulk import Rows, each_apart
from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.accounts import events
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Status
from services.accounts.balances.models import AccountBalance
from services.accounts.balances.usecases import keep_balances
from services.accounts.parked.usecases import park_accounts
from services.accounts.worklist import queries, rules
from services.accounts.worklist.models import WorklistItem, WorklistReason, is_due
from services.accounts.worklist.rules import ItemAction, ItemStatus, Outcome


def raise_reason(
    session: Session,
    *,
    account_id: str,
    kind: str,
    about: str,
    version: int,
    today: date,
    now: datetime,
    **facts: Any,
) -> None:
    """Keep a reason to contact an account, unless something newer about it is known."""
    reason = _lock_reason(session, account_id, kind, about, today)
    if version <= reason.version:
        return
    reason.version = version
    _stand(session, reason, **facts)
    _keep_item(session, account_id, today=today, now=now)


def drop_reason(
    session: Session,
    *,
    account_id: str,
    kind: str,
    about: str,
    version: int,
    today: date,
    now: datetime,
) -> None:
    """Remember that a reason is gone, unless something newer about it is known."""
    reason = _lock_reason(session, account_id, kind, about, today)
    if version <= reason.version:
        return
    reason.version, reason.is_standing = version, False
    _keep_item(session, account_id, today=today, now=now)


def judge_placement(
    session: Session,
    *,
    account_id: str,
    placement_id: str,
    version: int,
    status: str,
    currency: str,
    amount: int,
    reason: str | None,
    changed_on: date,
    today: date,
    now: datetime,
) -> None:
    """A hand-over that collections returned waits for us; in any other state it does not."""
    of_placement: dict[str, Any] = {
        "account_id": account_id,
        "kind": rules.HAND_OVER_RETURNED,
        "about": placement_id,
        "version": version,
        "today": today,
        "now": now,
    }
    if status != "returned":
        drop_reason(session, **of_placement)
        return
    raise_reason(
        session,
        **of_placement,
        since_on=changed_on,
        currency=currency,
        amount=amount,
        detail=reason,
    )


def leave_onboarding(session: Session, *, account_id: str, today: date, now: datetime) -> None:
    """An account that is active or closed is not stuck in onboarding, unless it was reopened since."""
    account = fetch_for_change(session, Account, account_id)
    if account.status == Status.ONBOARDING:
        return
    session.execute(
        update(WorklistReason)
        .where(
            WorklistReason.account_id == account_id,
            WorklistReason.kind == rules.ONBOARDING_STUCK,
        )
        .values(is_standing=False)
    )
    _keep_item(session, account_id, today=today, now=now)


def take_balances(session: Session, snapshots: Rows, *, today: date, now: datetime) -> None:
    """Keep what billing told of balances. What comes in for a closed account is its owner's to see."""
    keep_balances(session, snapshots)
    account_ids = {one["account_id"] for one in snapshots}
    closed = select(Account.account_id).where(
        Account.account_id.in_(account_ids), Account.status == Status.CLOSED
    )
    for account_id in sorted(session.scalars(closed)):
        judge_closed(session, account_id=account_id, today=today, now=now)


def judge_closed(session: Session, *, account_id: str, today: date, now: datetime) -> None:
    """A closed account on which money is open or unapplied waits for its owner, for each currency; one
    that is settled or open again does not."""
    account = fetch_for_change(session, Account, account_id)
    balances = session.scalars(
        select(AccountBalance)
        .where(AccountBalance.account_id == account_id)
        .execution_options(populate_existing=True)
    )
    left = rules.left_open(balances) if account.status == Status.CLOSED else {}
    session.execute(
        update(WorklistReason)
        .where(
            WorklistReason.account_id == account_id,
            WorklistReason.kind == rules.CLOSED_UNSETTLED,
            WorklistReason.about.not_in(list(left)),
        )
        .values(is_standing=False)
    )
    for currency, facts in left.items():
        reason = _lock_reason(session, account_id, rules.CLOSED_UNSETTLED, currency, today)
        since_on = reason.since_on if reason.is_standing else today
        _stand(session, reason, since_on=since_on, currency=currency, **facts)
    _keep_item(session, account_id, today=today, now=now)


def review_worklists(session: Session, *, today: date, now: datetime) -> None:
    """Once a day: find who is stuck in onboarding and who is no longer, who was closed at the moment in
    which money came in, bring back what has rested, and settle what has no reason left. An account that
    nothing can be decided about is parked and stops no other."""
    if not queries.is_anything_to_review(session, today=today):
        return
    judge = partial(judge_closed, session, today=today, now=now)
    steps: tuple[tuple[Select[Any], Callable[[Sequence[str]], object]], ...] = (
        (queries.doubtful_onboardings(today), partial(_judge_onboarding, session, today)),
        (queries.OVERLOOKED, lambda some: [judge(account_id=account_id) for account_id in some]),
        (queries.unlisted(today), partial(_open_items, session, today)),
        (queries.listed_in_vain(today), partial(_settle_items, session, today, now)),
    )
    errors: dict[str, Exception] = {}
    for wanted, review in steps:
        errors |= each_apart(session, sorted(session.scalars(wanted)), review)
    park_accounts(session, day=today, errors=errors)


def finish_item(
    session: Session,
    *,
    worklist_item_id: str,
    outcome: Outcome,
    note: str | None,
    today: date,
    now: datetime,
    by: str,
) -> WorklistItem:
    """The account was contacted. Reasons that still stand come back after a while."""
    rules.require_note(outcome, note)
    item = _lock_item(session, worklist_item_id)
    item.status = rules.move_item(item.status, ItemAction.FINISH)
    item.outcome, item.note = outcome, note
    item.closed_by, item.closed_at = by, now
    session.execute(
        update(WorklistReason)
        .where(WorklistReason.account_id == item.account_id, is_due(today))
        .values(rests_until=rules.rests_until(outcome, today))
    )
    session.flush()
    announce(
        session,
        events.WorklistItemDone,
        account_id=item.account_id,
        worklist_item_id=item.worklist_item_id,
        outcome=outcome,
        note=note,
        done_by=by,
        done_on=today,
    )
    return item


def snooze_item(
    session: Session, *, worklist_item_id: str, until: date, today: date, by: str
) -> WorklistItem:
    """Hide an item until a day. A new reason brings it back sooner."""
    rules.require_snooze(until, today)
    item = _lock_item(session, worklist_item_id)
    item.status = rules.move_item(item.status, ItemAction.SNOOZE)
    item.snoozed_until, item.snoozed_by = until, by
    session.flush()
    return item


def _judge_onboarding(session: Session, today: date, account_ids: Sequence[str]) -> None:
    stuck = queries.stuck_accounts(today).where(Account.account_id.in_(account_ids))
    found = insert(WorklistReason).from_select(list(stuck.selected_columns.keys()), stuck)
    session.execute(
        found.on_conflict_do_update(
            index_elements=["account_id", "kind", "about"],
            set_={"is_standing": True, "since_on": found.excluded.since_on, "rests_until": None},
            where=WorklistReason.is_standing.is_(False),
        )
    )
    session.execute(
        update(WorklistReason)
        .where(
            WorklistReason.kind == rules.ONBOARDING_STUCK,
            WorklistReason.is_standing,
            WorklistReason.account_id.in_(account_ids),
            WorklistReason.account_id.not_in(select(stuck.subquery().c.account_id)),
        )
        .values(is_standing=False)
    )


def _open_items(session: Session, today: date, account_ids: Sequence[str]) -> None:
    session.execute(
        insert(WorklistItem).on_conflict_do_nothing(),
        [_new_item(account_id, today) for account_id in account_ids],
    )


def _settle_items(session: Session, today: date, now: datetime, account_ids: Sequence[str]) -> None:
    # Locked, and then looked at again: a reason may have come just now.
    fetch_all_for_change(session, Account, account_ids)
    session.execute(
        update(WorklistItem)
        .where(WorklistItem.account_id.in_(account_ids), queries.is_over(today))
        .values(
            status=rules.move_item(ItemStatus.OPEN, ItemAction.SETTLE),
            closed_at=now,
            version=WorklistItem.version + 1,
        )
    )


def _new_item(account_id: str, today: date) -> dict[str, Any]:
    return {
        "worklist_item_id": new_id("wli"),
        "account_id": account_id,
        "status": ItemStatus.OPEN,
        "opened_on": today,
        "version": 1,
    }


def _stand(session: Session, reason: WorklistReason, **facts: Any) -> None:
    is_new = not reason.is_standing or reason.since_on != facts["since_on"]
    reason.is_standing = True
    for name, value in facts.items():
        setattr(reason, name, value)
    if is_new:
        reason.rests_until = None
        _wake_item(session, reason.account_id)


def _lock_reason(
    session: Session, account_id: str, kind: str, about: str, today: date
) -> WorklistReason:
    # The account is locked for its reasons and its item: whoever adds one and whoever settles one
    # see each other's work.
    fetch_for_change(session, Account, account_id)
    reason = session.get(WorklistReason, (account_id, kind, about))
    if reason is None:
        reason = WorklistReason(
            account_id=account_id,
            kind=kind,
            about=about,
            version=0,
            is_standing=False,
            since_on=today,
        )
        session.add(reason)
    return reason


def _find_open_item(session: Session, account_id: str) -> WorklistItem | None:
    return session.scalars(
        select(WorklistItem).where(
            WorklistItem.account_id == account_id, WorklistItem.status == ItemStatus.OPEN
        )
    ).one_or_none()


def _keep_item(session: Session, account_id: str, *, today: date, now: datetime) -> None:
    item = _find_open_item(session, account_id)
    due = select(WorklistReason.account_id).where(
        WorklistReason.account_id == account_id, is_due(today)
    )
    is_due_now = session.scalars(due.limit(1)).one_or_none() is not None
    if is_due_now and item is None:
        session.execute(insert(WorklistItem).values(_new_item(account_id, today)))
    elif item is not None and not is_due_now:
        item.status = rules.move_item(item.status, ItemAction.SETTLE)
        item.closed_at = now


def _wake_item(session: Session, account_id: str) -> None:
    item = _find_open_item(session, account_id)
    if item is not None:
        item.snoozed_until = None


def _lock_item(session: Session, worklist_item_id: str) -> WorklistItem:
    account_id = fetch(session, WorklistItem, worklist_item_id).account_id
    fetch_for_change(session, Account, account_id)
    return fetch_for_change(session, WorklistItem, worklist_item_id)

"""What happens to worklists: reasons come and go, items open and settle with them, people work."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, select, text, update
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

_KEEP_REASONS = text(
    """
    WITH told AS (
        SELECT one.*, known.rests_until AS rested_until,
            bool_and(
                one.is_standing AND known.is_standing IS TRUE AND known.since_on = one.since_on
            ) OVER of_reason AS is_known,
            row_number() OVER (of_reason ORDER BY one.version DESC) AS place
        FROM json_populate_recordset(NULL::worklist_reason, :rows) AS one
        LEFT JOIN worklist_reason AS known
            ON (known.account_id, known.kind, known.about) = (one.account_id, one.kind, one.about)
        WHERE known.version IS NULL OR known.version < one.version
        WINDOW of_reason AS (PARTITION BY one.account_id, one.kind, one.about)
    ), news AS (
        SELECT * FROM told WHERE place = 1
    ), kept AS (
        INSERT INTO worklist_reason (account_id, kind, about, version, is_standing, since_on,
            currency, amount, oldest_due_date, sentence, roles, channel, earliest_at, earliest_on,
            rests_until)
        SELECT account_id, kind, about, version, is_standing, since_on,
            currency, amount, oldest_due_date, sentence, roles, channel, earliest_at, earliest_on,
            CASE WHEN is_known THEN rested_until END
        FROM news
        ON CONFLICT (account_id, kind, about) DO UPDATE SET version = excluded.version,
            is_standing = excluded.is_standing, since_on = excluded.since_on,
            currency = excluded.currency, amount = excluded.amount,
            oldest_due_date = excluded.oldest_due_date, sentence = excluded.sentence,
            roles = excluded.roles, channel = excluded.channel,
            earliest_at = excluded.earliest_at, earliest_on = excluded.earliest_on,
            rests_until = excluded.rests_until
    )
    SELECT DISTINCT account_id FROM news WHERE is_standing AND NOT is_known
    """
)


def keep_reasons(session: Session, told: Rows, *, zone: tzinfo, today: date, now: datetime) -> None:
    """Keep what others say of reasons to contact accounts, of each the newest, and the items with them.
    One that is new, or stands since another day, wakes what was snoozed and does not rest."""
    account_ids = sorted({one["account_id"] for one in told})
    # Locked for their reasons and their items: whoever adds one and whoever settles one see each other's
    # work.
    known = {one.account_id for one in fetch_all_for_change(session, Account, account_ids)}
    rules.require_known(account_ids, known)
    rows = [rules.as_row(one, zone=zone, today=today) for one in told]
    renewed = session.scalars(_KEEP_REASONS, {"rows": json.dumps(rows, default=str)}).all()
    _keep_items(session, account_ids, renewed=renewed, today=today, now=now)


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
    _keep_items(session, [account_id], today=today, now=now)


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
    is_new = [
        _stand(session, account_id, rules.CLOSED_UNSETTLED, currency, today, **facts)
        for currency, facts in left.items()
    ]
    renewed = [account_id] if any(is_new) else []
    _keep_items(session, [account_id], renewed=renewed, today=today, now=now)


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
    _settle(session, WorklistItem.account_id.in_(account_ids), queries.is_over(today), now=now)


def _settle(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    session.execute(
        update(WorklistItem)
        .where(*which)
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


def _stand(
    session: Session, account_id: str, kind: str, about: str, today: date, **facts: Any
) -> bool:
    """Whether that is new. The caller has locked the account."""
    reason = session.get(WorklistReason, (account_id, kind, about))
    if reason is None:
        reason = WorklistReason(account_id=account_id, kind=kind, about=about, version=0)
        reason.is_standing = False
        session.add(reason)
    is_new = not reason.is_standing
    if is_new:
        reason.is_standing, reason.since_on, reason.rests_until = True, today, None
    for name, value in facts.items():
        setattr(reason, name, value)
    return is_new


def _keep_items(
    session: Session,
    account_ids: Collection[str],
    *,
    renewed: Collection[str] = (),
    today: date,
    now: datetime,
) -> None:
    """An account has an open item if a reason is due. The caller has locked the accounts."""
    looked = session.execute(queries.items_to_keep(account_ids, today)).all()
    if new := [one.account_id for one in looked if one.is_due and not one.worklist_item_id]:
        _open_items(session, today, new)
    if over := [one.worklist_item_id for one in looked if one.worklist_item_id and not one.is_due]:
        _settle(session, WorklistItem.worklist_item_id.in_(over), now=now)
    asleep = {one.account_id: one.worklist_item_id for one in looked if one.snoozed_until}
    if woken := [asleep[account_id] for account_id in renewed if account_id in asleep]:
        session.execute(
            update(WorklistItem)
            .where(WorklistItem.worklist_item_id.in_(woken))
            .values(snoozed_until=None, version=WorklistItem.version + 1)
        )


def _lock_item(session: Session, worklist_item_id: str) -> WorklistItem:
    account_id = fetch(session, WorklistItem, worklist_item_id).account_id
    fetch_for_change(session, Account, account_id)
    return fetch_for_change(session, WorklistItem, worklist_item_id)

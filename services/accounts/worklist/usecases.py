"""What happens to worklists: reasons come and go, items open and settle with them, people work."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.bulk import Rows, each_apart, insert_rows
from chassis.database import Planned, fetch, fetch_all_for_change, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.accounts.accounts.models import Account
from services.accounts.activities.rules import name_follow_up, require_ahead
from services.accounts.activities.usecases import plan_activity
from services.accounts.parked.usecases import park_accounts
from services.accounts.worklist import queries, rules
from services.accounts.worklist.events import WorklistItemDone
from services.accounts.worklist.models import (
    ReasonWeight,
    WorklistItem,
    WorklistOutcome,
    WorklistReason,
    is_wanted,
)
from services.accounts.worklist.rules import Answer, ItemAction, ItemStatus, Key, Outcome

_KEEP_REASONS = text(
    """
    WITH told AS (
        SELECT one.*, known.rests_until AS rested_until, known.snoozed_until AS slept_until,
            known.snoozed_by AS slept_by, known.settled_on AS ended_on, known.sentence AS said,
            known.amount AS worth, known.currency AS worth_in,
            known.is_standing AS stood, known.to_staff_id AS told_to,
            bool_and(
                one.is_standing AND known.is_standing IS TRUE AND known.since_on = one.since_on
                AND known.to_staff_id IS NOT DISTINCT FROM one.to_staff_id
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
            to_staff_id, rests_until, snoozed_until, snoozed_by, settled_on)
        SELECT account_id, kind, about, version, is_standing, since_on,
            CASE WHEN is_standing THEN currency ELSE worth_in END,
            CASE WHEN is_standing THEN amount ELSE worth END, oldest_due_date,
            CASE WHEN is_standing THEN sentence ELSE said END, roles, channel, earliest_at, earliest_on,
            CASE WHEN is_standing THEN to_staff_id ELSE told_to END,
            CASE WHEN is_known THEN rested_until END,
            CASE WHEN is_known THEN slept_until END, CASE WHEN is_known THEN slept_by END,
            CASE WHEN NOT is_standing AND stood THEN CAST(:today AS date)
                 WHEN NOT is_standing THEN ended_on END
        FROM news
        ON CONFLICT (account_id, kind, about) DO UPDATE SET version = excluded.version,
            is_standing = excluded.is_standing, since_on = excluded.since_on,
            currency = excluded.currency, amount = excluded.amount,
            oldest_due_date = excluded.oldest_due_date, sentence = excluded.sentence,
            roles = excluded.roles, channel = excluded.channel,
            earliest_at = excluded.earliest_at, earliest_on = excluded.earliest_on,
            to_staff_id = excluded.to_staff_id, rests_until = excluded.rests_until,
            snoozed_until = excluded.snoozed_until, snoozed_by = excluded.snoozed_by,
            settled_on = excluded.settled_on, owner_id = excluded.owner_id
    )
    SELECT DISTINCT account_id FROM news WHERE is_standing AND NOT is_known
    """
)


_FOLD_TALLY = Planned(
    """
    WITH folded AS (
        DELETE FROM worklist_tally WHERE EXISTS (SELECT FROM worklist_tally OFFSET 1)
        RETURNING opened, done, settled
    )
    INSERT INTO worklist_tally (opened, done, settled)
    SELECT sum(opened), sum(done), sum(settled) FROM folded HAVING count(*) > 0 RETURNING position
    """
)


def keep_reasons(session: Session, told: Rows, *, zone: tzinfo, today: date, now: datetime) -> None:
    """Keep what others say of reasons to contact accounts, of each the newest, and the items with them.
    One that is new, stands since another day or is told to somebody else wakes what was snoozed and does
    not rest."""
    account_ids = sorted({one["account_id"] for one in told})
    # Locked for their reasons and their items: whoever adds one and whoever settles one see each other's
    # work.
    known = {one.account_id for one in fetch_all_for_change(session, Account, account_ids)}
    rules.require_known(account_ids, known)
    rows = [rules.as_row(one, zone=zone, today=today) for one in told]
    renewed = session.scalars(
        _KEEP_REASONS, {"rows": json.dumps(rows, default=str), "today": today}
    ).all()
    _keep_items(session, account_ids, renewed=renewed, today=today, now=now)


def review_worklists(session: Session, *, today: date, now: datetime) -> None:
    """Once a day: bring back what has rested, and settle what has no reason left. An account that nothing
    can be decided about is parked and stops no other."""
    _FOLD_TALLY.read(session)
    if not queries.is_anything_to_review(session, today=today):
        return
    steps: tuple[tuple[Select[Any], Callable[[Sequence[str]], object]], ...] = (
        (queries.unlisted(today), partial(_list_accounts, session, today)),
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
    outcome: Outcome | None,
    note: str | None,
    reasons: Sequence[Mapping[str, Any]],
    next_step: Mapping[str, Any] | None,
    today: date,
    now: datetime,
    by: str,
    person: str | None,
    zone: tzinfo,
) -> dict[str, Any]:
    """The account was contacted, about all of its reasons or about those that are named; what still
    stands of them comes back after a while. The item is done when all were answered."""
    item = _lock_item(session, worklist_item_id)
    done = rules.move_item(item.status, ItemAction.FINISH)
    wanted = queries.read_reasons(session, account_ids=[item.account_id], which=is_wanted(today))
    known = {(one.kind, one.about): one for one in wanted.get(item.account_id, ())}
    answers = rules.answer_reasons(known.keys(), outcome=outcome, note=note, named=reasons)
    said = [Answer(outcome, note)] if outcome else list(answers.values())
    item.outcome, item.note = said[0].outcome, said[0].note
    if answers.keys() == known.keys():
        item.status, item.closed_by, item.closed_at = done, by, now
    _rest_reasons(session, item.account_id, answers, today)
    told = [
        {"kind": kind, "about": about, "outcome": answer.outcome, "note": answer.note}
        | {"sentence": rules.explain(known[kind, about])}
        for (kind, about), answer in answers.items()
    ]
    asks = {"now": now, "by": by, "person": person, "zone": zone}
    planned = _plan_next(session, item, told, next_step, **asks) if next_step else None
    _keep_outcomes(session, item, told, planned, now=now, by=by)
    session.flush()
    announce(
        session,
        WorklistItemDone,
        account_id=item.account_id,
        worklist_item_id=item.worklist_item_id,
        outcome=item.outcome,
        note=item.note,
        done_by=by,
        done_on=today,
        is_closed=item.status == done,
        reasons=told,
    )
    return queries.with_outcomes(session, item)


def snooze_item(
    session: Session,
    *,
    worklist_item_id: str,
    until: date,
    reasons: Sequence[Mapping[str, str]],
    today: date,
    by: str,
) -> dict[str, Any]:
    """Hide an item until a day, which a new reason brings back sooner; or, of the item, the reasons that
    are named."""
    rules.require_snooze(until, today)
    item = _lock_item(session, worklist_item_id)
    item.status = rules.move_item(item.status, ItemAction.SNOOZE)
    if reasons:
        _snooze_reasons(session, item, reasons, until=until, today=today, by=by)
        item.version += 1
    else:
        item.snoozed_until, item.snoozed_by = until, by
    session.flush()
    return queries.with_outcomes(session, item)


def set_weight(
    session: Session, *, kind: str, points: int, now: datetime, by: str
) -> dict[str, Any]:
    """Give a kind of reason so many points, from now on, on every list."""
    row = {"kind": kind, "points": points, "set_by": by, "set_at": now}
    changed = {name: row[name] for name in ("points", "set_by", "set_at")}
    session.execute(
        insert(ReasonWeight)
        .values(row)
        .on_conflict_do_update(index_elements=["kind"], set_=changed)
    )
    return {"kind": kind, "points": points, "is_default": False}


def _plan_next(
    session: Session,
    item: WorklistItem,
    told: Sequence[Mapping[str, Any]],
    step: Mapping[str, Any],
    **asks: Any,
) -> str:
    """What is to be done next, and the id of the activity that it is."""
    require_ahead(step["at"], now=asks["now"], zone=asks["zone"], field="next_step/at")
    about = step["subject"] or name_follow_up(told[0]["sentence"] if told else "the worklist")
    activity = plan_activity(
        session,
        account_id=item.account_id,
        kind=step["kind"],
        at=step["at"],
        subject=about,
        **asks,
    )
    return activity.activity_id


def _rest_reasons(
    session: Session, account_id: str, answers: Mapping[Key, Answer], today: date
) -> None:
    by_outcome: dict[Outcome, list[Key]] = defaultdict(list)
    for key, answer in answers.items():
        by_outcome[answer.outcome].append(key)
    for outcome, keys in by_outcome.items():
        _change_reasons(session, account_id, keys, rests_until=rules.rests_until(outcome, today))


def _snooze_reasons(
    session: Session,
    item: WorklistItem,
    named: Sequence[Mapping[str, str]],
    *,
    until: date,
    today: date,
    by: str,
) -> None:
    wanted = queries.read_reasons(session, account_ids=[item.account_id], which=is_wanted(today))
    keys = [(one["kind"], one["about"]) for one in named]
    rules.require_on_item(keys, {(one.kind, one.about) for one in wanted.get(item.account_id, ())})
    _change_reasons(session, item.account_id, keys, snoozed_until=until, snoozed_by=by)


def _change_reasons(
    session: Session, account_id: str, keys: Collection[Key], **values: Any
) -> None:
    reason = WorklistReason
    which = tuple_(reason.kind, reason.about).in_(keys)
    session.execute(update(reason).where(reason.account_id == account_id, which).values(**values))


def _keep_outcomes(
    session: Session,
    item: WorklistItem,
    told: Sequence[Mapping[str, Any]],
    next_activity_id: str | None,
    *,
    now: datetime,
    by: str,
) -> None:
    of_item = {"worklist_item_id": item.worklist_item_id, "account_id": item.account_id}
    done = {"next_activity_id": next_activity_id, "done_by": by, "done_at": now}
    insert_rows(
        session,
        WorklistOutcome,
        [{"worklist_outcome_id": new_id("wlo"), **of_item, **one, **done} for one in told],
    )


def _open_items(session: Session, today: date, account_ids: Sequence[str]) -> None:
    session.execute(
        insert(WorklistItem).on_conflict_do_nothing(),
        [_new_item(account_id, today) for account_id in account_ids],
    )


def _list_accounts(session: Session, today: date, account_ids: Sequence[str]) -> None:
    # Locked, and then looked at again: the cause may have ended just now.
    fetch_all_for_change(session, Account, account_ids)
    wanted = queries.unlisted(today).where(WorklistReason.account_id.in_(account_ids))
    if still := session.scalars(wanted).all():
        _open_items(session, today, still)


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
    if new := [one.account_id for one in looked if one.is_wanted and not one.worklist_item_id]:
        _open_items(session, today, new)
    if over := [
        one.worklist_item_id for one in looked if one.worklist_item_id and not one.is_wanted
    ]:
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

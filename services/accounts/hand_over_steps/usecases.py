"""What is done with accounts of hand-overs. A chunk is done once or not at all, and an account that fails
alone is parked."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, literal, select, text, update
from sqlalchemy.orm import Session, aliased

from chassis.bulk import each_apart
from chassis.database import fetch, fetch_all_for_change
from chassis.outbox import announce
from kernel.refusals import Conflict, NotFound, why
from services.accounts.accounts.models import Account
from services.accounts.accounts.usecases import give
from services.accounts.hand_over_steps import events, rules
from services.accounts.hand_over_steps.models import HandOverAccount
from services.accounts.hand_over_steps.rules import AccountStatus, Action, Step
from services.accounts.packs.usecases import pack_accounts
from services.accounts.sharing.usecases import end_sharings, share_accounts
from services.accounts.staff.models import Staff
from services.accounts.staff.usecases import require_active

log = logging.getLogger(__name__)


def take_accounts(
    session: Session,
    *,
    hand_over_id: str,
    from_id: str,
    accounts: Sequence[str] | None,
    now: datetime,
    by: str,
) -> None:
    """Take these accounts of a person into a hand-over, or all that they own, in one statement."""
    owned = [Account.owner_id == from_id]
    if accounts is not None:
        owned.append(Account.account_id.in_(accounts))
    waiting = select(HandOverAccount.account_id).where(
        HandOverAccount.status.in_(rules.WAITING),
        HandOverAccount.account_id.in_(select(Account.account_id).where(*owned)),
    )
    if (other := session.scalars(waiting.limit(1)).first()) is not None:
        number = fetch(session, Account, other).number
        detail = f"Account {number} is in another hand-over already; end or cancel that first."
        raise Conflict("in_another_hand_over", detail, account_id=other)
    names = ("hand_over_id", "account_id", "status", "moved_by", "moved_at")
    values = [
        literal(hand_over_id),
        Account.account_id,
        literal(AccountStatus.DRAFTED.value),
        literal(by),
        literal(now),
    ]
    taken = insert(HandOverAccount).from_select(names, select(*values).where(*owned))
    count = session.connection().execute(taken).rowcount
    if accounts is not None and count < len(set(accounts)):
        owner = fetch(session, Staff, from_id).name
        detail = f"Not all of these accounts are owned by {owner}; name only theirs."
        raise Conflict("not_their_accounts", detail, field="accounts")
    if not count:
        owner = fetch(session, Staff, from_id).name
        raise Conflict("nothing_to_hand_over", f"{owner} owns no account.")


def go_through_chunk(session: Session, step: Step) -> bool:
    """Do the step with the next accounts that it takes; whether there may be more."""
    if step.action in (Action.OFFER, Action.ACCEPT):
        require_active(session, step.to_id)
    chunk = _next(session, step)
    errors = each_apart(session, chunk, lambda ids: _WORK[step.action](session, step, ids))
    _park(session, step, errors)
    return len(chunk) == rules.CHUNK


def do_with(session: Session, step: Step, account_ids: Sequence[str]) -> None:
    """Do the step with these accounts, all or none."""
    rows = _rows(session, step, account_ids)
    if missing := {*account_ids} - {row.account_id for row in rows}:
        detail = f"Account {min(missing)} is not in this hand-over."
        raise NotFound("account_not_handed_over", detail)
    for row in rows:
        rules.next_status(row.status, step.action)
    _WORK[step.action](session, step, [row.account_id for row in rows])


def try_parked_again(session: Session, hand_over_id: str) -> None:
    """What is parked, and in no other hand-over by now, is to be packed again."""
    other = aliased(HandOverAccount)
    is_elsewhere = exists().where(
        other.account_id == HandOverAccount.account_id, other.status.in_(rules.WAITING)
    )
    session.execute(
        update(HandOverAccount)
        .where(
            HandOverAccount.hand_over_id == hand_over_id,
            HandOverAccount.status == AccountStatus.PARKED,
            ~is_elsewhere,
        )
        .values(
            status=rules.next_status(AccountStatus.PARKED, Action.RETRY),
            parked_reason=None,
        )
    )


def _next(session: Session, step: Step) -> Sequence[str]:
    found = select(HandOverAccount.account_id).where(
        HandOverAccount.hand_over_id == step.hand_over_id,
        HandOverAccount.status.in_(rules.takes(step.action)),
    )
    return session.scalars(found.order_by(HandOverAccount.account_id).limit(rules.CHUNK)).all()


def _rows(session: Session, step: Step, ids: Sequence[str]) -> Sequence[HandOverAccount]:
    found = select(HandOverAccount).where(
        HandOverAccount.hand_over_id == step.hand_over_id,
        HandOverAccount.account_id.in_(ids),
    )
    ordered = found.order_by(HandOverAccount.account_id)
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def _pack(session: Session, step: Step, ids: Sequence[str]) -> None:
    packs = pack_accounts(session, ids, step.today)
    _move(
        session,
        step,
        {
            one: {"pack": pack.text, "sha256": pack.sha256, "packed_at": step.now.isoformat()}
            for one, pack in packs.items()
        },
    )


def _offer(session: Session, step: Step, ids: Sequence[str]) -> None:
    accounts = _lock_theirs(session, step, ids)
    successor = require_active(session, step.to_id)
    purpose = f"Offered in a hand-over: {step.reason}"
    shared = share_accounts(
        session, accounts, successor, purpose, today=step.today, now=step.now, by=step.by
    )
    _move(session, step, {one: {"sharing_id": shared.get(one)} for one in ids})


def _accept(session: Session, step: Step, ids: Sequence[str]) -> None:
    accounts = _lock_theirs(session, step, ids)
    _give(session, step, accounts, step.to_id, step.reason)
    _tell(session, step, ids, events.HandOverAccepted, step.to_id)


def _return(session: Session, step: Step, ids: Sequence[str]) -> None:
    accounts = _lock_theirs(session, step, ids)
    owner_id = _returned_to(session, step)
    if owner_id != step.from_id:
        reason = f"Returned by the successor: {step.missing}"
        _give(session, step, accounts, owner_id, reason)
    _tell(session, step, ids, events.HandOverReturned, owner_id, missing=step.missing)


def _cancel(session: Session, step: Step, ids: Sequence[str]) -> None:
    _end_sharings(session, step, ids)
    _move(session, step, {one: {} for one in ids})


_WORK: Mapping[Action, Callable[[Session, Step, Sequence[str]], None]] = {
    Action.PACK: _pack,
    Action.OFFER: _offer,
    Action.ACCEPT: _accept,
    Action.RETURN: _return,
    Action.CANCEL: _cancel,
}


def _lock_theirs(session: Session, step: Step, ids: Sequence[str]) -> Sequence[Account]:
    accounts = fetch_all_for_change(session, Account, ids)
    for account in accounts:
        rules.require_still_theirs(owner_id=account.owner_id, from_id=step.from_id)
    return accounts


def _give(
    session: Session, step: Step, accounts: Sequence[Account], owner_id: str, reason: str
) -> None:
    give(
        session,
        accounts,
        owner_id,
        step.today,
        reason=reason,
        today=step.today,
        now=step.now,
        by=step.by,
    )


def _returned_to(session: Session, step: Step) -> str:
    predecessor = fetch(session, Staff, step.from_id)
    lead_id = predecessor.reports_to_id
    return rules.returned_to(
        from_id=step.from_id,
        to_id=step.to_id,
        lead_id=lead_id,
        is_lead_there=lead_id is not None and fetch(session, Staff, lead_id).is_active,
    )


def _tell(
    session: Session,
    step: Step,
    ids: Sequence[str],
    event: type[Any],
    owner_id: str,
    **facts: Any,
) -> None:
    """Note and announce what became of accounts; the successor sees them as their owner, or no more."""
    _end_sharings(session, step, ids)
    told = {"owner_id": owner_id, **facts}
    parties = {name: getattr(step, name) for name in ("hand_over_id", "from_id", "to_id")}
    for row in _rows(session, step, ids):
        announce(session, event, account_id=row.account_id, sha256=row.sha256, **parties, **told)
    _move(session, step, dict.fromkeys(ids, told))


def _end_sharings(session: Session, step: Step, ids: Sequence[str]) -> None:
    fetch_all_for_change(session, Account, ids)
    shared = [row.sharing_id for row in _rows(session, step, ids) if row.sharing_id is not None]
    end_sharings(session, shared, today=step.today)


def _move(session: Session, step: Step, facts: Mapping[str, Mapping[str, Any]]) -> None:
    """Move accounts by the step, and keep these facts of each, all of the same names: one statement."""
    rows = [
        {
            "hand_over_id": row.hand_over_id,
            "account_id": row.account_id,
            "status": rules.next_status(row.status, step.action),
            "moved_by": step.by,
            "moved_at": step.now.isoformat(),
            "parked_reason": None,
            **facts[row.account_id],
        }
        for row in _rows(session, step, [*facts])
    ]
    _store(session, rows)


def _store(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    names = [name for name in rows[0] if name not in ("hand_over_id", "account_id")]
    changes = ", ".join(f"{name} = new.{name}" for name in names)
    statement = text(
        f"UPDATE hand_over_account AS old SET {changes} "  # noqa: S608
        "FROM json_populate_recordset(NULL::hand_over_account, :rows) AS new "
        "WHERE (old.hand_over_id, old.account_id) = (new.hand_over_id, new.account_id)"
    )
    session.execute(statement, {"rows": json.dumps(rows)})


def _park(session: Session, step: Step, errors: Mapping[str, Exception]) -> None:
    if not errors:
        return
    rows = [
        {
            "hand_over_id": step.hand_over_id,
            "account_id": account_id,
            "status": AccountStatus.PARKED,
            "moved_by": step.by,
            "moved_at": step.now.isoformat(),
            "parked_reason": why(error),
        }
        for account_id, error in errors.items()
    ]
    _end_sharings(session, step, [*errors])
    _store(session, rows)
    first = next(iter(errors.values()))
    log.error("%s accounts of a hand-over parked, the first:", len(errors), exc_info=first)

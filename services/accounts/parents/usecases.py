"""What happens to families: an account gets a parent or loses it; a limit counts for a group or does not.

Only who pays and whose limit counts from now on changes by it: what was issued is as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import Session

from chassis.database import require_version
from kernel.refusals import Conflict, NotFound
from services.accounts import events
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Status, require_changeable
from services.accounts.accounts.usecases import announce_account
from services.accounts.parents import rules
from services.accounts.parents.queries import read_family
from services.accounts.parents.rules import Family, Payer

# Two changes, each harmless alone, could close a circle together: one at a time.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('families', 0))")
# The account with all below it, and the parent to be, locked in the order of their ids as all lock rows;
# also those that the caller does not see, as who pays for them may change.
_LOCK = select(Account).from_statement(
    text(
        """
        WITH RECURSIVE below AS (
            SELECT account_id FROM account WHERE account_id = :account_id
            UNION
            SELECT child.account_id FROM account AS child
            JOIN below ON child.parent_id = below.account_id
        )
        SELECT * FROM account
        WHERE account_id IN (SELECT account_id FROM below) OR account_id = :parent_id
        ORDER BY account_id FOR NO KEY UPDATE
        """
    )
)


@dataclass(frozen=True)
class _Locked:
    """An account with all that are below it, itself among them; and the parent to be."""

    account: Account
    below: Mapping[str, Account]
    parent: Account | None


def set_parent(session: Session, *, account_id: str, parent_id: str, payer: Payer) -> Account:
    """Have an account belong to another, which pays for it or does not."""
    _require_visible(session, parent_id)
    locked = _lock(session, account_id, parent_id)
    account, parent = locked.account, locked.parent
    assert parent is not None, "it was there a moment ago, and accounts are never deleted"
    require_changeable(account.number, account.status, changed=set(), sent=set())
    rules.require_no_circle(number=account.number, parent_id=parent_id, below=locked.below)
    rules.require_open(number=parent.number, status=parent.status)
    rules.require_one_currency(payer, child=account, parent=parent)
    family: Family = {**read_family(session, parent_id), **locked.below}
    rules.require_room(len(family))
    _move(session, locked, family, parent_id=parent_id, is_paid_by_parent=payer is Payer.PARENT)
    return account


def remove_parent(session: Session, *, account_id: str) -> Account:
    """Have an account belong to no other any more; it pays for itself."""
    locked = _lock(session, account_id, None)
    _move(session, locked, locked.below, parent_id=None, is_paid_by_parent=False)
    return locked.account


def set_credit_group(session: Session, *, account_id: str, is_credit_group: bool) -> Account:
    """Have an account's credit limit count for all below it, or for itself alone."""
    locked = _lock(session, account_id, None)
    account = locked.account
    require_changeable(account.number, account.status, changed=set(), sent=set())
    family: Family = {**read_family(session, account_id), **locked.below}
    _move(session, locked, family, is_credit_group=is_credit_group)
    return account


def require_childless(session: Session, account: Account) -> None:
    """Refuse to close a locked account to which others belong that are not closed; whoever reopens one
    meanwhile waits."""
    known = Account.__table__.c
    is_open = and_(known.parent_id == account.account_id, known.status != Status.CLOSED)
    count = session.scalar(select(func.count(known.account_id)).where(is_open)) or 0
    rules.require_childless(number=account.number, open_children=count)


def require_open_parent(session: Session, account: Account) -> None:
    """Refuse to reopen an account whose parent is closed; the parent stays open until this is done."""
    if account.parent_id is None:
        return
    known = Account.__table__.c
    parent = select(known.number, known.status).where(known.account_id == account.parent_id)
    number, status = session.execute(parent.with_for_update(read=True)).one()
    if status in rules.IS_OVER:
        raise Conflict(
            "parent_closed",
            f"{account.number} belongs to {number}, which is {status}; reopen that first, or remove the "
            "parent.",
            state=status,
        )


def _require_visible(session: Session, parent_id: str) -> None:
    if session.scalar(select(Account.account_id).where(Account.account_id == parent_id)) is None:
        raise NotFound("parent_not_found", f"There is no account {parent_id}.", field="parent_id")


def _lock(session: Session, account_id: str, parent_id: str | None) -> _Locked:
    session.execute(_ONE_AT_A_TIME)
    statement = _LOCK.execution_options(populate_existing=True)
    rows = session.scalars(statement, {"account_id": account_id, "parent_id": parent_id}).all()
    found = {one.account_id: one for one in rows}
    account = found.get(account_id)
    if account is None:
        raise NotFound("account_not_found", f"There is no account {account_id}.")
    require_version(session, account_id, account.version)
    below = _below(found, account_id)
    return _Locked(account, below, found.get(parent_id or ""))


def _below(found: Mapping[str, Account], account_id: str) -> dict[str, Account]:
    below, waiting = {}, [account_id]
    while waiting:
        one = waiting.pop()
        below[one] = found[one]
        waiting += [child.account_id for child in found.values() if child.parent_id == one]
    return below


def _move(session: Session, locked: _Locked, family: Family, **edge: Any) -> None:
    """Change what is sent of an account, and have all below it know who pays and whose limit counts;
    those for whom anything changed are announced."""
    account = locked.account
    changed = {name for name, value in edge.items() if getattr(account, name) != value}
    for name, value in edge.items():
        setattr(account, name, value)
    for one in locked.below.values():
        payer_id = rules.find_payer(family, one.account_id)
        followed = (
            payer_id if payer_id != one.account_id else None,
            rules.find_credit_group(family, one.account_id),
        )
        if followed != (one.other_payer_id, one.credit_group_id) or (one is account and changed):
            one.other_payer_id, one.credit_group_id = followed
            _tell(session, one, family)


def _tell(session: Session, account: Account, family: Family) -> None:
    announce_account(
        session,
        events.ParentChanged,
        account,
        parent_number=account.parent_id and family[account.parent_id].number,
        payer_number=family[account.payer_id].number,
    )

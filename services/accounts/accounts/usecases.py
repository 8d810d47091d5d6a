"""What happens to accounts: opened, edited, moved, given to another owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from chassis.bulk import each_by_itself
from chassis.database import fetch, fetch_for_change
from chassis.due import schedule
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.accounts import events
from services.accounts.accounts import rules
from services.accounts.accounts.models import Account, AccountState, account_number
from services.accounts.accounts.rules import Action, Status
from services.accounts.directory.rules import name_key, search_words, tax_id_key
from services.accounts.dues import AccountKnownDue
from services.accounts.ownership.usecases import begin_ownership, pass_on
from services.accounts.staff.models import Staff
from services.accounts.staff.usecases import hold_staff, require_active, require_active_of
from services.accounts.tax_ids.rules import require_tax_id

Facts = Sequence[Mapping[str, Any]]
Profile = Mapping[str, Any]

HAND_OVER_MAX = 500  # accounts in one transaction

_EVENTS: Mapping[Action, type[Any]] = {
    Action.BEGIN_ONBOARDING: events.AccountOnboarding,
    Action.ACTIVATE: events.AccountActivated,
    Action.HOLD: events.AccountHeld,
    Action.RELEASE: events.AccountReleased,
    Action.CLOSE: events.AccountClosing,
    Action.COMPLETE_CLOSING: events.AccountClosed,
    Action.REFUSE_CLOSING: events.AccountClosingRefused,
    Action.WITHDRAW_CLOSING: events.AccountClosingWithdrawn,
    Action.REOPEN: events.AccountOnboarding,
}


def open_account(
    session: Session, *, today: date, now: datetime, by: str, **profile: Any
) -> Account:
    """Open an account, as a prospect, with an owner from its first day."""
    [opened] = open_accounts(session, [profile], today=today, now=now, by=by)
    if isinstance(opened, Refusal):
        raise opened
    return opened


def open_accounts(
    session: Session, profiles: Sequence[Profile | Refusal], *, today: date, now: datetime, by: str
) -> list[Account | Refusal]:
    """Open accounts, each or refused by itself, as if it came after those before it; in a number of
    statements that does not grow with them."""
    told = [one for one in profiles if not isinstance(one, Refusal)]
    staff = hold_staff(session, {one["owner_id"] for one in told})
    numbers = _next_numbers(session, sum(one["number"] is None for one in told))
    taken = {
        "number": _find_taken(session, "number", {one["number"] for one in told}),
        "tax_id": _find_taken(session, "tax_id", {tax_id_key(one["tax_id"]) for one in told}),
    }

    def open_one(profile: Profile) -> Account:
        rules.require_profile(profile)
        require_tax_id(profile["tax_id"], country=profile["country"])
        require_active_of(staff, profile["owner_id"])
        number = profile["number"] or next(numbers)
        account = _begin({**profile, "number": number}, today)
        keys = {"number": account.number, "tax_id": account.tax_id_key}
        for field, key in keys.items():
            if key in taken[field]:
                raise rules.taken(field, taken[field][key])
        taken["number"][number] = account
        if account.tax_id_key:
            taken["tax_id"][account.tax_id_key] = account
        return account

    opened = each_by_itself(session, profiles, open_one)
    new = [one for one in opened if isinstance(one, Account)]
    session.add_all(new)
    session.flush()
    for account in new:
        _begin_life(session, account, now=now, by=by)
    for account in new:
        announce_account(session, events.AccountOpened, account)
    return opened


def edit_account(session: Session, *, account_id: str, **sent: Any) -> Account:
    """Change what was sent of an account, and nothing else; what is as it was changes nothing."""
    account = fetch_for_change(session, Account, account_id)
    sent = rules.in_order(sent)
    changed = {name: value for name, value in sent.items() if value != getattr(account, name)}
    if not changed:
        return account
    rules.require_changeable(
        account.number, account.status, changed=changed.keys(), sent=sent.keys()
    )
    if "currency" in changed:
        _require_no_family(session, account)
    for name, value in changed.items():
        setattr(account, name, value)
    rules.require_profile({"email": account.email, "preferred_channel": account.preferred_channel})
    if "tax_id" in changed:
        require_tax_id(account.tax_id, country=account.country)
        _require_unknown_tax_id(session, account)
    _make_findable(account)
    _announce_changes(session, account, set(changed))
    return account


def change_owner(
    session: Session,
    *,
    account_id: str,
    owner_id: str,
    since_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Account:
    """Give an account to another owner, from today or from an earlier day on."""
    account = fetch_for_change(session, Account, account_id)
    give(
        session, [account], owner_id, since_on or today, reason=reason, today=today, now=now, by=by
    )
    return account


def hand_over_book(
    session: Session,
    *,
    staff_id: str,
    owner_id: str,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Give a person's accounts to another owner, HAND_OVER_MAX of them at a time; how many were given
    and whether more remain."""
    fetch(session, Staff, staff_id)
    book = session.scalars(
        select(Account)
        .where(Account.owner_id == staff_id)
        .order_by(Account.account_id)
        .limit(HAND_OVER_MAX + 1)
        .with_for_update(key_share=True)
    ).all()
    given = book[:HAND_OVER_MAX]
    give(session, given, owner_id, today, reason=reason, today=today, now=now, by=by)
    return {"handed_over": len(given), "has_more": len(book) > len(given)}


def give(
    session: Session,
    accounts: Sequence[Account],
    owner_id: str,
    since_on: date,
    *,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Give locked accounts to another owner from a day on, and announce it."""
    require_active(session, owner_id)
    former = {account.account_id: account.owner_id for account in accounts}
    pass_on(
        session,
        account_ids=[*former],
        staff_id=owner_id,
        since_on=since_on,
        reason=reason,
        today=today,
        now=now,
        by=by,
    )
    session.scalars(
        update(Account)
        .where(Account.account_id.in_(former))
        .values(owner_id=owner_id, owner_since_on=since_on, version=Account.version + 1)
        .returning(Account),
        execution_options={"populate_existing": True, "synchronize_session": False},
    ).all()
    for account in accounts:
        how = {"reason": reason, "former_owner_id": former[account.account_id], "changed_by": by}
        announce_account(session, events.OwnerChanged, account, **how)


def move_account(
    session: Session,
    account: Account,
    action: Action,
    *,
    reason: str | None,
    today: date,
    now: datetime,
    by: str,
    back_to: tuple[Status, date] | None = None,
    **facts: Any,
) -> None:
    """Move a locked account through its table, remember it and announce it with the facts. `back_to`
    says where an account that ends to be closing was before, and since when."""
    before, since_on = back_to or (None, today)
    account.status = rules.next_status(
        account.number, account.status, action, before_closing=before
    )
    account.status_since_on = since_on
    if account.status == Status.ACTIVE:
        account.is_held_for_documents = False
    account.closing_objection = reason if action == Action.REFUSE_CLOSING else None
    _remember_state(session, account, action=action, reason=reason, now=now, by=by)
    event = _EVENTS[action]
    if "reason" in event._declared_fields:
        facts["reason"] = reason
    announce_account(session, event, account, **facts)


def move_accounts(
    session: Session,
    accounts: Sequence[Account],
    action: Action,
    *,
    today: date,
    now: datetime,
    by: str,
) -> None:
    """Move new accounts, which all stand in one place, as `move_account` does each; in a number of
    statements that does not grow with them."""
    [status] = {rules.next_status(one.number, one.status, action) for one in accounts}
    session.scalars(
        update(Account)
        .where(Account.account_id.in_([one.account_id for one in accounts]))
        .values(status=status, status_since_on=today, version=Account.version + 1)
        .returning(Account),
        execution_options={"populate_existing": True, "synchronize_session": False},
    ).all()
    for account in accounts:
        _remember_state(session, account, action=action, reason=None, now=now, by=by)
    for account in accounts:
        announce_account(session, _EVENTS[action], account)


def note_hold(account: Account, *, is_for_documents: bool) -> None:
    """Note of a locked account, before it is moved, whether it is held for its documents alone."""
    account.is_held_for_documents = is_for_documents


def tell_addresses(session: Session, account: Account, addresses: list[dict[str, Any]]) -> None:
    """Announce a locked account's addresses: those that are valid or will be."""
    account.told_addresses = addresses
    announce_account(session, events.AddressesChanged, account)


def tell_references(session: Session, account: Account, references: list[dict[str, str]]) -> None:
    """Announce what other systems call a locked account."""
    account.external_references = references
    announce_account(session, events.AccountEdited, account, changed=["external_references"])


def tell_consents(session: Session, account: Account, consents: Facts) -> None:
    """Announce what a locked account's client agrees to; nothing where that is as before."""
    told = [{**one, "since": one["since"].isoformat()} for one in consents]
    if told != account.told_consents:
        account.told_consents = told
        announce_account(session, events.AccountEdited, account, changed=["consents"])


def announce_account(session: Session, event: type[Any], account: Account, **facts: Any) -> None:
    """Announce what happened to an account, with the whole of it and its version after the change."""
    session.flush()
    snapshot = {
        name: getattr(account, name) for name in event._declared_fields if name not in facts
    }
    announce(session, event, **snapshot, **facts)


def _begin(profile: Profile, today: date) -> Account:
    account = Account(
        account_id=new_id("acc"),
        status=Status.PROSPECT,
        status_since_on=today,
        owner_since_on=today,
        opened_on=today,
        **profile,
    )
    _make_findable(account)
    return account


def _begin_life(session: Session, account: Account, *, now: datetime, by: str) -> None:
    """What a new account has from its first moment: an owner, a state, a time to be known by."""
    begin_ownership(
        session,
        account_id=account.account_id,
        staff_id=account.owner_id,
        since_on=account.opened_on,
        now=now,
        by=by,
    )
    _remember_state(session, account, action=None, reason=None, now=now, by=by)
    schedule(
        session,
        AccountKnownDue,
        key=account.account_id,
        at=now + rules.KNOWN_WITHIN,
        account_id=account.account_id,
    )


def _next_numbers(session: Session, count: int) -> Iterator[str]:
    drawn = select(account_number.next_value()).select_from(func.generate_series(1, count))
    return map(rules.assigned_number, session.scalars(drawn).all() if count else ())


def _find_taken(session: Session, field: str, keys: Set[str | None]) -> dict[str, Account | None]:
    """By number or key of a tax id the account that has it, among all; none where the caller may not see
    which."""
    wanted = keys - {None}
    if not wanted:
        return {}
    name = "tax_id_key" if field == "tax_id" else field
    column = Account.__table__.c[name]
    found: dict[str, Account | None] = dict.fromkeys(
        session.scalars(select(column).where(column.in_(wanted)))
    )
    if found:
        seen = session.scalars(select(Account).where(getattr(Account, name).in_(wanted)))
        found.update({getattr(one, name): one for one in seen})
    return found


def _require_unknown_tax_id(session: Session, account: Account) -> None:
    key, columns = tax_id_key(account.tax_id), Account.__table__.c
    if key is not None:
        is_known = (columns.tax_id_key == key) & (columns.account_id != account.account_id)
        _require_free(session, "tax_id", is_known)


def _require_no_family(session: Session, account: Account) -> None:
    known = Account.__table__.c
    has_children = session.scalar(select(exists().where(known.parent_id == account.account_id)))
    if has_children or account.parent_id is not None:
        raise rules.in_family(account.number)


def _require_free(session: Session, field: str, is_taken: ColumnElement[bool]) -> None:
    """What is unique is so among all accounts; of one that the caller may not see, no more is said."""
    with session.no_autoflush:
        if session.scalar(select(exists().where(is_taken))):
            raise rules.taken(field, session.scalars(select(Account).where(is_taken)).one_or_none())


def _make_findable(account: Account) -> None:
    account.name_key = name_key(account.name)
    account.tax_id_key = tax_id_key(account.tax_id)
    account.search_words = search_words(
        name=account.name, number=account.number, email=account.email, tax_id=account.tax_id
    )


def _announce_changes(session: Session, account: Account, changed: set[str]) -> None:
    if changed & rules.TERMS:
        announce_account(session, events.TermsChanged, account)
    if rules.CREDIT_LIMIT in changed:
        announce_account(session, events.CreditLimitChanged, account)
    if others := sorted(changed - rules.TERMS - {rules.CREDIT_LIMIT}):
        announce_account(session, events.AccountEdited, account, changed=others)


def _remember_state(
    session: Session,
    account: Account,
    *,
    action: Action | None,
    reason: str | None,
    now: datetime,
    by: str,
) -> None:
    session.add(
        AccountState(
            account_id=account.account_id,
            action=action,
            status=account.status,
            reason=reason,
            moved_by=by,
            moved_at=now,
        )
    )

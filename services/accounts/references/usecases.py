"""What happens to references: added, removed; who asks by one gets its account, if need be a new one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from kernel.refusals import Refusal
from services.accounts.accounts.models import Account
from services.accounts.accounts.usecases import open_accounts, tell_references
from services.accounts.references import rules
from services.accounts.references.models import AccountReference

# Whoever asks for the same references meanwhile waits, and then finds them. All lock them in one order.
_LOCK = text(
    "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(reference, 0) AS key"
    " FROM unnest(CAST(:references AS text[])) AS reference ORDER BY key) AS keys"
)


class Reference(NamedTuple):
    """What a system calls an account."""

    system: str
    reference_id: str


class Wanted(NamedTuple):
    """An account that is to be there: what a system calls it, and what it is opened with if it is not."""

    reference: Reference | None
    profile: Mapping[str, Any]


class Found(NamedTuple):
    """An account, or why there is none, and whether it was opened now."""

    account: Account | Refusal
    is_new: bool


def find_or_open_account(
    session: Session,
    *,
    system: str,
    reference_id: str,
    today: date,
    now: datetime,
    by: str,
    **profile: Any,
) -> Account:
    """The account that a system calls so, opened where there is none."""
    wanted = Wanted(Reference(system, reference_id), profile)
    [found] = find_or_open_accounts(session, [wanted], today=today, now=now, by=by)
    if isinstance(found.account, Refusal):
        raise found.account
    return found.account


def find_or_open_accounts(
    session: Session, wanted: Sequence[Wanted | Refusal], *, today: date, now: datetime, by: str
) -> list[Found]:
    """The accounts that systems call so, opened where there are none, and those without reference, each
    or refused by itself; in a number of statements that does not grow with them. Of several with one
    reference the first is opened, or refused for all."""
    named = [one for one in wanted if not isinstance(one, Refusal)]
    known = _find_accounts(session, {one.reference for one in named if one.reference})
    accounts: dict[Reference | int, Account | Refusal] = dict(_fetch_all(session, known))
    keys = [
        place if isinstance(one, Refusal) else one.reference or place
        for place, one in enumerate(wanted)
    ]
    to_open: dict[Reference | int, int] = {}
    for place, key in enumerate(keys):
        if key not in accounts:
            to_open.setdefault(key, place)
    profiles = [_as_opened(wanted[place]) for place in to_open.values()]
    opened = open_accounts(session, profiles, today=today, now=now, by=by)
    accounts.update(zip(to_open, opened, strict=True))
    session.add_all(
        AccountReference(**key._asdict(), account_id=account.account_id)
        for key, account in zip(to_open, opened, strict=True)
        if isinstance(key, Reference) and isinstance(account, Account)
    )
    return [Found(accounts[key], to_open.get(key) == place) for place, key in enumerate(keys)]


def hold_references(session: Session, called: Collection[str]) -> None:
    """Have whoever asks for what is called one of these meanwhile wait, until the transaction ends."""
    if called:
        session.execute(_LOCK, {"references": [*called]})


def add_reference(
    session: Session, *, account_id: str, system: str, reference_id: str
) -> AccountReference:
    """Remember what a system calls an account; what is known already changes nothing."""
    account = fetch_for_change(session, Account, account_id)
    named = Reference(system, reference_id)
    known_id = _find_accounts(session, {named}).get(named)
    if known_id not in (None, account_id):
        whose = select(Account).where(Account.account_id == known_id)
        raise rules.taken(system, reference_id, session.scalars(whose).one_or_none())
    reference = AccountReference(system=system, reference_id=reference_id, account_id=account_id)
    if known_id is None:
        rules.require_room(len(_references(session, account_id)))
        session.add(reference)
        _tell(session, account)
    return reference


def remove_reference(
    session: Session, *, account_id: str, system: str, reference_id: str
) -> Account:
    """Forget what a system called an account; another may be called so from now on."""
    account = fetch_for_change(session, Account, account_id)
    known = session.get(AccountReference, (system, reference_id))
    if known is None or known.account_id != account_id:
        raise rules.not_there(system, reference_id)
    session.delete(known)
    _tell(session, account)
    return account


def _find_accounts(session: Session, references: Set[Reference]) -> dict[Reference, str]:
    """Among all accounts, also those that the caller may not see: a reference is one account's."""
    if not references:
        return {}
    hold_references(session, [f"{one.system}\n{one.reference_id}" for one in references])
    known = AccountReference.__table__.c
    which = tuple_(known.system, known.reference_id).in_(references)
    found = session.execute(select(known.system, known.reference_id, known.account_id).where(which))
    return {Reference(system, name): account_id for system, name, account_id in found}


def _fetch_all(
    session: Session, known: Mapping[Reference, str]
) -> Iterator[tuple[Reference, Account]]:
    which = select(Account).where(Account.account_id.in_(known.values()))
    accounts = {one.account_id: one for one in session.scalars(which)} if known else {}
    return ((reference, accounts[account_id]) for reference, account_id in known.items())


def _as_opened(wanted: Wanted | Refusal) -> Mapping[str, Any] | Refusal:
    if isinstance(wanted, Refusal) or wanted.reference is None:
        return wanted if isinstance(wanted, Refusal) else wanted.profile
    return {**wanted.profile, "external_references": [wanted.reference._asdict()]}


def _references(session: Session, account_id: str) -> Sequence[AccountReference]:
    by = (AccountReference.system, AccountReference.reference_id)
    of_account = AccountReference.account_id == account_id
    return session.scalars(select(AccountReference).where(of_account).order_by(*by)).all()


def _tell(session: Session, account: Account) -> None:
    session.flush()
    known = _references(session, account.account_id)
    told = [{"system": one.system, "reference_id": one.reference_id} for one in known]
    tell_references(session, account, told)

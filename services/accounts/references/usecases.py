"""What happens to references: added, removed; who asks by one gets its account, if need be a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from services.accounts.accounts.models import Account
from services.accounts.accounts.usecases import open_account, tell_references
from services.accounts.references import rules
from services.accounts.references.models import AccountReference

# Whoever asks for the same reference meanwhile waits, and then finds it.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:reference, 0))")


def find_or_open_account(
    session: Session, *, system: str, reference_id: str, **profile: Any
) -> Account:
    """The account that a system calls so, opened where there is none."""
    known_id = _find_account(session, system, reference_id)
    if known_id is not None:
        return fetch(session, Account, known_id)
    named = {"system": system, "reference_id": reference_id}
    account = open_account(session, **profile, external_references=[named])
    session.add(AccountReference(**named, account_id=account.account_id))
    return account


def add_reference(
    session: Session, *, account_id: str, system: str, reference_id: str
) -> AccountReference:
    """Remember what a system calls an account; what is known already changes nothing."""
    account = fetch_for_change(session, Account, account_id)
    known_id = _find_account(session, system, reference_id)
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


def _find_account(session: Session, system: str, reference_id: str) -> str | None:
    """Among all accounts, also those that the caller may not see: a reference is one account's."""
    session.execute(_LOCK, {"reference": f"{system}\n{reference_id}"})
    known = AccountReference.__table__.c
    is_it = (known.system == system, known.reference_id == reference_id)
    found: str | None = session.scalar(select(known.account_id).where(*is_it))
    return found


def _references(session: Session, account_id: str) -> Sequence[AccountReference]:
    by = (AccountReference.system, AccountReference.reference_id)
    of_account = AccountReference.account_id == account_id
    return session.scalars(select(AccountReference).where(of_account).order_by(*by)).all()


def _tell(session: Session, account: Account) -> None:
    session.flush()
    known = _references(session, account.account_id)
    told = [{"system": one.system, "reference_id": one.reference_id} for one in known]
    tell_references(session, account, told)

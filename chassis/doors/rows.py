"""Which rows a caller sees: a system those of the accounts in its list, or all; a person those of the
accounts they own, help with and stand in for, and those of everyone below them (decision 33)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Row, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from chassis.database import AccountOwned, not_found
from chassis.store.sight import read_sight, read_sights, select_seen_by
from kernel.callers import Caller
from kernel.refusals import Forbidden, NotFound, NotKnownYet, Refusal

_CALLER, _PEOPLE, _SEES_ALL, _ACTS = "caller", "people", "sees_all", "acts"


def show_only_visible(session: Session, caller: Caller) -> None:
    """From now on the session has only rows of accounts that the caller sees."""
    session.info[_CALLER] = caller
    session.info["is_held"] = not caller.sees_all
    session.info["require_person"] = _require_person
    session.info["sight"] = _sight
    session.info["seeing_all"] = seeing_all
    if not caller.sees_all:
        event.listen(session, "do_orm_execute", _hold_to_visible)


def hold_to_acts(session: Session, *, acts: bool) -> None:
    """What follows acts, and so sees only what the caller may change; or it only reads."""
    session.info[_ACTS] = acts


@contextmanager
def seeing_all(session: Session) -> Iterator[None]:
    """Inside, the service works for itself, and sees the rows of every account."""
    session.info[_SEES_ALL] = True
    try:
        yield
    finally:
        del session.info[_SEES_ALL]


def visible(session: Session, account_id: Any) -> list[ColumnElement[bool]]:
    """What holds of a column with an account's id where the caller sees that account: for a table that is
    no model."""
    caller = session.info[_CALLER]
    found = []
    if caller.accounts is not None:
        found.append(account_id.in_(sorted(caller.accounts)))
    if caller.is_held_to_people:
        found.append(account_id.in_(select_seen_by(_people(session))))
    return found


def require_visible(session: Session, account_id: str | None) -> None:
    """NotFound where the caller does not see the account; Forbidden where they only see what is to be
    changed; NotKnownYet where nobody has told yet whose it is, as of one that was opened a moment ago."""
    caller = session.info[_CALLER]
    hidden = _find_hidden(caller, account_id, lambda _, account_id: _read(session, account_id))
    if hidden is not None:
        raise _explain(session, caller, account_id, hidden)
    session.info["account_seen"] = account_id


def find_hidden(
    session: Session, named: Sequence[tuple[Caller, str | None]]
) -> list[Refusal | None]:
    """As `require_visible`, for many callers who act, each with the account that they name: the
    refusals."""
    pairs = {
        (caller.staff_id, account_id)
        for caller, account_id in named
        if caller.staff_id is not None and caller.is_held_to_people and account_id is not None
    }
    rows = read_sights(session, sorted(pairs)) if pairs else []
    sights = {(row.staff_id, row.account_id): row for row in rows}
    hidden = [
        _find_hidden(caller, account_id, lambda *pair: sights[pair]) for caller, account_id in named
    ]
    return [
        refusal and _explain(session, *one, refusal)
        for one, refusal in zip(named, hidden, strict=True)
    ]


def find_hidden_things(
    session: Session, named: Sequence[tuple[Caller, str]], whose: Any
) -> list[Refusal | None]:
    """As `find_hidden`, for callers who each name a thing, whose account the select `whose` says: what
    belongs to an account that they do not see, or may only see, is not there for them."""
    key, _ = whose.selected_columns
    ids = {identity for _, identity in named}
    accounts: dict[str, str] = dict(session.execute(whose.where(key.in_(ids))).all())
    hidden = find_hidden(session, [(caller, accounts.get(identity)) for caller, identity in named])
    return [
        refusal and not_found(key.table.name, identity)
        for refusal, (_, identity) in zip(hidden, named, strict=True)
    ]


def require_visible_book(session: Session, owner_id: str) -> None:
    """Forbidden unless the caller sees the accounts that this member of staff owns."""
    caller = session.info[_CALLER]
    if not caller.sees_all and owner_id not in _people(session):
        detail = "Name yourself as owner, or somebody below you."
        raise Forbidden("owner_not_below", detail, field="owner_id")


def _require_person(session: Session, staff_id: str) -> None:
    caller = session.info[_CALLER]
    if not caller.sees_all and staff_id not in _people(session):
        detail = (
            f"This is for {staff_id}, whoever stands in for them and those above; ask one of them."
        )
        raise Forbidden("staff_not_below", detail, staff_id=staff_id)


def _find_hidden(
    caller: Caller, account_id: str | None, look: Callable[[str | None, str], Row[Any]]
) -> NotFound | None:
    if account_id is None or caller.sees_all:
        return None
    refusal = "account_not_found", f"There is no account {account_id}."
    if caller.accounts is not None and account_id not in caller.accounts:
        return NotFound(*refusal)
    sight = look(caller.staff_id, account_id) if caller.is_held_to_people else None
    if sight is None or sight.is_visible:
        return None
    return NotFound(*refusal) if sight.is_known else NotKnownYet(*refusal)


def _explain(session: Session, caller: Caller, account_id: str | None, hidden: NotFound) -> Refusal:
    """What is hidden from who would act may be there for who reads."""
    is_listed = caller.accounts is None or account_id in caller.accounts
    if not (caller.is_held_to_people and is_listed) or isinstance(hidden, NotKnownYet):
        return hidden
    assert caller.staff_id is not None
    sight = read_sight(session, staff_id=caller.staff_id, account_id=account_id, acts=False)
    if not sight.is_visible:
        return hidden
    detail = (
        "You stand in to see this account, not to change it; whoever stays away can let you act."
    )
    return Forbidden("only_seen", detail)


def _hold_to_visible(state: ORMExecuteState) -> None:
    session = state.session
    if session.info.get(_SEES_ALL) or not (state.is_select or state.is_update or state.is_delete):
        return  # plain text names its own tables
    caller = session.info[_CALLER]
    # A lambda of its own for each: what stands in one is told from its kind the first time.
    if caller.accounts is not None:
        listed = sorted(caller.accounts)
        _add(state, lambda model: model.account_id.in_(listed))
    if caller.is_held_to_people:
        seen = select_seen_by(_people(session))
        _add(state, lambda model: model.account_id.in_(seen))


def _add(state: ORMExecuteState, criteria: Any) -> None:
    option = with_loader_criteria(AccountOwned, criteria, include_aliases=True)
    state.statement = state.statement.options(option)


def _sight(session: Session) -> dict[str, list[str] | None]:
    """Whose accounts the caller sees, and which are in their list; none: that hides nothing."""
    caller = session.info[_CALLER]
    if session.info.get(_SEES_ALL):
        return {"seen_by": None, "listed": None}
    return {
        "seen_by": _people(session) if caller.is_held_to_people else None,
        "listed": None if caller.accounts is None else sorted(caller.accounts),
    }


def _people(session: Session) -> list[str]:
    """Those whose accounts the caller sees; looked up once in a transaction."""
    if _PEOPLE not in session.info:
        _read(session, None)
    people: list[str] = session.info[_PEOPLE]
    return people


def _read(session: Session, account_id: str | None) -> Row[Any]:
    staff_id = session.info[_CALLER].staff_id
    acts = session.info.get(_ACTS, True)
    sight = read_sight(session, staff_id=staff_id, account_id=account_id, acts=acts)
    session.info[_PEOPLE] = sight.people
    return sight

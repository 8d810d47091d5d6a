"""Reads of accounts: one, many, their history, their likely duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Label,
    Text,
    all_,
    any_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_only
from chassis.pages import read_cursor, read_page
from kernel.text import fold
from services.accounts.accounts.models import Account, AccountState
from services.accounts.accounts.rules import Status, Tier
from services.accounts.directory import rules

EVERY = select(Account)
"""What listeners are told of."""

CANDIDATES_MAX = 200
DUPLICATES_MAX = 20
_BY_NAME: Sequence[Any] = (Account.name_key, Account.account_id)
_NAME_BEGINS = 1  # the place of accounts whose names begin as is typed
ENOUGH = 10  # matches: who has as many has not mistyped what they look for
# How like a part of a word must be to what is typed for PostgreSQL's operator <% in this transaction: as
# much as it is in spite of one or two mistyped letters.
_LIKE_ENOUGH = text("SELECT set_config('pg_trgm.word_similarity_threshold', '0.3', true)")
# Words of names, each looked for among the words there are, which are few beside the names.
_NEAR_WORDS = text(
    f"""
    SELECT DISTINCT near.word FROM unnest(CAST(:long AS text[])) AS typed (word)
    CROSS JOIN LATERAL (
        SELECT name_word.word FROM name_word WHERE typed.word <% name_word.word
        ORDER BY word_similarity(typed.word, name_word.word) DESC, name_word.word LIMIT {CANDIDATES_MAX}
    ) AS near
    """  # noqa: S608
)


def get_account(session: Session, *, account_id: str) -> Account:
    """One account."""
    return fetch_only(session, Account, account_id)


def list_accounts(
    session: Session,
    *,
    q: str | None,
    status: Status | None,
    owner_id: str | None,
    tier: Tier | None,
    country: str | None,
    reference_system: str | None,
    reference_id: str | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Accounts by name; of those that are looked for, the best matches first."""
    columns = (Account.status, Account.owner_id, Account.tier, Account.country)
    filters = zip(columns, (status, owner_id, tier, country), strict=True)
    wanted = [column == value for column, value in filters if value is not None]
    reference = {"system": reference_system, "reference_id": reference_id}
    if told := {name: value for name, value in reference.items() if value is not None}:
        wanted.append(Account.external_references.contains([told]))
    if q is None:
        which = select(Account).where(*wanted)
        return read_page(session, which, by=_BY_NAME, limit=limit, after=after)
    page = _read_matches(session, q, wanted, limit=limit, after=after)
    items = _read_in_order(session, [row.account_id for row in page["items"]])
    if not page["has_more"] and len(items) < min(limit, ENOUGH):
        matches = items if after is None else _first_matches(session, q, wanted)
        if len(matches) < ENOUGH:
            items += _find_alike(session, q, wanted, matches, limit=limit - len(items))
    return page | {"items": items}


def list_states(
    session: Session, *, account_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """The statuses an account has been in, first to present."""
    states = select(AccountState).where(AccountState.account_id == account_id)
    return read_page(session, states, by=[AccountState.position], limit=limit, after=after)


def list_duplicates(session: Session, *, account_id: str) -> dict[str, Any]:
    """Accounts that may be the same client, likeliest first."""
    account = fetch(session, Account, account_id)
    found: list[dict[str, Any]] = [
        {
            "account_id": other.account_id,
            "number": other.number,
            "name": other.name,
            "status": other.status,
            "likeness": rules.likeness(account.name_key, other.name_key),
            "reasons": _reasons(account, other),
        }
        for other in _candidates(session, account)
    ]
    alike = [candidate for candidate in found if candidate["reasons"]]
    alike.sort(key=lambda candidate: (-candidate["likeness"], candidate["account_id"]))
    return {"items": alike[:DUPLICATES_MAX]}


def _candidates(session: Session, account: Account) -> list[Account]:
    alike = [Account.name_key == account.name_key, Account.name_key.op("%")(account.name_key)]
    if account.email:
        alike.append(_matches(rules.whole_word_query(account.email)))
    likeness = func.similarity(Account.name_key, account.name_key)
    others = select(Account).where(Account.account_id != account.account_id, or_(*alike))
    likeliest = others.order_by(likeness.desc(), Account.account_id).limit(CANDIDATES_MAX)
    return list(session.scalars(likeliest))


def _reasons(account: Account, other: Account) -> list[str]:
    reasons = []
    if account.name_key == other.name_key:
        reasons.append("same_name")
    elif rules.likeness(account.name_key, other.name_key) >= rules.LIKENESS_MIN:
        reasons.append("similar_name")
    if account.email and (other.email or "").lower() == account.email.lower():
        reasons.append("same_email")
    return reasons


def _read_matches(
    session: Session,
    q: str,
    wanted: Sequence[ColumnElement[bool]],
    *,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """A page of the places of accounts that match as it is typed, the best first: their rows are wide,
    and may be ten thousand that are put in order."""
    by = [_place(q), *_BY_NAME]
    matches, found = _begins(q), select(*by).where(*wanted)
    begin = after and read_cursor(after, by)
    near = None if wanted else _near(session, q, begin=begin, limit=limit)
    if near is not None:
        # Not looked for by the index of words, which would have all of them.
        few = found.where(near, matches.is_(true()))
        page = read_page(session, few, by=by, limit=limit, after=after)
        if page["has_more"]:
            return page
    return read_page(session, found.where(matches), by=by, limit=limit, after=after)


def _near(
    session: Session, q: str, *, begin: Sequence[Any] | None, limit: int
) -> ColumnElement[bool] | None:
    """What holds of all accounts of a page that is full of names which begin with a word, so that those
    after it are not read, be there ten thousand; None where it is not full of them."""
    word = fold(q)
    if not word or " " in word:
        return None
    # All that is asked stands in the index; there is one account at most of a number and of a tax id.
    which = [Account.name_key.startswith(word), Account.name_key != rules.name_key(q)]
    most = limit + 3
    if begin is not None:
        place, *beyond = begin
        if place > _NAME_BEGINS:
            return None
        if place == _NAME_BEGINS:
            which.append(tuple_(*_BY_NAME) > tuple(beyond))
    names = select(Account.account_id).where(*which).order_by(*_BY_NAME).limit(most)
    ids = session.scalars(names).all()
    if len(ids) < most:
        return None
    return or_(*_is_this(q), Account.account_id == any_(literal(ids, ARRAY(Text))))


def _is_this(q: str) -> list[ColumnElement[bool]]:
    """That it is this very name, number or tax id, each of which has its index."""
    is_this = [Account.name_key == rules.name_key(q), func.lower(Account.number) == q.lower()]
    if tax_id := rules.tax_id_key(q):
        is_this.append(Account.tax_id_key == tax_id)
    return is_this


def _begins(q: str) -> ColumnElement[bool]:
    return _matches(rules.prefix_query(q))


def _place(q: str) -> Label[int]:
    """How well an account matches, best first: this very name, number or tax id; its name begins so;
    words of it do."""
    place = case(
        (or_(*_is_this(q)), 0),
        (Account.name_key.startswith(fold(q), autoescape=True), _NAME_BEGINS),
        else_=2,
    )
    return place.label("place")


def _first_matches(
    session: Session, q: str, wanted: Sequence[ColumnElement[bool]]
) -> Sequence[Account]:
    """On whichever page they are."""
    return session.scalars(select(Account).where(_begins(q), *wanted).limit(ENOUGH)).all()


def _find_alike(
    session: Session,
    q: str,
    wanted: Sequence[ColumnElement[bool]],
    matches: Sequence[Account],
    *,
    limit: int,
) -> list[Account]:
    """Accounts that may be meant although something is mistyped, those with the least first; none of
    those that match as it is typed."""
    typed = rules.name_key(q)
    long = rules.long_words(typed)
    if not long:
        return []
    session.execute(_LIKE_ENOUGH)
    near = [row.word for row in session.execute(_NEAR_WORDS, {"long": long})]
    matched = literal([one.account_id for one in matches], ARRAY(Text))
    is_other = Account.account_id != all_(matched)
    candidates = session.execute(
        select(Account.name_key, Account.number, Account.account_id)
        .where(_matches(rules.alike_query(typed, near)), is_other, *wanted)
        .order_by(func.word_similarity(typed, Account.name_key).desc(), Account.account_id)
        .limit(CANDIDATES_MAX)
    )
    counted = [(rules.count_mistyped(typed, one.name_key), *one) for one in candidates]
    meant = sorted([one for one in counted if one[0] is not None])[:limit]
    return _read_in_order(session, [account_id for *_, account_id in meant])


def _read_in_order(session: Session, account_ids: Sequence[str]) -> list[Account]:
    if not account_ids:
        return []
    wanted = literal(account_ids, ARRAY(Text))
    found = session.scalars(select(Account).where(Account.account_id == any_(wanted)))
    accounts = {one.account_id: one for one in found}
    return [accounts[account_id] for account_id in account_ids]


def _matches(query: str) -> ColumnElement[bool]:
    return func.array_to_tsvector(Account.search_words).op("@@", is_comparison=True)(
        cast(query, TSQUERY)
    )

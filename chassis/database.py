"""The database: the declarative base, what every aggregate has, fetching with and without a lock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, DateTime, MetaData, Select, Text, bindparam, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from chassis.store.dialect import ALONE
from chassis.store.lookups import Lookup, NotServed, engine_for_lookups
from chassis.store.plans import Planned
from chassis.store.tables import NAMING
from kernel.refusals import NotFound, VersionMismatch

Row = TypeVar("Row", bound=DeclarativeBase)


# What a service's declarative base is made with: whole numbers are bigint, instants carry their zone,
# constraints have predictable names. The chassis' own tables are its own affair.
COLUMN_TYPES: dict[Any, Any] = {int: BigInteger, str: Text, datetime: DateTime(timezone=True)}


# The order in which people read numbers of documents, RE-9 before RE-10, and the type of columns that are
# in it. The first migration of a service that needs it makes the collation: provider icu, locale
# und-u-kn-true.
NATURAL_ORDER = "natural_order"
NATURAL = Text(collation=NATURAL_ORDER)


def new_metadata() -> MetaData:
    """Metadata for one service's tables."""
    return MetaData(naming_convention=NAMING)


class Aggregate:
    """A thing with a version. It grows by one with every change, is the ETag of the thing's page, and
    two changes on top of the same version cannot both be committed."""

    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class AccountOwned:
    """A row that belongs to one account. A caller who may see some accounts only sees their rows."""

    account_id: Mapped[str] = mapped_column(index=True)


def fetch(session: Session, model: type[Row], identity: str) -> Row:
    """The row with this id, to read; NotFound where there is none."""
    return _one(session, _by_id(model), model, identity)


def fetch_only(session: Session, model: type[Row], identity: str) -> Row:
    """As `fetch`, for a query that reads nothing else: one statement needs no transaction around it,
    and no session where nothing is hidden from the caller."""
    engine = engine_for_lookups(session)
    if engine is not None and not (session.info["is_held"] and issubclass(model, AccountOwned)):
        try:
            return _found(_lookup(model).read(engine, identity), model, identity)
        except NotServed:
            pass
    return _one(session, _by_id_alone(model), model, identity)


def fetch_seen(session: Session, model: type[Row], identity: str) -> Row:
    """As `fetch`, for a query of a thing by its account's id, which the caller was found to see: one
    statement that is planned, and no more of the ORM than the object."""
    if session.info.get("account_seen") != identity:  # no caller came through a door
        return fetch(session, model, identity)
    return _found(_lookup(model).read_within(session.connection(), identity), model, identity)


def fetch_for_change(session: Session, model: type[Row], identity: str) -> Row:
    """The row with this id, locked until the transaction ends; NotFound where there is none,
    VersionMismatch where the caller's If-Match names this row with another version."""
    rows = fetch_all_for_change(session, model, [identity])
    if not rows:
        raise not_found(model.__tablename__, identity)
    require_version(session, identity, rows[0].version)  # type: ignore[attr-defined]
    return rows[0]


SEEN_TYPES: Mapping[str, str] = {"seen_by": "text[]", "listed": "text[]"}


def seen(account_id: str, *, owner_id: str = "NULL") -> str:
    """What holds of a column with an account's id where the caller sees that account, in a statement that
    is planned: of each row by itself, so for those that name which accounts they are about. The column is
    named with its table, as another could be meant inside. Where the account's owner stands beside it,
    what is the callers' own is not looked up."""
    assert "." in account_id, f"of which table is {account_id}?"
    return f"""(
        (:seen_by IS NULL OR {owner_id} = ANY(:seen_by) OR EXISTS (
            SELECT FROM account_sight
            WHERE account_sight.account_id = {account_id} AND account_sight.is_standing
              AND account_sight.staff_id = ANY(:seen_by)))
        AND (:listed IS NULL OR {account_id} = ANY(:listed)))"""


def ask_seen(session: Session, statement: Planned, values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement that says `seen` and takes `SEEN_TYPES`, with what the session has changed
    so far."""
    return statement.read(session, **values, **session.info["sight"](session))


def seeing_with(
    session: Session, statement: Planned, values: Mapping[str, Any]
) -> AbstractContextManager[None]:
    """Inside, the caller sees the rows of all accounts, if the statement, which says `seen`, finds
    anything: for a thing that is an account's which they see, though another's by its `account_id`. Only
    for reading that one thing. It is not asked where nothing is hidden from the caller."""
    if not session.info.get("is_held") or not ask_seen(session, statement, values):
        return nullcontext()
    see: Callable[[Session], AbstractContextManager[None]] = session.info["seeing_all"]
    return see(session)


def require_person(session: Session, staff_id: str) -> None:
    """Forbidden (`staff_not_below`) unless the caller is this member of staff, stands in for them, is
    above them, or sees all."""
    check = session.info.get("require_person")
    if check is not None:  # none where no caller came through a door
        check(session, staff_id)


def require_version(session: Session, identity: str, version: int) -> None:
    """VersionMismatch where the caller's If-Match names the row with this id in another version."""
    expected = session.info.get("if_match", {}).get(identity)
    if expected is not None and expected != version:
        raise VersionMismatch(
            "version_mismatch",
            f"{identity} has changed since version {expected}; read it again, then repeat the change.",
        )


def fetch_all_for_change(
    session: Session, model: type[Row], identities: Collection[str]
) -> Sequence[Row]:
    """The rows with these ids, locked in the order of their ids, so that no two callers can wait for
    each other; ids without a row are left out."""
    return session.scalars(_by_ids_for_change(model), {"identities": list(identities)}).all()


def _one(session: Session, statement: Select[Row], model: type[Row], identity: str) -> Row:
    return _found(session.scalars(statement, {"identity": identity}).one_or_none(), model, identity)


def _found(row: Row | None, model: type[Row], identity: str) -> Row:
    if row is None:
        raise not_found(model.__tablename__, identity)
    return row


# Built once for each model: on a page that is read a thousand times a second, it shows.
@cache
def _by_id(model: type[Row]) -> Select[Row]:
    return select(model).where(model.__mapper__.primary_key[0] == bindparam("identity"))


@cache
def _by_id_alone(model: type[Row]) -> Select[Row]:
    assert not model.__mapper__.relationships, "what hangs on it is read later, as it is then"
    return _by_id(model).execution_options(**ALONE)


@cache
def _lookup(model: type[Row]) -> Lookup[Row]:
    return Lookup(model)


@cache
def _by_ids_for_change(model: type[Row]) -> Select[Row]:
    key = model.__mapper__.primary_key[0]
    return (
        select(model)
        .where(key.in_(bindparam("identities", expanding=True)))
        .order_by(key)
        .with_for_update(key_share=True)  # rows that refer to it may be added meanwhile
        .execution_options(populate_existing=True)
    )


def not_found(table: str, identity: str) -> NotFound:
    """That there is no such row."""
    return NotFound(f"{table}_not_found", f"There is no {table.replace('_', ' ')} {identity}.")

"""Claims about fetching one row by its id, against a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Enum, ForeignKey, Numeric, func, insert, text, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, column_property, mapped_column

from chassis.database import COLUMN_TYPES, AccountOwned, fetch, fetch_all_for_change, fetch_only
from chassis.doors.sessions import make_engine, make_reading_engine, open_session
from chassis.doors.transaction import Context, run
from chassis.outbox import announce
from chassis.store.clock import Clock
from chassis.store.sight import keep_owners, keep_staff
from dev.servers import Servers
from kernel.callers import ALL_ACCOUNTS, ITSELF, Caller
from kernel.ids import new_id
from kernel.refusals import NotFound
from tests.chassis.ending import END_OTHERS
from tests.chassis.probe.events import NoteLost

pytestmark = pytest.mark.server


class Colour(StrEnum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


class Base(DeclarativeBase):
    """What these tests read."""

    type_annotation_map = COLUMN_TYPES


def _values(of: type[StrEnum]) -> list[str]:
    return [member.value for member in of]


COLOUR = Enum(Colour, native_enum=False, values_callable=_values)


class Thing(Base, AccountOwned):
    """A thing with a column of each type that the house has."""

    __tablename__ = "thing_to_fetch"

    thing_id: Mapped[str] = mapped_column(primary_key=True)
    colour: Mapped[Colour] = mapped_column(COLOUR)
    colours: Mapped[list[Colour]] = mapped_column(ARRAY(COLOUR))
    sums: Mapped[list[Decimal] | None] = mapped_column(ARRAY(Numeric(12, 3)))
    papers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    amount: Mapped[int | None]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    is_old: Mapped[bool]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    loud: Mapped[str] = column_property(func.upper(colour.column))


class Paint(Base):
    """A thing of everybody."""

    __tablename__ = "paint_to_fetch"

    paint_id: Mapped[str] = mapped_column(primary_key=True)


class Remark(Base):
    """What refers to a thing."""

    __tablename__ = "remark_to_fetch"

    remark_id: Mapped[str] = mapped_column(primary_key=True)
    thing_id: Mapped[str] = mapped_column(ForeignKey("thing_to_fetch.thing_id"))


DECIMALS = st.decimals(0, 10**6, places=3)
THINGS = st.fixed_dictionaries(
    {
        "colour": st.sampled_from(Colour),
        "colours": st.lists(st.sampled_from(Colour), max_size=3),
        "sums": st.none() | st.lists(DECIMALS, max_size=3),
        "papers": st.lists(
            st.dictionaries(st.text('ab"\\', max_size=3), st.integers()), max_size=2
        ),
        "amount": st.none() | st.integers(-(2**63), 2**63 - 1),
        "quantity": st.none() | DECIMALS,
        "is_old": st.booleans(),
        "made_on": st.dates(date(1900, 1, 1), date(2200, 1, 1)),
        "made_at": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    }
)
SOME: dict[str, Any] = {
    "thing_id": "one",
    "account_id": "acc_1",
    "colour": Colour.RED,
    "colours": [Colour.BLUE],
    "papers": [{"n": 1}],
    "amount": 12,
    "is_old": True,
    "made_on": date(2026, 1, 1),
    "made_at": datetime(2026, 1, 1, tzinfo=UTC),
}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that asks nobody."""
    monkeypatch.setattr("chassis.doors.transaction.read_clock", lambda _: Clock(datetime.now(UTC)))


@pytest.fixture
def writing(servers: Servers, engine_of: Callable[[str], Engine]) -> Iterator[Engine]:
    """A service's engine, and the things' table in its database with one thing."""
    engine_of("sales")
    engine = make_engine(servers.database_url("sales"))
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(Thing.__table__).values(SOME))
    yield engine
    Base.metadata.drop_all(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM staff_tree; DELETE FROM account_sight"))
    engine.dispose()


@pytest.fixture
def reading(servers: Servers, writing: Engine) -> Iterator[Engine]:
    """A service's engine for queries."""
    engine = make_reading_engine(servers.database_url("sales"))
    yield engine
    assert engine.pool.checkedout() == 0, "every connection is given back"  # type: ignore[attr-defined]
    engine.dispose()


def _fetch(engine: Engine, caller: Caller = ITSELF, thing_id: str = "one") -> Thing:
    def work(session: Session, _: object) -> Thing:
        return fetch_only(session, Thing, thing_id)

    thing: Thing = run(engine, work, Context(caller=caller))
    return thing


def _values_of(thing: Thing) -> dict[str, Any]:
    return {one.key: getattr(thing, one.key) for one in Thing.__mapper__.column_attrs}


def _planned(engine: Engine) -> list[tuple[str, int]]:
    """What the one connection of the pool has planned, and how often it was executed."""
    query = text("SELECT name, generic_plans + custom_plans FROM pg_prepared_statements")
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=THINGS)
def test_a_row_fetched_alone_is_as_the_orm_reads_it(
    writing: Engine, reading: Engine, values: dict[str, Any]
) -> None:
    with writing.begin() as connection:
        connection.execute(update(Thing.__table__).values(values))
    with open_session(writing, ITSELF) as session:
        expected = fetch(session, Thing, "one")
    found = _fetch(reading)
    assert isinstance(found, Thing)
    assert _values_of(found) == _values_of(expected)
    assert repr(_values_of(found)) == repr(_values_of(expected)), "and of the same types"


def test_it_is_planned_once_and_there_is_no_transaction(reading: Engine) -> None:
    for _ in range(3):
        _fetch(reading)
    assert _planned(reading) == [("lookup_thing_to_fetch", 3)]
    with reading.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        assert raw.get_transaction_status() == 0


def test_no_row_is_not_found_and_what_cannot_be_an_id_neither(reading: Engine) -> None:
    for thing_id in ("two", "'; DROP TABLE thing_to_fetch; --", "%s", "\\"):
        with pytest.raises(NotFound) as refusal:
            _fetch(reading, thing_id=thing_id)
        assert refusal.value.code == "thing_to_fetch_not_found"
    assert _fetch(reading).thing_id == "one"


@pytest.mark.parametrize(
    ("caller", "is_seen"),
    [
        (ITSELF, True),
        (Caller("key_a", frozenset({"*"}), frozenset({"acc_1"})), True),
        (Caller("key_b", frozenset({"*"}), frozenset({"acc_2"})), False),
        (Caller("ann", frozenset({"*"}), None, "ann"), True),
        (Caller("eve", frozenset({"*"}), None, "eve"), False),
        (Caller("eve", frozenset({ALL_ACCOUNTS}), None, "eve"), True),
    ],
)
def test_it_is_there_for_who_sees_its_account(
    writing: Engine, reading: Engine, caller: Caller, is_seen: bool
) -> None:
    with Session(writing) as session, session.begin():
        staff = {"staff_id": "ann", "reports_to_id": None, "is_active": True, "version": 1}
        keep_staff(session, [staff, {**staff, "staff_id": "eve"}])
        keep_owners(session, [{"account_id": "acc_1", "owner_id": "ann", "version": 1}])
    if is_seen:
        assert _fetch(reading, caller).account_id == "acc_1"
    else:
        with pytest.raises(NotFound):
            _fetch(reading, caller)


def test_what_is_everybodys_is_there_for_a_person(writing: Engine, reading: Engine) -> None:
    def work(session: Session, _: object) -> str:
        return fetch_only(session, Paint, "red").paint_id

    with writing.begin() as connection:
        connection.execute(insert(Paint.__table__).values(paint_id="red"))
    eve = Context(caller=Caller("eve", frozenset({"*"}), None, "eve"))
    assert run(reading, work, eve) == "red"


def test_a_table_that_changes_meanwhile_is_read_as_it_is_then(
    writing: Engine, reading: Engine
) -> None:
    with reading.connect() as one, reading.connect() as other:  # so that the pool has two
        for connection in (one, other):
            connection.execute(text("SELECT 1"))
    for _ in range(2):
        _fetch(reading)
    for change in ("ALTER quantity TYPE numeric(14, 1)", "ALTER amount TYPE int", "ADD size int"):
        with writing.begin() as connection:
            connection.execute(text(f"ALTER TABLE thing_to_fetch {change}"))
        for _ in range(3):
            assert _fetch(reading).amount == 12


def test_a_broken_connection_is_replaced(writing: Engine, reading: Engine) -> None:
    _fetch(reading)
    with writing.begin() as connection:
        assert connection.scalar(text(END_OTHERS))
    assert _fetch(reading).thing_id == "one"
    assert _planned(reading) in ([], [("lookup_thing_to_fetch", 1)])


def test_after_another_read_it_is_of_the_same_view(writing: Engine, reading: Engine) -> None:
    def work(session: Session, _: object) -> int | None:
        session.execute(text("SELECT count(*) FROM thing_to_fetch"))
        with writing.begin() as connection:
            connection.execute(update(Thing.__table__).values(amount=99))
        return fetch_only(session, Thing, "one").amount

    assert run(reading, work, Context()) == 12
    assert _fetch(reading).amount == 99


def test_in_a_command_it_sees_what_the_command_has_done(writing: Engine) -> None:
    def work(session: Session, _: object) -> int | None:
        fetch(session, Thing, "one").amount = 13
        session.flush()
        return fetch_only(session, Thing, "one").amount

    assert run(writing, work, Context()) == 13


def _add(session: Session, _: object) -> None:
    session.add(Paint(paint_id="blue"))


def _change(session: Session, _: object) -> None:
    fetch(session, Thing, "one").amount = 13


def _announce(session: Session, _: object) -> None:
    announce(session, NoteLost, account_id=new_id("acc"))


@pytest.mark.parametrize("work", [_add, _change, _announce])
def test_a_query_that_would_store_something_fails(
    reading: Engine, work: Callable[[Session, object], None]
) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        run(reading, work, Context())
    assert _fetch(reading).amount == 12


def test_a_locked_row_may_be_referred_to_meanwhile(writing: Engine) -> None:
    with open_session(writing, ITSELF) as session:
        assert fetch_all_for_change(session, Thing, ["one"])
        with writing.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = 200"))
            other.execute(insert(Remark.__table__).values(remark_id="new", thing_id="one"))


def test_a_locked_row_is_changed_by_nobody_else(writing: Engine) -> None:
    with open_session(writing, ITSELF) as session, writing.connect() as other:
        assert fetch_all_for_change(session, Thing, ["one"])
        other.execute(text("SET LOCAL lock_timeout = 50"))
        with pytest.raises(OperationalError, match="lock timeout"):
            other.execute(update(Thing.__table__).values(amount=99))

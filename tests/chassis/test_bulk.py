"""Claims about many things done at once, of which one fails, against a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis.bulk import Asked, attempt, decide_each, each_apart
from chassis.doors.sessions import make_engine
from chassis.due import schedule
from chassis.outbox import announce
from dev.servers import Servers
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Conflict, NotKnownYet, Unavailable
from tests.chassis.probe.dues import RingDue
from tests.chassis.probe.events import NoteTaken

pytestmark = pytest.mark.server

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADD = text("INSERT INTO attempted (n) SELECT unnest(CAST(:many AS bigint[]))")


@pytest.fixture(scope="module")
def engine(servers: Servers) -> Iterator[Engine]:
    """Connections of a service's own kind, and a table of numbers."""
    engine = make_engine(servers.database_url("sales"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS attempted")
        connection.exec_driver_sql("CREATE TABLE attempted (n int UNIQUE CHECK (n <> 0))")
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection) as session:
            yield session
        transaction.rollback()


def _numbers(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT n FROM attempted ORDER BY n")))


def _add(session: Session) -> Callable[[Sequence[int]], None]:
    def add(many: Sequence[int]) -> None:
        session.execute(ADD, {"many": list(many)})
        told = {"account_id": new_id("acc"), "note_id": new_id("note"), "text": str(list(many))}
        announce(session, NoteTaken, **told)
        schedule(session, RingDue, key=str(list(many)), at=NOON, bell="b", text="ring")
        if 13 in many:
            raise ZeroDivisionError("thirteen")

    return add


def _announced(session: Session) -> list[str]:
    announced = [data["text"] for _, data, _ in session.info.get("announced", [])]
    assert [one.key for one in session.info.get("due", [])] == announced, "and as much is due"
    return announced


def test_what_all_goes_well_is_done_at_once(session: Session) -> None:
    statements: list[str] = []
    listen = ("before_cursor_execute", lambda _c, _u, sql, *_: statements.append(sql))
    event.listen(session.get_bind(), *listen)
    assert each_apart(session, range(100, 1100), _add(session)) == {}
    event.remove(session.get_bind(), *listen)

    assert len(statements) <= 3  # a savepoint, the rows, its release
    assert _announced(session) == [str(list(range(100, 1100)))]


TOO_LARGE = 2**31


@pytest.mark.parametrize("bad", [[13], [TOO_LARGE], [0], [0, 13, TOO_LARGE], [1, 2, 3]], ids=str)
def test_what_fails_is_set_aside_with_its_error_and_all_else_is_done(
    session: Session, bad: list[int]
) -> None:
    session.execute(ADD, {"many": [99]})
    good = [n for n in range(20, 40) if n not in bad]
    kinds = {13: ZeroDivisionError, TOO_LARGE: DataError, 0: IntegrityError}
    keys = sorted(good + [n for n in bad if n in kinds])

    errors = each_apart(session, keys, _add(session))

    assert {key: type(error) for key, error in errors.items()} == {
        key: kinds[key] for key in keys if key in kinds
    }
    assert _numbers(session) == [*good, 99]
    told = [int(n) for many in _announced(session) for n in many.strip("[]").split(",")]
    assert sorted(told) == good, "of what failed nothing is announced"


@given(st.sets(st.integers(0, 63)))
def test_however_many_fail_the_others_are_done_once_and_in_order(bad: set[int]) -> None:
    done: list[int] = []

    class Nowhere:
        """A session without a database."""

        info: dict[str, list[int]] = {}

        def begin_nested(self) -> Nowhere:
            return self

        def __enter__(self) -> None:
            self.before = len(done)

        def __exit__(self, kind: object, *_: object) -> None:
            if kind is not None:
                del done[self.before :]

    def do(many: Sequence[int]) -> None:
        done.extend(many)
        if bad & set(many):
            raise ValueError(many)

    errors = each_apart(Nowhere(), range(64), do)  # type: ignore[arg-type]

    assert list(errors) == sorted(bad)
    assert done == [n for n in range(64) if n not in bad]


def test_nothing_to_do_is_nothing_done(session: Session) -> None:
    assert each_apart(session, [], _add(session)) == {}
    assert _announced(session) == []


@pytest.mark.parametrize(
    "error",
    [
        StaleDataError(),
        NotKnownYet("account_not_found", "It may be on its way."),
        Unavailable("mail_server_away", "It is away."),
        OperationalError("SELECT", {}, Exception("server closed the connection")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_may_succeed_when_all_is_done_again_is_raised(
    session: Session, error: Exception
) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(type(error)):
        attempt(session, fail)


def test_a_lost_race_to_insert_is_raised_too(session: Session) -> None:
    session.execute(ADD, {"many": [1]})

    with pytest.raises(IntegrityError):
        attempt(session, lambda: _add(session)([1]))


def test_a_refusal_is_what_came_of_the_attempt(session: Session) -> None:
    refusal = Conflict("run_state", "The run is over.")

    def refuse() -> None:
        session.execute(ADD, {"many": [5]})
        raise refusal

    assert attempt(session, refuse) is refusal
    assert attempt(session, lambda: _add(session)([6])) is None
    assert _numbers(session) == [6]


def test_each_is_decided_in_its_own_name_and_who_is_refused_has_said_nothing() -> None:
    asked = [
        Asked(
            {"text": text}, Caller(text, frozenset()), f"request {text}", f"trace {text}", {text: 1}
        )
        for text in ("a", "no", "b")
    ]
    session = Session()
    met = []

    def decide(one: Asked) -> str:
        text = one.values["text"]
        met.append(session.info["if_match"])
        told = {"account_id": new_id("acc"), "note_id": new_id("note"), "text": text}
        announce(session, NoteTaken, **told)
        schedule(session, RingDue, key=text, at=NOON, bell="b", text=text)
        if text == "no":
            raise Conflict("no", "Say something else.")
        return text.upper()

    first, refused, last = decide_each(session, asked, decide)
    assert (first, last) == ("A", "B")
    assert isinstance(refused, Conflict)
    assert met == [{"a": 1}, {"no": 1}, {"b": 1}]
    causes = [("request a", "trace a"), ("request b", "trace b")]
    assert [cause for _, _, cause in session.info["announced"]] == causes
    assert [change.cause for change in session.info["due"]] == causes
    assert (session.info["cause"], session.info["if_match"]) == (("", None), {})

"""Which failures are tried again: those that may end by themselves."""

from __future__ import annotations

from typing import Any

import amqp
import eventlet
import kombu.exceptions
import psycopg2
import psycopg2.errors
import pytest
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from chassis.doors.acceptance import Unusable, Why
from chassis.doors.outages import is_database_away, is_outage
from chassis.wire.calls import Undecodable
from chassis.wire.listener import Overrun
from chassis.wire.publisher import NotConfirmed
from kernel import refusals


def by_sqlalchemy(kind: type[exc.DBAPIError], original: Exception, **more: Any) -> exc.DBAPIError:
    return kind("SELECT 1", {}, original, **more)


def name_of(error: BaseException) -> str:
    """Alike in every process, which a repr need not be."""
    return f"{type(error).__name__}-{error}"


MAY_SUCCEED_LATER = [
    refusals.Unavailable("busy", "Later."),
    refusals.NotKnownYet("account_not_found", "Not here yet."),
    refusals.TooLate("deadline_passed", "Too late."),
    by_sqlalchemy(exc.OperationalError, psycopg2.OperationalError("gone")),
    by_sqlalchemy(exc.InterfaceError, psycopg2.InterfaceError("closed")),
    by_sqlalchemy(exc.OperationalError, psycopg2.errors.DeadlockDetected()),
    by_sqlalchemy(exc.OperationalError, psycopg2.errors.SerializationFailure()),
    by_sqlalchemy(exc.DBAPIError, psycopg2.Error("cut"), connection_invalidated=True),
    exc.TimeoutError("no connection free"),
    StaleDataError("changed by another"),
    psycopg2.OperationalError("gone"),
    psycopg2.InterfaceError("closed"),
    amqp.ConnectionForced("bye"),
    kombu.exceptions.OperationalError("gone"),
    NotConfirmed("no word"),
    ConnectionRefusedError(),
    TimeoutError(),
    OSError("no route"),
    MemoryError(),
    Overrun("too long"),
    eventlet.Timeout(),
]
FAILS_AGAIN = [
    TypeError("a mistake"),
    KeyError("missing"),
    AssertionError("must not be"),
    RuntimeError("?"),
    RecursionError(),
    SystemExit(1),
    KeyboardInterrupt(),
    refusals.Invalid("invalid_fields", "Wrong."),
    refusals.Conflict("no", "No."),
    refusals.NotFound("nothing", "Nothing."),
    refusals.Forbidden("no", "No."),
    refusals.VersionMismatch("no", "No."),
    by_sqlalchemy(exc.IntegrityError, psycopg2.errors.UniqueViolation()),
    by_sqlalchemy(exc.IntegrityError, psycopg2.errors.NotNullViolation()),
    by_sqlalchemy(exc.DataError, psycopg2.errors.NumericValueOutOfRange()),
    by_sqlalchemy(exc.ProgrammingError, psycopg2.errors.UndefinedTable()),
    exc.NoResultFound(),
    Undecodable("not JSON"),
    Unusable(Why.FORGED, "who?"),
]


@pytest.mark.parametrize("error", MAY_SUCCEED_LATER, ids=name_of)
def test_an_outage_is_tried_again(error: BaseException) -> None:
    assert is_outage(error)


@pytest.mark.parametrize("error", FAILS_AGAIN, ids=name_of)
def test_a_mistake_and_a_refusal_are_not(error: BaseException) -> None:
    assert not is_outage(error)


def test_only_without_a_database_does_a_try_not_count() -> None:
    assert is_database_away(refusals.Unavailable("database_unavailable", "Away."))
    assert not any(map(is_database_away, MAY_SUCCEED_LATER))

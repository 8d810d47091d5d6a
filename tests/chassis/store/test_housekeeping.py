"""What is expired goes, what is not stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from chassis.store.housekeeping import EXPIRING, ROUND_ROWS, House, deletion, has_more
from chassis.store.locks import Lock
from tests.chassis.conftest import Probe

pytestmark = pytest.mark.server

NOTHING = dict.fromkeys((*EXPIRING, "file"), 0)
ANSWERED = text(
    "INSERT INTO answers (caller, command_id, request_hash, answer, answered_at)"
    " SELECT 'old', :days || '_' || n, '', 'null', now() - make_interval(days => :days, secs => n)"
    " FROM generate_series(1, :count) AS n"
)
HANDLED = text(
    "INSERT INTO inbox (event_id, handler, handled_at)"
    " VALUES (:id, 'old', now() - make_interval(days => :days))"
)


@pytest.fixture
def engine(servers: object, migrated_probe: None, probe: Probe) -> Iterator[Engine]:
    yield probe.engine
    with probe.engine.begin() as connection:
        for table in ("answers WHERE caller", "inbox WHERE handler"):
            connection.execute(text(f"DELETE FROM {table} = 'old'"))


def _answer(engine: Engine, *, days: int, count: int = 1) -> None:
    with engine.begin() as connection:
        connection.execute(ANSWERED, {"days": days, "count": count})


def test_only_expired_rows_are_deleted(engine: Engine, probe: Probe) -> None:
    for days in (1, 29, 31, 89, 91):
        _answer(engine, days=days)
        with engine.begin() as connection:
            connection.execute(HANDLED, {"id": f"evt_{days}", "days": days})
    house = House(engine)
    assert house.clean_up() == {**NOTHING, "answers": 3, "inbox": 1}
    assert house.clean_up() == NOTHING
    assert probe.count("SELECT count(*) FROM inbox WHERE handler = 'old'") == 4


def test_a_backlog_goes_in_rounds_whatever_its_size(engine: Engine) -> None:
    _answer(engine, days=40, count=2 * ROUND_ROWS + 1)
    house = House(engine)
    rounds = [house.clean_up() for _ in range(4)]
    assert [one["answers"] for one in rounds] == [ROUND_ROWS, ROUND_ROWS, 1, 0]
    assert [has_more(one) for one in rounds] == [True, True, False, False]


def test_what_expires_later_is_found_after_what_went_before(engine: Engine) -> None:
    house = House(engine)
    for days in (40, 35, 31):
        _answer(engine, days=days, count=3)
        assert house.clean_up()["answers"] == 3


def test_one_process_of_a_service_at_a_time(engine: Engine) -> None:
    _answer(engine, days=40)
    house = House(engine)
    with engine.begin() as other:
        other.execute(text(f"SELECT pg_advisory_xact_lock({Lock.HOUSEKEEPING.value})"))
        assert house.clean_up() == NOTHING
    assert house.clean_up()["answers"] == 1


def test_a_round_that_dies_has_done_nothing(engine: Engine) -> None:
    _answer(engine, days=40, count=5)
    with engine.connect() as dying:
        statement = deletion("answers", EXPIRING["answers"])
        assert dying.execute(statement, {"after": None}).one().rows == 5
        dying.rollback()
    assert House(engine).clean_up()["answers"] == 5

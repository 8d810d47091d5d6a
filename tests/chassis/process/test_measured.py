"""What a service measures is read from its database when somebody asks, all of it at one moment."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, create_engine

from chassis.contract import Measure
from chassis.process.measured import Measured

PAIR = Measure(
    name="pair",
    statement="SELECT 3 AS came, 2 AS here",
    counters={"came": "Who came."},
    gauges={"here": "Who is here."},
)


@pytest.mark.server
def test_the_columns_of_a_statement_are_told_by_their_names(engine_of) -> None:
    page = Measured(engine_of("accounts"), [PAIR]).tell().decode()
    values = [line for line in page.splitlines() if not line.startswith("#")]
    assert values == ["steward_pair_came_total 3.0", "steward_pair_here 2.0"]
    assert "# HELP steward_pair_here Who is here." in page


@pytest.mark.server
def test_one_look_serves_who_asks_again_at_once(engine_of) -> None:
    clock = Measure(
        "clock", "SELECT extract(epoch FROM clock_timestamp()) AS now", {}, {"now": "-"}
    )
    measured = Measured(engine_of("accounts"), [clock])
    assert measured.tell() == measured.tell()


@pytest.fixture
def nowhere() -> Engine:
    return create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/nothing")


def test_nothing_is_told_rather_than_something_old_while_the_database_is_away(
    nowhere: Engine,
) -> None:
    assert Measured(nowhere, [PAIR]).tell() == b""


def test_who_measures_nothing_does_not_look(nowhere: Engine) -> None:
    assert Measured(nowhere, []).tell() == b""

"""Moving the manual clock: every service does what would have happened meanwhile, in order."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import create_engine, text

from dev import servers as development_servers
from dev.servers import Servers
from kernel.ids import new_id
from tests.gateway.clock.simulation import Simulation
from tests.gateway.fake_service import Received, Refused, wait_until
from tests.gateway.running_gateway import RunningGateway

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def own_servers() -> Iterator[Servers]:
    """An instance with no services but those of a simulation."""
    name = f"clock{os.getpid()}"
    yield development_servers.make_instance(name)
    development_servers.drop_instance(name)


@pytest.fixture(scope="module")
def running(
    make_gateway: Callable[..., RunningGateway], own_servers: Servers
) -> Iterator[tuple[Simulation, httpx.Client]]:
    """The services, and a client of a gateway whose clock is manual."""
    simulation = Simulation(own_servers.amqp_uri("admin"))
    gateway = make_gateway(
        AMQP_URI=own_servers.amqp_uri("gateway"),
        DATABASE_URL=own_servers.database_url("gateway"),
        STEWARD_CLOCK="manual",
        STEWARD_SERVICES="north south",
    )
    gateway.migrate()
    gateway.start()
    with gateway.client(gateway.make_key()) as client:
        yield simulation, client
    gateway.stop()
    simulation.north.stop()
    simulation.south.stop()


@pytest.fixture
def simulation(running: tuple[Simulation, httpx.Client], own_servers: Servers) -> Simulation:
    """The services, as if for the first time."""
    engine = create_engine(own_servers.database_url("gateway").replace("://", "+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE clock"))
    engine.dispose()
    simulation, client = running
    simulation.begin_anew()
    for service in (simulation.north, simulation.south):
        if not service.is_running:
            service.start()
    ready = "/health/ready?services=all"
    wait_until(lambda: client.get(ready).status_code == 200)
    return simulation


@pytest.fixture
def clock(running: tuple[Simulation, httpx.Client], simulation: Simulation) -> httpx.Client:
    """A client of the gateway, whose clock was never set."""
    return running[1]


def _move(client: httpx.Client, now: str) -> httpx.Response:
    return client.put("/v1/clock", json={"now": now})


def test_the_first_move_sets_any_moment(clock: httpx.Client, simulation: Simulation) -> None:
    assert clock.get("/v1/clock").json() == {"now": None}
    answer = _move(clock, "2025-01-31T01:00:00+01:00")
    assert answer.json() == {"now": "2025-01-31T01:00:00+01:00", "moments": 1}
    assert clock.get("/v1/clock").json() == {"now": "2025-01-31T00:00:00+00:00"}
    assert set(simulation.clocks.values()) == {"2025-01-31T00:00:00+00:00"}


def test_jobs_run_at_their_times_and_events_between_them(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T07:00:00Z")
    simulation.history.clear()
    answer = _move(clock, "2025-02-01T07:30:00Z")
    assert (answer.status_code, answer.json()["moments"]) == (200, 3)
    moments: dict[str, list[str]] = {}
    for line in simulation.history:
        moment, _, rest = line.partition(" ")
        moments.setdefault(moment, []).append(rest)
    assert list(moments) == ["2025-01-31T08:00", "2025-02-01T06:00", "2025-02-01T07:30"]
    assert sorted(moments["2025-01-31T08:00"][:2]) == ["north send", "south sweep"]
    assert moments["2025-01-31T08:00"][2:] == ["south hear"]
    assert moments["2025-02-01T06:00"] == ["north count"]  # nobody else has anything to do
    assert sorted(moments["2025-02-01T07:30"]) == ["north", "south"]


def test_due_times_jobs_and_events_come_in_the_order_of_their_times(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T07:00:00Z")
    simulation.history.clear()
    simulation.due["south"] = [
        f"2025-01-31T{time}:00+00:00" for time in ("07:30", "08:00", "09:30")
    ]
    answer = _move(clock, "2025-01-31T10:00:00Z")
    assert (answer.status_code, answer.json()["moments"]) == (200, 5)
    told = [line.removeprefix("2025-01-31T") for line in simulation.history]
    assert told[:2] == ["07:30 south due", "08:00 south due"]
    assert sorted(told[2:4]) == ["08:00 north send", "08:00 south sweep"]
    assert told[4:6] == ["08:00 south hear", "09:30 south due"]
    assert sorted(told[6:]) == ["10:00 north", "10:00 south"]


def test_the_same_moment_again_waits_until_all_is_settled(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T00:00:00Z")
    clock.post("/v1/north", json={})
    assert simulation.waiting
    answer = _move(clock, "2025-01-31T00:00:00Z")
    assert (answer.status_code, answer.json()["moments"]) == (200, 0)
    assert simulation.waiting == []


def test_the_clock_does_not_go_back(clock: httpx.Client) -> None:
    _move(clock, "2025-01-31T00:00:00Z")
    answer = _move(clock, "2025-01-30T23:59:59Z")
    assert (answer.status_code, answer.json()["code"]) == (409, "clock_goes_back")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"now": "2025-01-31"},
        {"now": "2025-01-31T00:00:00"},
        {"now": "9999-12-31T23:59:59-14:00"},
        {"now": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_a_moment_has_a_date_a_time_and_an_offset(
    clock: httpx.Client, body: dict[str, str]
) -> None:
    answer = clock.put("/v1/clock", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/now")


def test_the_clock_is_everybodys_and_only_for_a_key_that_sees_all(clock: httpx.Client) -> None:
    grant = {"name": "some", "scopes": ["admin"], "accounts": [new_id("acc")]}
    key = clock.post("/v1/api-keys", json=grant).json()["key"]
    limited = {"Authorization": f"Bearer {key}"}
    moment = {"now": "2025-01-31T00:00:00Z"}
    for answer in (
        clock.get("/v1/clock", headers=limited),
        clock.put("/v1/clock", json=moment, headers=limited),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "all_accounts_needed")


def test_a_key_used_for_a_move_is_used_for_no_other(
    clock: httpx.Client, simulation: Simulation
) -> None:
    under = {"Idempotency-Key": new_id("idm")}
    moves = ["2025-01-31T00:00:00Z", "2025-01-31T00:00:00Z", "2025-02-01T00:00:00Z"]
    answers = [clock.put("/v1/clock", json={"now": now}, headers=under) for now in moves]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert answers[2].json()["code"] == "idempotency_key_reused"


def test_two_moves_at_once_are_one(clock: httpx.Client, simulation: Simulation) -> None:
    _move(clock, "2025-01-31T00:00:00Z")
    inside, release = threading.Event(), threading.Event()
    set_clock = simulation.south.methods["set_clock"]

    def hold(got: Received) -> object:
        inside.set()
        release.wait(10)
        return set_clock(got)

    simulation.south.methods["set_clock"] = hold
    with ThreadPoolExecutor() as pool:
        first = pool.submit(_move, clock, "2025-01-31T01:00:00Z")
        assert inside.wait(5)
        second = _move(clock, "2025-01-31T01:00:00Z")
        release.set()
        assert first.result(20).status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "clock_moving")
    assert _move(clock, "2025-01-31T01:00:00Z").status_code == 200


def test_a_move_that_broke_off_goes_on_where_it_stopped(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T07:00:00Z")
    simulation.history.clear()
    works = simulation.south.methods["set_clock"]

    def fail(got: Received) -> object:
        if got.kwargs["now"].startswith("2025-02-01T08"):
            raise Refused(500, "broken", "It broke.")
        return works(got)

    simulation.south.methods["set_clock"] = fail
    answer = _move(clock, "2025-02-01T09:00:00Z")
    assert answer.status_code == 503
    assert "south refused set_clock" in answer.json()["detail"]
    assert clock.get("/v1/clock").json()["now"] == "2025-02-01T06:00:00+00:00"
    assert set(simulation.clocks.values()) == {"2025-02-01T06:00:00+00:00"}  # nobody is ahead
    simulation.south.methods["set_clock"] = works
    assert _move(clock, "2025-02-01T09:00:00Z").status_code == 200
    jobs = [line for line in simulation.history if line.endswith(("send", "sweep", "count"))]
    assert jobs.count("2025-01-31T08:00 north send") == 1
    assert jobs.count("2025-01-31T08:00 south sweep") == 1
    assert jobs.count("2025-02-01T06:00 north count") == 1
    assert jobs.count("2025-02-01T08:00 north send") == 2  # the service itself does it once a day
    assert jobs.count("2025-02-01T08:00 south sweep") == 1


def test_a_job_that_fails_stops_no_other_of_its_moment_and_is_named_with_its_reason(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T07:00:00Z")
    simulation.history.clear()
    simulation.broken = {"sweep"}
    answer = _move(clock, "2025-02-01T09:00:00Z")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (409, "daily_jobs_failed")
    reason = {"service": "south", "job": "sweep", "detail": "TypeError: it broke"}
    assert told["errors"] == [reason]
    assert "sweep of south (TypeError: it broke)" in told["detail"]
    assert told["moment"] == "2025-01-31T08:00:00+00:00"
    assert clock.get("/v1/clock").json()["now"] == "2025-01-31T07:00:00+00:00"
    ran = [line.partition(" ")[2] for line in simulation.history]
    assert sorted(ran[:2]) == ["north send", "south sweep"]
    assert ran[2] == "south hear"  # what the others did is settled
    assert set(simulation.clocks.values()) == {"2025-01-31T07:00:00+00:00"}


def test_a_move_asked_for_again_begins_with_the_job_that_failed(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T07:00:00Z")
    simulation.broken = {"sweep"}
    for _ in range(2):
        assert _move(clock, "2025-01-31T09:00:00Z").json()["code"] == "daily_jobs_failed"
    simulation.broken.clear()
    simulation.history.clear()
    answer = _move(clock, "2025-01-31T09:00:00Z")
    assert (answer.status_code, answer.json()["moments"]) == (200, 2)
    assert "2025-01-31T08:00 south sweep" in simulation.history[:2]


def test_jobs_that_failed_and_services_that_are_away_are_told_together(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T07:00:00Z")
    simulation.broken = {"sweep"}

    def fail(got: Received) -> object:
        raise Refused(500, "broken", "It broke.")

    simulation.north.methods["set_clock"] = fail
    answer = _move(clock, "2025-01-31T09:00:00Z")
    assert answer.status_code == 503
    named = {(one["service"], one["job"]) for one in answer.json()["errors"]}
    assert named == {("north", "send"), ("south", "sweep")}


@pytest.mark.parametrize("name", ["north", "south"])
def test_where_one_is_beyond_the_target_the_clock_is_not_set_back(
    clock: httpx.Client, simulation: Simulation, name: str
) -> None:
    _move(clock, "2025-01-31T06:00:00Z")
    beyond = "2025-02-01T00:00:00+00:00"
    simulation.clocks[name] = simulation.begun[name] = beyond
    answer = _move(clock, "2025-01-31T07:00:00Z")
    assert (answer.status_code, answer.json()["code"]) == (409, "clock_goes_back")
    assert name in answer.json()["detail"]
    assert simulation.clocks[name] == beyond


def test_where_one_does_not_answer_nobody_is_left_ahead(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T06:00:00Z")

    def fail(got: Received) -> object:
        raise Refused(500, "broken", "It broke.")

    simulation.south.methods["get_clock"] = fail
    assert _move(clock, "2025-01-31T07:00:00Z").status_code == 503
    assert (
        "2025-01-31T07:00 north" in simulation.history
    )  # it has nothing to do, and was told the end
    assert simulation.clocks["north"] == "2025-01-31T06:00:00+00:00"


def test_a_service_with_an_empty_database_is_given_the_moment(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T00:00:00Z")
    simulation.clocks["south"] = None
    simulation.south.announce()
    wait_until(lambda: simulation.clocks["south"] == "2025-01-31T00:00:00+00:00")


def test_without_a_service_the_clock_does_not_move(
    clock: httpx.Client, simulation: Simulation
) -> None:
    _move(clock, "2025-01-31T00:00:00Z")
    simulation.south.stop()
    wait_until(lambda: "away" in clock.get("/health/ready").json()["services"].values())
    answer = _move(clock, "2025-01-31T01:00:00Z")
    assert answer.status_code == 503
    assert "south" in answer.json()["detail"]
    assert clock.get("/v1/clock").json()["now"] == "2025-01-31T00:00:00+00:00"


def test_the_systems_clock_cannot_be_moved(client: httpx.Client) -> None:
    assert _move(client, "2025-01-31T00:00:00Z").status_code == 404
    assert "/v1/clock" not in client.get("/openapi.json").json()["paths"]

"""Fixtures of the fault tests: how big they are, their seed, servers they may kill, replicas of the till.

At a tenth of their size they are a part of `make test`, and run with nothing beside them;
STEWARD_FAULTS=full is for `make faults`.
STEWARD_SEED repeats a run: every test prints the seed it used.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dev import servers as development_servers
from dev.binaries import ServersMissing
from dev.servers import Servers
from dev.system import System
from tests.faults.fleet import Caller, Fleet
from tests.faults.house import House

FAST = {"STEWARD_REQUESTS_PER_SECOND": "100000", "STEWARD_CALLS_PER_KEY": "1000"}
IS_FULL = os.environ.get("STEWARD_FAULTS") == "full"
Sized = Callable[[int], int]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.server)


def size(full: int) -> int:
    """A number as it stands in the full test, or a tenth of it, rounded up."""
    return full if IS_FULL else -(-full // 10)


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The test's source of chance."""
    seed = int(os.environ.get("STEWARD_SEED", random.randrange(10**6)))
    print(f"STEWARD_SEED={seed} repeats {request.node.name}")  # noqa: T201
    return random.Random(seed)


@pytest.fixture(scope="session")
def own_servers() -> Iterator[Servers]:
    """A broker and a PostgreSQL of these tests' own, to be killed at will."""
    folder = Path(tempfile.mkdtemp(prefix="steward-faults-"))
    try:
        yield development_servers.make_instance("till", folder, guests=["till"])
    except ServersMissing as missing:
        pytest.skip(str(missing))
    finally:
        development_servers.clean(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def house(own_servers: Servers) -> Iterator[House]:
    """A system with two replicas of accounts and of billing, on servers that may be killed. Its clock is
    the system's until somebody moves it."""
    instance = development_servers.make_instance("house", own_servers.state.folder)
    replicas = {"accounts": 2, "billing": 2}
    with System(servers=instance, clock="manual", replicas=replicas, environment=FAST) as system:
        house = House(system)
        house.open_accounts(40)
        yield house
        house.client.close()


@pytest.fixture(scope="module")
def fleet(
    request: pytest.FixtureRequest,
    own_servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Fleet]:
    """Two replicas of the till, kept running for a module's tests; its HANDLER_SECONDS count."""
    seconds = getattr(request.module, "HANDLER_SECONDS", 1)
    folder = tmp_path_factory.mktemp("till")
    fleet = Fleet(own_servers, folder, replicas=2, TILL_HANDLER_SECONDS=str(seconds))
    fleet.wait_ready()
    yield fleet
    fleet.close()


@pytest.fixture(autouse=True)
def _forget(request: pytest.FixtureRequest) -> None:
    if "fleet" in request.fixturenames:
        request.getfixturevalue("fleet").forget()


@pytest.fixture
def caller(fleet: Fleet) -> Iterator[Caller]:
    caller = Caller(fleet.admin_uri)
    yield caller
    caller.connection.close()

"""Systems of tests on databases that were migrated once in the whole test run, and copied."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from dev import servers as development_servers
from dev.servers import Servers
from dev.state import State
from dev.system import System

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
TEMPLATE = f"migrated_{RUN[:12]}"


class MigratedSystem(System):
    """A system on an instance from `make_migrated`. What `migrate` does to the broker as well, a service
    does again as it starts."""

    def migrate(self) -> None:
        """Nothing: it is done."""


def make_migrated(name: str, **more: Any) -> Servers:
    """Make an instance of which every database is migrated; `more` goes to `make_instance`."""
    return development_servers.make_instance(name, like=_template(), **more)


@cache
def _template() -> str:
    """The instance to copy, made by whichever process of this run is the first to need it; the next run
    drops it."""
    with State(State().make_folder("template")).lock():
        if TEMPLATE not in State().read("instances.json"):
            _make_template()
    return TEMPLATE


def _make_template() -> None:
    servers = development_servers.make_instance(TEMPLATE)
    try:
        System(servers=servers).migrate()
    except BaseException:
        development_servers.drop_instance(TEMPLATE)
        raise

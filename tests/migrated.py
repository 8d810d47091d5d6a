"""Databases of tests that were migrated once in the whole test run, and copied."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from chassis.store.migrate import migrate
from dev import servers as development_servers
from dev.servers import Servers
from dev.state import State
from dev.system import System
from ops.instances import SERVICES

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
TEMPLATE = f"migrated_{RUN[:12]}"
IS_ONE_OF_MANY = "PYTEST_XDIST_WORKER" in os.environ
"""Whether other processes of this test run need the same databases."""


class MigratedSystem(System):
    """A system on an instance from `make_migrated`. What `migrate` does to the broker as well, a service
    does again as it starts."""

    def migrate(self) -> None:
        """Nothing: it is done."""


def make_migrated(name: str, **more: Any) -> Servers:
    """Make an instance of which every database is migrated; `more` goes to `make_instance`."""
    return development_servers.make_instance(name, like=_template(), **more)


def make_to_be_migrated(name: str) -> Servers:
    """Make an instance whose databases are migrated when they are asked for; where tests run side by
    side, migrated already: each process asks for all of them, one alone seldom for more than one."""
    return make_migrated(name) if IS_ONE_OF_MANY else development_servers.make_instance(name)


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
        for service in SERVICES:
            migrate(f"services.{service}", servers.database_url(service))
        System(servers=servers, services=()).migrate()  # the gateway's
    except BaseException:
        development_servers.drop_instance(TEMPLATE)
        raise

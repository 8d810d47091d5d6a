"""The parts of a running gateway, put together once, and the work that goes on behind the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Protocol

import structlog

from gateway import metrics
from gateway.clock.manual import ManualClock
from gateway.clock.pages import ClockPages
from gateway.copies.pages import CopyPages
from gateway.copies.reconciling import Reconciler
from gateway.database import Database
from gateway.edge.health import HealthPages
from gateway.http.documentation import Documentation
from gateway.http.openapi import OpenApi
from gateway.http.repeats import Repeats
from gateway.http.routes import Endpoint
from gateway.keys.authentication import Authenticator
from gateway.keys.kinds import API_KEYS
from gateway.keys.limits import Lane
from gateway.keys.pages import KeyPages
from gateway.logs import AccessLog
from gateway.persons.me_pages import MePages
from gateway.persons.pages import PersonPages
from gateway.persons.passwords import Passwords
from gateway.persons.role_pages import RolePages
from gateway.persons.session_pages import SessionPages
from gateway.persons.sessions import SESSIONS, forget_old
from gateway.persons.signing_in import SigningIn
from gateway.problems import Problem
from gateway.rpc.broker import Broker
from gateway.rpc.calls import Calls
from gateway.rpc.contracts import Contracts
from gateway.rpc.internal import InternalCalls
from gateway.rpc.looks import keep_going
from gateway.rpc.presence import Presence
from gateway.rpc.topology import Topology
from gateway.settings import Settings

STOP_SECONDS_MAX = 10.0
STATE_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 3600.0
TRANSFERS_MAX = 20  # of files, under way at once in a worker: each has some MiB of memory
COSTLY_CALLS_MAX = 10  # of one service, under way at once in a worker

log = structlog.get_logger()


class HasEndpoints(Protocol):
    """A page of the gateway's own, or several."""

    @property
    def endpoints(self) -> list[Endpoint]:
        """What is served there."""


class Parts:
    """Everything a worker has. Nothing here is shared with another worker but through the database."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.access_log = AccessLog(is_json=settings.is_log_json)
        self.database = Database(settings.database_url)
        self.authenticator = Authenticator(self.database, settings, (API_KEYS, SESSIONS))
        self.repeats = Repeats(self.database, settings.key_pepper)
        passwords = Passwords()
        self.signing_in = SigningIn(self.database, self.repeats, passwords, settings)
        self.topology = Topology(self._list_present, settings.look_seconds)
        self.calls = Calls(settings, self.topology)
        internal = InternalCalls(self.calls)
        self.presence = Presence(
            lambda: self.contracts.services, self._hear_of, self.topology, settings.users
        )
        self.contracts = Contracts(
            self.database, internal, settings.services, self.presence.is_present
        )
        self.broker = Broker(
            settings.amqp_uri, self.topology.attach, self.calls.attach, self.presence.attach
        )
        self.clock = (
            ManualClock(self.database, internal, self.contracts)
            if settings.is_clock_manual
            else None
        )
        self.reconciler = Reconciler(self.database, internal, self.contracts)
        pages: list[HasEndpoints] = [
            CopyPages(self.reconciler, self.repeats, settings),
            KeyPages(self.database, self.repeats, self.authenticator, settings),
            PersonPages(self.database, self.repeats, passwords, settings),
            RolePages(self.database, self.repeats, settings),
            MePages(self.database, self.repeats, passwords, settings),
            SessionPages(
                self.database, self.repeats, self.authenticator, self.signing_in, settings
            ),
            HealthPages(
                self.authenticator, self.presence, self.contracts, self.topology, self.calls
            ),
            OpenApi(self.contracts),
            Documentation(),
            *([ClockPages(self.clock, self.repeats, settings)] if self.clock else []),
        ]
        self.contracts.serve_own([one for page in pages for one in page.endpoints])
        self._tasks: set[asyncio.Task[None]] = set()
        self._costly_lanes: dict[str, Lane] = {}
        self.transfers = Lane(TRANSFERS_MAX, _too_many_transfers)

    async def start(self) -> None:
        """Begin the work in the background. It does not wait for broker or database."""
        for work in (
            self.broker.run,
            self.presence.watch,
            self.topology.watch,
            self.calls.sweep,
            self.contracts.keep_up,
            self.reconciler.keep_up,
            self.authenticator.refresh,
            self.access_log.keep_flushing,
            self._keep_house,
            self._note_state,
        ):
            self._spawn(keep_going(work))

    def costly_lane(self, service: str) -> Lane:
        """Where a service's costly calls are under way, so that they take no place from others."""
        if service not in self._costly_lanes:
            self._costly_lanes[service] = Lane(COSTLY_CALLS_MAX, _lane_full)
        return self._costly_lanes[service]

    async def stop(self) -> None:
        """End the work in the background and close what is open."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:  # one that does not end keeps the process from nothing
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS_MAX)
        await self.broker.close()
        await self.database.close()
        self.access_log.flush()

    def _list_present(self) -> list[str]:
        return [name for name in self.contracts.services if self.presence.is_present(name)]

    def _hear_of(self, service: str) -> None:
        self.topology.forget(service)
        self.contracts.note(service)
        if self.clock is not None:
            self._spawn(self._give_clock(self.clock, service))

    async def _give_clock(self, clock: ManualClock, service: str) -> None:
        try:
            await clock.give(service)
        except Problem as problem:
            log.warning("clock not given", service=service, error=problem.detail)

    async def _keep_house(self) -> None:
        while True:
            try:
                await self.repeats.forget_old()
                await self.signing_in.forget_old()
                async with self.database.transaction() as connection:
                    await forget_old(connection)
            except Problem as problem:
                log.warning("old answers and sessions not deleted", error=problem.detail)
            await asyncio.sleep(HOUSEKEEPING_SECONDS)

    async def _note_state(self) -> None:
        while True:
            metrics.note_state(
                calls=self.calls.under_way,
                conflicts=len(self.contracts.conflicts),
                missing=len(self.topology.missing),
                unreachable=len(self.calls.unreachable),
                present={name: self.presence.is_present(name) for name in self.contracts.services},
            )
            await asyncio.sleep(STATE_SECONDS)

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _lane_full() -> Problem:
    return Problem.unavailable("Too many reports are under way; try again.", "overloaded")


def _too_many_transfers() -> Problem:
    return Problem.unavailable("Too many files are on their way; try again.", "overloaded")

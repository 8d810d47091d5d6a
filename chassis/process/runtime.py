"""What all of a service process shares: database, publisher, relay, scheduler, health."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import Any

import eventlet
import orjson
import psycopg2
import structlog
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from chassis.contract import Daily, Endpoint
from chassis.doors.due_times import DueTimes
from chassis.doors.introducer import Introducer
from chassis.doors.sessions import make_engine, make_reading_engine
from chassis.ground import metrics
from chassis.ground.config import settings
from chassis.ground.logs import tell_seldom
from chassis.process.describe import announced_by, consumers_of, describe
from chassis.process.health import serve
from chassis.store.housekeeping import House, has_more
from chassis.wire import topology
from chassis.wire.listener import Listener
from chassis.wire.publisher import Message, NotConfirmed, Publisher
from chassis.wire.relay import Relay
from chassis.wire.watch import Watch
from kernel import broker
from kernel.calendar import day_at, moment_at
from kernel.refusals import Unavailable

SCHEDULER_SECONDS = 5.0
HOUSEKEEPING_SECONDS = 600.0
PAUSE_TIMES = 4  # as long as a round of it took: a fifth of one connection's time
PRESENCE_SECONDS = 30.0

log = structlog.get_logger()


class Runtime(DependencyProvider):
    """Made with the service's class, bound once by its container; `bound` is that one."""

    def __init__(self, service_name: str) -> None:
        super().__init__()
        self.service_name = service_name
        self.bound: Runtime

    def bind(self, container: Any, attr_name: str) -> Any:
        self.bound = super().bind(container, attr_name)
        return self.bound

    def setup(self) -> None:
        self.engine = make_engine(settings().database_url)
        self._reading = make_reading_engine(settings().database_url)
        self.publisher = Publisher(settings().amqp_uri)
        service = self.container.service_cls
        self.relay = Relay(
            self.engine,
            self.service_name,
            Publisher(settings().amqp_uri),
            public_only=[event.name for event in announced_by(service) if event.is_public_only],
        )
        self.introducer = Introducer(self.engine, service, Publisher(settings().amqp_uri))
        self.watch = Watch(topology.topology_of(self.service_name, consumers_of(service).values()))
        self.due_times = DueTimes(self.engine, self._make_service)
        self._jobs_done: dict[str, date] = {}
        self._job = Semaphore(1)
        self._is_stopping = False

    def start(self) -> None:
        self.container.spawn_managed_thread(self.relay.run, identifier="relay")
        self.container.spawn_managed_thread(self.introducer.run, identifier="introducer")
        self.container.spawn_managed_thread(self.watch.run, identifier="watch")
        if self.container.service_cls.due_handlers:
            self.container.spawn_managed_thread(self.due_times.run, identifier="due times")
        self.container.spawn_managed_thread(self._keep_house, identifier="housekeeping")
        self.container.spawn_managed_thread(self._stay_present, identifier="presence")
        if not settings().is_clock_manual:
            self.container.spawn_managed_thread(self._schedule, identifier="scheduler")
        if settings().health_port:
            address = (settings().health_host, settings().health_port)
            pages = partial(serve, eventlet.listen(address), self)
            self.container.spawn_managed_thread(pages, identifier="health")

    def stop(self) -> None:
        self._is_stopping = True
        with self._job:  # the one that runs is finished
            self.introducer.stop()
            if self.container.service_cls.due_handlers:
                self.due_times.stop()
            self.relay.stop()
        self.engine.dispose()
        self._reading.dispose()

    def get_dependency(self, worker_ctx: Any) -> Runtime:
        return self

    @cached_property
    def contract(self) -> dict[str, Any]:
        """What the service describes itself with."""
        return describe(self.container.service_cls)

    def engine_for(self, endpoint: Endpoint) -> Engine:
        """Where an endpoint runs: a query cannot write."""
        return self.engine if endpoint.is_command else self._reading

    @property
    def listeners(self) -> list[Listener]:
        """Those of requests and of events."""
        return [
            shared.listener
            for shared in self.container.shared_extensions.values()
            if hasattr(shared, "listener")
        ]

    def announce_presence(self) -> None:
        """Tell the gateways that this service is here and which contract it has."""
        digest = self.contract["hash"]
        body = orjson.dumps({"service": self.service_name, "hash": digest})
        try:
            self.publisher.publish(
                [Message(broker.CONTRACTS_EXCHANGE, "", body, message_id=digest)]
            )
        except NotConfirmed as error:
            log.warning("presence_not_announced", error=repr(error))

    def _stay_present(self) -> None:
        """A gateway that was away when this service started hears of it all the same."""
        while not self._is_stopping:
            eventlet.sleep(PRESENCE_SECONDS)
            self.announce_presence()

    def _keep_house(self) -> None:
        house = House(self.engine)
        while not self._is_stopping:
            eventlet.sleep(HOUSEKEEPING_SECONDS)
            try:
                started = time.monotonic()
                while has_more(house.clean_up()) and not self._is_stopping:
                    eventlet.sleep(PAUSE_TIMES * (time.monotonic() - started))
                    started = time.monotonic()
            except (SQLAlchemyError, psycopg2.Error) as error:
                log.warning("housekeeping_failed", error=repr(error)[:300])

    def _schedule(self) -> None:
        while not self._is_stopping:
            now, zone = datetime.now(UTC), settings().time_zone
            today = day_at(now, zone)
            for name, job in self.container.service_cls.contracts.items():
                if (
                    isinstance(job, Daily)
                    and now >= moment_at(today, job.at, zone)
                    and self._jobs_done.get(name) != today
                ):
                    with self._job:
                        self._run_job(name, today)
            eventlet.sleep(SCHEDULER_SECONDS)

    def _make_service(self) -> Any:
        service = self.container.service_cls()
        service.runtime = self
        return service

    def _run_job(self, name: str, day: date) -> None:
        service = self._make_service()
        try:
            with metrics.DAILY.labels(name).time():
                days = getattr(service, name)(day)
            self._jobs_done[name] = day
            if days:
                log.info("daily_job_done", job=name, days=[str(done) for done in days])
        except Unavailable as error:
            tell_seldom("daily_job_put_off", of=name, day=str(day), error=error.detail)
        except Exception:
            log.exception("daily_job_failed", job=name, day=str(day))

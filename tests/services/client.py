"""A service as the gateway and the broker meet it: one client for the tests of every service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, text

from chassis.contract import Consumer, Daily, Endpoint
from chassis.doors.acceptance import find_takers
from chassis.doors.groups import Answer, perform_group
from chassis.doors.perform import perform_daily, perform_endpoint, perform_events
from chassis.service import load
from chassis.wire.calls import Call
from chassis.wire.envelopes import Envelope
from kernel.callers import Caller
from kernel.ids import new_id

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NO_DEADLINE = 2.0**40
_PUBLISH = text(
    "WITH news AS (UPDATE outbox SET published_at = now() WHERE published_at IS NULL RETURNING *) "
    "SELECT event_id, name, event_version, subject, sequence, occurred_at, data FROM news ORDER BY id"
)

_WAITING = text("SELECT data FROM outbox WHERE published_at IS NULL AND name = :name ORDER BY id")


def _perform_alone(bind: Any, service: Any, endpoint: str, call: Call) -> Answer:
    """One command that may be performed with others."""
    outcome = perform_group(bind, service, endpoint, {0: call}).outcomes[0]
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


class Client:
    """Calls endpoints, tells events and lets days pass, through the doors of the chassis: what scopes,
    If-Match and the accounts that a caller may see do is done. On a connection all is in one
    transaction, of which nothing is left; on an engine each call is committed, for tests of several at
    once."""

    def __init__(self, service: str, bind: Connection | Engine) -> None:
        self.bind = bind
        self.now = START
        self.caller = Caller("kim", frozenset({"*"}))
        self._name = service
        self._class = load(f"services.{service}")
        self._sequences: dict[tuple[str, str], int] = {}

    def contracts(self, kind: type) -> dict[str, Any]:
        """The service's contracts of one kind, by their methods."""
        return {name: c for name, c in self._class.contracts.items() if isinstance(c, kind)}

    def call(
        self,
        endpoint: str,
        /,
        *,
        caller: Caller | None = None,
        if_match: int | None = None,
        command_id: str | None = None,
        **values: Any,
    ) -> Any:
        """What the endpoint answers to this JSON. Refusal, and nothing is changed, where it refuses."""
        call = Call(
            orjson.loads(orjson.dumps(values)),
            caller or self.caller,
            deadline=NO_DEADLINE,
            request_id="r",
            command_id=command_id or new_id("cmd"),
            if_match=if_match,
        )
        contract = self.contracts(Endpoint)[endpoint]
        perform = _perform_alone if contract.takes_many else perform_endpoint
        with self._transaction(is_command=contract.is_command) as bind:
            answer, _ = perform(bind, self._class(), endpoint, call)
        return orjson.loads(answer)

    def hear(self, handler: str, /, *, event: str | None = None, **data: Any) -> None:
        """Have one handler handle an event of its family with these data."""
        consumer = self.contracts(Consumer)[handler]
        wanted = consumer.find(event, 1) if event else consumer.subscriptions[0]
        told = self._envelope(wanted.source, wanted.name, wanted.event_version, data)
        perform_events(self.bind, self._class(), [(told, [handler])])

    def tell(self, source: str, name: str, /, **data: Any) -> None:
        """Have every handler of an event handle it."""
        self.tell_all(source, (name, data))

    def tell_all(self, source: str, /, *told: tuple[str, dict[str, Any]]) -> None:
        """As `tell`, of all that waits, in one transaction."""
        self.deliver(*(self._envelope(source, name, 1, data) for name, data in told))

    def carry(self) -> None:
        """Carry what the service announced to its own handlers that listen, until all is done."""
        while news := self.publish():
            for event in news:
                self.deliver(event)

    def publish(self) -> list[Envelope]:
        """Take what the service announced since from it, to be carried to whoever listens."""
        apart = self.bind.begin() if isinstance(self.bind, Engine) else nullcontext(self.bind)
        with apart as connection:
            rows = connection.execute(_PUBLISH).all()
        told = {"source": self._name}
        return [
            Envelope(**{**row._mapping, **told, "data": orjson.loads(row.data)}) for row in rows
        ]

    def announced(self, name: str) -> list[dict[str, Any]]:
        """What was announced under a name and not yet carried on."""
        waiting = self.bind.execute(_WAITING, {"name": name}).all()
        return [orjson.loads(row.data) for row in waiting]

    def day(self, day: date) -> None:
        """Let it be that day: its jobs run by their time, and what they announce is carried between."""
        jobs = sorted(self.contracts(Daily).items(), key=lambda job: job[1].at)
        for name, job in jobs:
            self.now = datetime.combine(day, job.at, tzinfo=UTC)
            perform_daily(self.bind, self._class(), name, day)
            self.carry()

    @contextmanager
    def undoing(self) -> Iterator[None]:
        """Undo whatever is done on the connection meanwhile; the day and what was told are as before."""
        now, sequences = self.now, self._sequences.copy()
        with self.bind.begin_nested() as savepoint:
            yield
            savepoint.rollback()
        self.now, self._sequences = now, sequences

    @contextmanager
    def _transaction(self, *, is_command: bool) -> Iterator[Any]:
        if isinstance(self.bind, Engine):
            yield self.bind.execution_options(postgresql_readonly=not is_command)
            return
        with self.bind.begin_nested() as savepoint:
            if is_command:
                yield self.bind
            else:
                self.bind.execute(text("SET TRANSACTION READ ONLY"))
                yield self.bind
                savepoint.rollback()

    def deliver(self, *events: Envelope) -> None:
        """Have every handler handle events that it has not handled yet, in one transaction."""
        consumers = self.contracts(Consumer)
        found = [(event, find_takers(consumers, consumers, event)) for event in events]
        if deliveries := [(event, takers) for event, takers in found if takers]:
            perform_events(self.bind, self._class(), deliveries)

    def _envelope(self, source: str, name: str, version: int, data: dict[str, Any]) -> Envelope:
        subject = data.get("account_id") or data.get("staff_id") or data["lead_id"]
        about = (source, subject)
        self._sequences[about] = self._sequences.get(about, 0) + 1
        return Envelope(
            event_id=new_id("evt"),
            source=source,
            name=name,
            event_version=version,
            subject=subject,
            sequence=self._sequences[about],
            occurred_at=self.now,
            data=orjson.loads(orjson.dumps(data)),
        )

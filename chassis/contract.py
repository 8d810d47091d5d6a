"""The ways into a service, as authors write them: `@command`, `@query`, `@consumes`, `@daily`, `@due`.

A decorator is the whole contract of an entrypoint: route, what goes in, what comes out, who may. It
only records it; `chassis.service` turns the records into nameko entrypoints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from chassis.due import DueTime
from chassis.events import Event, Subscription, is_introduction
from chassis.fields import Bytes, Schema
from kernel.rpc import STREAM_START

Method = TypeVar("Method", bound=Callable[..., Any])

HANDLER_SECONDS_MAX = 600  # far below the broker's own limit of 30 minutes for an acknowledgement


class Reach(StrEnum):
    """How far an endpoint reaches, and so who may come."""

    ACCOUNT = "account"
    """All it reads and changes is of accounts, and what the caller may not see is not there for it."""
    BOOK = "book"
    """It adds to the accounts of the member of staff whom it names as `owner_id`: for callers who see all
    accounts, and for persons who see that one's."""
    STAFF = "staff"
    """It is about a member of staff, and for them, whoever stands in for them and those above: it asks
    `chassis.database.require_person`. Keys that are limited to some accounts may not come."""
    SHARED = "shared"
    """It reads what belongs to no account and is everybody's, such as products."""
    EVERYTHING = "everything"
    """It reads or changes what is about all accounts: only for callers who see all of them."""


@dataclass(frozen=True)
class Endpoint:
    """A command or a query: one route, one RPC method."""

    verb: str
    path: str
    accepts: type[Schema]
    returns: type[Schema] | None
    scope: str
    status: int
    seconds_max: float
    media_type: str | None = None
    stated_reach: Reach | None = None
    is_costly: bool = False
    streams: tuple[str, ...] = ()
    takes_many: bool = False
    whose: Any = None

    @cached_property
    def raw_field(self) -> str | None:
        """Which of what it takes is the body itself, as bytes."""
        fields = self.accepts().fields.items()
        return next((name for name, one in fields if isinstance(one, Bytes)), None)

    @cached_property
    def reach(self) -> Reach:
        """As stated; else everything, unless what it takes names the account."""
        account = self.accepts().fields.get("account_id")
        is_named = account is not None and account.required
        return self.stated_reach or (Reach.ACCOUNT if is_named else Reach.EVERYTHING)

    @property
    def is_command(self) -> bool:
        return self.verb != "GET"

    @property
    def path_parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


@dataclass(frozen=True)
class Measure:
    """Numbers of a service's own tables that one statement reads as one row, so that what adds up there
    adds up whenever it is told, by whichever process: `steward_{name}_{column}`. `counters` (only ever
    more, told as `…_total`) and `gauges` say what each column is. It is read every few seconds."""

    name: str
    statement: str
    counters: Mapping[str, str] = field(default_factory=dict)
    gauges: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Internal:
    """A method of the chassis for the gateway alone; it opens its own transactions."""


@dataclass(frozen=True)
class Consumer:
    """A handler of a family of events of one source."""

    subscriptions: tuple[type[Subscription], ...]
    seconds_max: float
    is_alone: bool
    takes_many: bool
    keeps: Any = None

    @property
    def source(self) -> str:
        return self.subscriptions[0].source

    @property
    def names(self) -> frozenset[str]:
        """The names of its events; EVERY is one."""
        return frozenset(one.name for one in self.subscriptions)

    def versions(self, name: str) -> frozenset[int]:
        """In which versions it takes the event of this name."""
        return frozenset(one.event_version for one in self.subscriptions if one.name == name)

    def find(self, name: str, event_version: int) -> type[Subscription] | None:
        """The subscription that takes an event of the source."""
        return next((one for one in self.subscriptions if one.takes(name, event_version)), None)


@dataclass(frozen=True)
class Introduction:
    """What a service can tell of how things are now; it is no way in."""

    event: type[Event]


@dataclass(frozen=True)
class Daily:
    """A job that runs once per business day, at a time of day in the business' time zone."""

    at: time
    seconds_max: float


@dataclass(frozen=True)
class Due:
    """A handler of one kind of due time."""

    due: type[DueTime]
    seconds_max: float


def command(
    route: str,
    accepts: type[Schema],
    *,
    scope: str,
    returns: type[Schema] | None = None,
    status: int = 200,
    seconds_max: float = 15,
    reach: Reach | None = None,
    is_costly: bool = False,
    takes_many: bool = False,
    whose: Any = None,
) -> Callable[[Method], Method]:
    """Something that changes things. `route` is "POST /v1/invoices/{invoice_id}/void"; what stands in
    braces, in the query and in the body is loaded through `accepts` and passed by keyword, after the
    session. The answer is dumped through `returns`. Safe to repeat under one Idempotency-Key.

    `reach` is stated where `accepts` does not name the account; without, only callers come in who see all
    accounts. What `is_costly` waits in a line of its own, and holds up nobody else.

    A command that `takes_many` is called once for all that wait, in one transaction, with a list of
    `Asked`; it answers a list, for each what it would answer it alone, or the Refusal
    (`chassis.bulk.decide_each`), in their order; of one that is refused it stores nothing. As each has a
    caller of its own, it sees the rows of all accounts: that the caller sees the account which their
    command names was checked, and whatever else it names is to be looked for in that account. A command
    that names no account but a thing of one says `whose`: a select of the thing's id, called as in the
    path, and of its account; a thing of an account that the caller does not see is not there."""
    verb, path = _read_route(route)
    assert verb != "GET", f"{route}: a command is no GET"
    assert reach is not Reach.SHARED, f"{route}: what is shared is changed for all accounts"
    endpoint = Endpoint(
        verb,
        path,
        accepts,
        returns,
        scope,
        status,
        seconds_max,
        None,
        reach,
        is_costly,
        takes_many=takes_many,
        whose=whose,
    )
    assert not takes_many or _may_take_many(endpoint), (
        f"{route}: who takes many takes an `account_id` with each, says `whose`, or has "
        "Reach.EVERYTHING; is not costly"
    )
    return _mark(endpoint)


def query(
    route: str,
    accepts: type[Schema],
    *,
    scope: str,
    returns: type[Schema] | None = None,
    media_type: str | None = None,
    streams: tuple[str, ...] = (),
    seconds_max: float = 10,
    reach: Reach | None = None,
    is_costly: bool = False,
) -> Callable[[Method], Method]:
    """Something that only reads; the transaction it runs in cannot write. It answers what the schema
    `returns` dumps, or a `Document` of the `media_type`, such as application/pdf, or, of one of the media
    types in `streams`, the `Piece` of a file that begins at the byte `start`: the gateway asks for one
    after the other. `reach` and `is_costly` are as for a command."""
    verb, path = _read_route(route)
    assert verb == "GET", f"{route}: a query is a GET"
    ways = [returns is not None, media_type is not None, bool(streams)]
    assert sum(ways) <= 1, f"{route}: say one of `returns`, `media_type` and `streams`"
    assert bool(streams) == (STREAM_START in accepts().fields), f"{route}: a stream takes `start`"
    return _mark(
        Endpoint(
            verb,
            path,
            accepts,
            returns,
            scope,
            200,
            seconds_max,
            media_type,
            reach,
            is_costly,
            streams,
        )
    )


def consumes(
    *subscriptions: type[Subscription],
    seconds_max: float = 60,
    is_alone: bool = False,
    takes_many: bool = False,
    keeps: Any = None,
) -> Callable[[Method], Method]:
    """Handles events of one source, each once. An event's fields are passed by keyword, after the
    session, and `self.event` is its envelope. A handler that `takes_many` is called once for all that
    wait, with a list of their fields, and `self.events` are their envelopes: for copies, which one
    statement keeps, and for what comes often.

    All that waits of a source is handled in one transaction, by all its handlers: those first that keep
    copies, then others who take many, each in the order of their names, then those who take one. With
    `is_alone` a handler has a queue and transactions of its own: for what waits for others, or has
    effects that no rollback undoes, such as sending mail. `keeps` is a select of the copy that the
    handler keeps: its owner can have it compared, and made right, by the family's `…_introduced`."""
    sources = {one.source for one in subscriptions}
    assert len(sources) == 1, f"a handler listens to one source, not to {sorted(sources)}"
    seconds_max = min(seconds_max, HANDLER_SECONDS_MAX)
    consumer = Consumer(subscriptions, seconds_max, is_alone, takes_many, keeps)
    assert keeps is None or any(map(is_introduction, consumer.names)), "by which it is compared"
    assert not is_alone or (len(consumer.names) == 1 and not takes_many), "alone, one at a time"
    return _mark(consumer)


def introduces(event: type[Event]) -> Callable[[Method], Method]:
    """Tells how things of a kind are: the method gives a select of one model, in no order, whose
    attributes are the event's fields. A new listener learns them by it, and copies are compared."""
    assert event.key, f"{event.__name__} has no key"
    return _mark(Introduction(event))


def daily(*, at: str, seconds_max: float = 300) -> Callable[[Method], Method]:
    """Runs once per business day across all replicas at `at` ("06:30" in the business' time zone), in one
    transaction, with the session and `day`; days that were missed are caught up in order."""
    return _mark(Daily(time.fromisoformat(at), min(seconds_max, HANDLER_SECONDS_MAX)))


def due(due_time: type[DueTime], *, seconds_max: float = 60) -> Callable[[Method], Method]:
    """Performs a due time, once, when its instant has come, in the order of instants. Its fields are
    passed by keyword, after the session; `self.clock.now()` is the instant itself with the manual clock.
    Several that are due may share one transaction. Where something is away it is tried again later; what
    fails otherwise is parked, and holds up no other."""
    return _mark(Due(due_time, min(seconds_max, HANDLER_SECONDS_MAX)))


def internal(method: Method) -> Method:
    """For the gateway alone (scope internal): no route, keyword arguments as they come."""
    return _mark(Internal())(method)


@dataclass(frozen=True)
class Document:
    """An answer that is a file, not JSON."""

    content: bytes
    media_type: str
    filename: str = field(default="document")


@dataclass(frozen=True)
class Piece:
    """A stretch of a file from the byte `start` on; the file has `size` bytes. `etag` changes whenever
    any of them does."""

    content: bytes
    start: int
    size: int
    media_type: str
    filename: str
    etag: str


def _read_route(route: str) -> tuple[str, str]:
    verb, _, path = route.partition(" ")
    assert verb in {"GET", "POST", "PUT", "PATCH", "DELETE"}, (
        f"{route}: begins with the HTTP method"
    )
    assert re.fullmatch(r"(/v\d+)(/[a-z0-9.-]+|/{\w+})+", path), f"{route}: /v1/nouns/{{id}}/verb"
    return verb, path


def _may_take_many(endpoint: Endpoint) -> bool:
    account = endpoint.accepts().fields.get("account_id")
    is_named = account is not None and account.required and not account.allow_none
    is_named |= endpoint.whose is not None
    is_for_all = endpoint.reach is Reach.EVERYTHING
    return (is_for_all or (endpoint.reach is Reach.ACCOUNT and is_named)) and not endpoint.is_costly


def _mark(
    contract: Endpoint | Internal | Consumer | Introduction | Daily | Due,
) -> Callable[[Method], Method]:
    def mark(method: Method) -> Method:
        assert method.__doc__, f"{method.__qualname__}: its docstring is the text in the reference"
        method.contract = contract  # type: ignore[attr-defined]
        return method

    return mark

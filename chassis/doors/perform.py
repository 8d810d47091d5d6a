"""How each kind of entrypoint is performed: load, check who asks, run once in one transaction, answer."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cache
from typing import Any

import marshmallow
import orjson
import structlog
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from chassis.bulk import Asked
from chassis.contract import Daily, Document, Endpoint, Piece, Reach
from chassis.doors.naming import name_field
from chassis.doors.rows import hold_to_acts, require_visible, require_visible_book
from chassis.doors.transaction import EVENT_LAG_SECONDS, Context, run
from chassis.fields import Flag, Whole
from chassis.ground import tracing
from chassis.ground.dumps import Dump, compile_dump
from chassis.ground.loads import Load, compile_load
from chassis.store import answers
from chassis.store.answers import Claim
from chassis.store.clock import Clock
from chassis.wire.calls import Call
from chassis.wire.envelopes import Envelope
from kernel.calendar import moment_at
from kernel.callers import ALL_ACCOUNTS, ITSELF, Caller
from kernel.refusals import Forbidden, Invalid, NotFound, TooLate

Method = Callable[..., Any]
_schemas: dict[type[marshmallow.Schema], marshmallow.Schema] = {}


def perform_endpoint(engine: Engine, service: Any, name: str, call: Call) -> tuple[bytes, bool]:
    """Perform a command or a query; its answer in JSON, and whether it is a stored one."""
    endpoint: Endpoint = service.contracts[name]
    method: Method = service.methods[name]
    asked = read_asked(endpoint, call)
    values = asked.values
    context = Context(
        caller=call.caller,
        request_id=call.request_id,
        trace=call.trace,
        if_match=asked.if_match,
        deadline=call.deadline,
    )

    def answer(session: Session, clock: Clock) -> bytes:
        service.clock, service.caller = clock, call.caller
        return dump(endpoint, method(service, session, **values))

    def answer_once(session: Session, clock: Clock) -> tuple[bytes, bool]:
        claim = claim_of(name, call)
        if stored := answers.claim(session, [claim]):
            return _accept(stored[claim]), True
        result = answer(session, clock)
        answers.keep(session, {claim: result})
        return result, False

    def work(session: Session, clock: Clock) -> tuple[bytes, bool]:
        hold_to_acts(session, acts=endpoint.is_command)
        require_visible(session, values.get("account_id"))
        if endpoint.reach is Reach.BOOK:
            require_visible_book(session, values["owner_id"])
        if endpoint.is_command:
            return answer_once(session, clock)
        return answer(session, clock), False

    try:
        result: tuple[bytes, bool] = run(engine, work, context)
    except NotFound as refusal:
        name_field(refusal, call.kwargs)
        raise
    return result


def read_asked(endpoint: Endpoint, call: Call) -> Asked:
    """What a call asks for, loaded; a Refusal where it comes too late, may not come or cannot be read."""
    if call.deadline < time.time():
        raise TooLate("deadline_passed", "The caller had given up; nothing was done.")
    call.caller.require(endpoint.scope)
    _check_reach(endpoint, call.caller)
    values = load(endpoint.accepts, _read_texts(endpoint, call.kwargs))
    if_match = _if_match(endpoint, call)
    return Asked(values, call.caller, call.request_id, call.trace, if_match)


def _accept(stored: bytes | Invalid) -> bytes:
    if isinstance(stored, Invalid):
        raise stored
    return stored


def claim_of(name: str, call: Call) -> Claim:
    """The claim of a call that commands; Invalid without an id."""
    if call.command_id is None:
        raise Invalid("command_id_missing", "A command needs an id (header command_id).")
    return answers.claim_of(
        caller=call.caller.subject, command_id=call.command_id, method=name, kwargs=call.kwargs
    )


Deliveries = Sequence[tuple[Envelope, Sequence[str]]]
"""Events, each with the handlers that are to handle it."""


def perform_events(engine: Engine, service: Any, deliveries: Deliveries) -> set[tuple[str, str]]:
    """Handle events in one transaction, but for those that a handler has handled before; what was handled
    now, by event's id and handler."""

    is_alone = len(deliveries) == 1

    def handle(session: Session, clock: Clock) -> set[tuple[str, str]]:
        for event, _ in deliveries:
            clock.reach(event.occurred_at)
        session.info["is_patient"] |= not is_alone
        return handle_events(session, clock, service, deliveries)

    # Among others it does not wait for what is on its way: it fails, and waits by itself. So it is not
    # refused among others, either.
    patience = EVENT_LAG_SECONDS if is_alone else 0.0
    handled: set[tuple[str, str]] = run(engine, handle, Context(), patience_seconds=patience)
    return handled


_TAKE = text(
    """
    INSERT INTO inbox (event_id, handler)
    SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:handlers AS text[]))
    ON CONFLICT DO NOTHING RETURNING event_id, handler
    """
)


def handle_events(
    session: Session, clock: Clock, service: Any, deliveries: Deliveries
) -> set[tuple[str, str]]:
    """The part of `perform_events` inside its transaction. Those who keep copies come first, then others
    who take many: copies are whole when conclusions are drawn from them."""
    new = _take(session, service, deliveries)
    service.clock, service.caller = clock, ITSELF
    # One copy after the other in one order, then by account, as everything locks accounts: two batches
    # then cannot end in a deadlock.
    for handler in sorted(new, key=lambda name: (service.contracts[name].keeps is None, name)):
        if service.contracts[handler].takes_many:
            _handle_many(session, service, handler, new[handler])
    singly = [
        (event, handler)
        for handler, events in new.items()
        if not service.contracts[handler].takes_many
        for event in events
    ]
    for event, handler in sorted(singly, key=lambda one: _locks(one[0])):
        _handle(session, service, handler, event)
    return {(event.event_id, handler) for handler, events in new.items() for event in events}


def _take(session: Session, service: Any, deliveries: Deliveries) -> dict[str, list[Envelope]]:
    """What each handler is to handle, by account; entered in the inbox."""
    wanted = {
        (event.event_id, service.inbox_names[handler]): (handler, event)
        for event, handlers in deliveries
        for handler in handlers
    }
    ids, names = zip(*sorted(wanted), strict=True)
    taken = session.execute(_TAKE, {"ids": [*ids], "handlers": [*names]}).all()
    new: dict[str, list[Envelope]] = {}
    for handler, event in sorted(
        (wanted[event_id, name] for event_id, name in taken), key=lambda one: _locks(one[1])
    ):
        new.setdefault(handler, []).append(event)
    return new


def _locks(event: Envelope) -> tuple[str, str]:
    return event.account_id or event.subject, event.event_id


def _handle_many(session: Session, service: Any, handler: str, events: Sequence[Envelope]) -> None:
    with ExitStack() as spans:
        for event in events:
            spans.enter_context(tracing.span(handler, event.trace))
        service.events = events
        causes = {(event.request_id, event.trace) for event in events}
        session.info["cause"] = causes.pop() if len(causes) == 1 else ("", None)
        values = [_load(service, handler, event) for event in events]
        service.methods[handler](service, session, values)
        session.flush()


def _handle(session: Session, service: Any, handler: str, event: Envelope) -> None:
    with structlog.contextvars.bound_contextvars(**event.ids), tracing.span(handler, event.trace):
        service.event = event
        session.info["cause"] = (event.request_id, event.trace)
        service.methods[handler](service, session, **_load(service, handler, event))
        session.flush()


def _load(service: Any, handler: str, event: Envelope) -> dict[str, Any]:
    wanted = service.contracts[handler].find(event.name, event.event_version)
    return load(wanted, event.data)


def perform_daily(engine: Engine, service: Any, name: str, day: date) -> list[date]:
    """Run a daily job for every business day up to `day` that it has not run for; those days. On its
    very first run there is nothing to catch up with but `day` itself."""
    job: Daily = service.contracts[name]
    method: Method = service.methods[name]
    done: list[date] = []

    def run_next_day(session: Session, clock: Clock) -> date | None:
        next_day: date | None = session.scalar(_TAKE_DAY, {"name": name, "day": day})
        if next_day is not None:
            moment = moment_at(next_day, job.at, clock.zone)
            clock.reach(moment)
            service.clock = Clock(moment, clock.zone)
            service.caller = ITSELF
            method(service, session, day=next_day)
        return next_day

    while not done or done[-1] < day:
        next_day = run(engine, run_next_day, Context())
        if next_day is None:
            break
        done.append(next_day)
    return done


# The row stays locked until the day's work is committed: no other replica does it as well.
_TAKE_DAY = text(
    """
    INSERT INTO daily_job (name, last_day) VALUES (:name, :day)
    ON CONFLICT (name) DO UPDATE SET last_day = daily_job.last_day + 1
        WHERE daily_job.last_day < excluded.last_day
    RETURNING last_day
    """
)


def load(accepts: type[marshmallow.Schema], values: dict[str, Any]) -> dict[str, Any]:
    """The values as the schema loads them; Invalid with every wrong field otherwise."""
    try:
        loaded: dict[str, Any] = _load_of(accepts)(values)
    except marshmallow.ValidationError as error:
        raise Invalid.fields(list(_field_errors(error.messages))) from error
    return loaded


def _schema(cls: type[marshmallow.Schema]) -> marshmallow.Schema:
    return _schemas.get(cls) or _schemas.setdefault(cls, cls())


def _read_texts(endpoint: Endpoint, given: Mapping[str, Any]) -> dict[str, Any]:
    """In path and query everything is text: here numbers and truth values become what they are."""
    fields = _schema(endpoint.accepts).fields
    addressed = endpoint.path_parameters if endpoint.is_command else given
    read = {
        name: fields[name].from_text(given[name])  # type: ignore[attr-defined]
        for name in addressed
        if isinstance(fields.get(name), Flag | Whole) and isinstance(given.get(name), str)
    }
    return {**given, **read}


def _field_errors(messages: Any, path: str = "") -> Any:
    if isinstance(messages, dict):
        for key, value in messages.items():
            step = "" if key == marshmallow.exceptions.SCHEMA else str(key)
            yield from _field_errors(value, f"{path}/{step}".strip("/") if step else path)
    else:
        for message in messages:
            yield {"field": path, "detail": str(message)}


def _check_reach(endpoint: Endpoint, caller: Caller) -> None:
    lacks_all = endpoint.reach is Reach.EVERYTHING and not caller.sees_all
    is_of_people = endpoint.reach in (Reach.BOOK, Reach.STAFF)
    if lacks_all or (is_of_people and caller.accounts is not None):
        detail = (
            "This is about all accounts; it needs a key that is not limited to some of them, or, of a "
            f"person, the scope {ALL_ACCOUNTS}."
        )
        raise Forbidden("all_accounts_needed", detail)


def _if_match(endpoint: Endpoint, call: Call) -> dict[str, int]:
    # Whichever thing of the path the use case changes and answers with: its version is meant.
    if call.if_match is None:
        return {}
    return {str(call.kwargs.get(name)): call.if_match for name in endpoint.path_parameters}


def dump(endpoint: Endpoint, result: Any) -> bytes:
    """The answer as JSON."""
    if isinstance(result, Document):
        media_type = result.media_type.partition(";")[0]
        assert media_type == endpoint.media_type, "a query says the media type of its document"
        return orjson.dumps(
            {
                "content": base64.b64encode(result.content).decode(),
                "media_type": result.media_type,
                "filename": result.filename,
            }
        )
    if isinstance(result, Piece):
        assert result.media_type in endpoint.streams, "a stream says the media types it may have"
        content = base64.b64encode(result.content).decode()
        return orjson.dumps({**vars(result), "content": content})
    if endpoint.returns is None:
        return b"null"
    return orjson.dumps(_dump_of(endpoint.returns)(result))


@cache
def _load_of(accepts: type[marshmallow.Schema]) -> Load:
    return compile_load(_schema(accepts))


@cache
def _dump_of(returns: type[marshmallow.Schema]) -> Dump:
    return compile_dump(_schema(returns))

"""Parked messages: those that could not be handled wait in a table until somebody decides."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any

import amqp
import orjson
from marshmallow import fields, validate
from sqlalchemy import Engine, Select, insert, select, update
from sqlalchemy.orm import Session

from chassis.contract import Reach, command, query
from chassis.doors.acceptance import (
    Unusable,
    Why,
    find_takers,
    handlers_by_queue,
    require_sender,
)
from chassis.doors.due_failures import queue_of
from chassis.doors.due_times import perform_parked
from chassis.doors.perform import handle_events
from chassis.doors.rows import seeing_all, visible
from chassis.doors.transaction import Context, run
from chassis.fields import Id, Instant, PageQuery, Schema, Text, Whole, page_of
from chassis.pages import read_page
from chassis.store.clock import Clock
from chassis.store.tables import parked
from chassis.wire.calls import Undecodable
from chassis.wire.envelopes import Envelope, body_of, read_event, sender_of
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Conflict, Forbidden, NotFound

ERROR_MAX = 2000


def park(
    engine: Engine,
    message: amqp.Message,
    *,
    queue: str,
    handler: str | None,
    error: str,
    why: Why,
    tried: int,
) -> None:
    """Store a message that is given up on, as it came, with who sent it and the error."""
    body = body_of(message)
    event_id = account_id = None
    with contextlib.suppress(Undecodable):
        event = read_event(body)
        event_id, account_id = event.event_id, event.account_id

    def store(session: Session, _: Clock) -> None:
        session.execute(
            insert(parked).values(
                parked_id=new_id("prk"),
                queue=queue,
                handler=handler,
                event_id=event_id,
                account_id=account_id,
                sender=sender_of(message),
                body=body,
                why=why,
                error=error.replace("\x00", "")[:ERROR_MAX],
                attempts=tried,
            )
        )

    run(engine, store, Context())


class ParkedMessage(Schema):
    """A message that could not be handled."""

    parked_id = Id("prk", required=True)
    queue = fields.String(required=True, metadata={"description": "Where it was to be handled."})
    event_id = fields.String(allow_none=True, required=True)
    account_id = Id(
        "acc",
        allow_none=True,
        metadata={"description": "The account it is about, where it says so."},
    )
    handler = fields.String(allow_none=True, required=True)
    sender = fields.String(
        allow_none=True,
        required=True,
        metadata={"description": "The broker's user that sent it.", "example": "steward_billing"},
    )
    why = fields.String(
        required=True,
        validate=validate.OneOf([*Why]),
        metadata={
            "description": "Why it was not handled; a forged one is replayed only if trusted."
        },
    )
    error = fields.String(required=True, metadata={"description": "What went wrong last."})
    attempts = Whole(required=True)
    status = fields.String(
        required=True, validate=validate.OneOf(["parked", "replayed", "discarded"])
    )
    parked_at = Instant(required=True)
    settled_at = Instant(allow_none=True, required=True)
    settled_by = fields.String(allow_none=True, required=True)
    settled_reason = fields.String(allow_none=True, required=True)
    message = fields.Raw(required=True, metadata={"description": "As it came; text if no JSON."})


class ParkedQuery(PageQuery):
    """Which parked messages."""

    status = fields.String(
        load_default="parked", validate=validate.OneOf(["parked", "replayed", "discarded"])
    )


class ParkedId(Schema):
    """One parked message."""

    parked_id = Id("prk", required=True)


class ReplayParked(ParkedId):
    """One parked message. One whose sender may not say what it says needs a reason to be believed."""

    trusted_because = Text(
        load_default=None,
        allow_none=True,
        metadata={"description": "Why a forged message is to be believed all the same."},
    )


class Discard(ParkedId):
    """One parked message, and why nothing is to be done about it."""

    reason = Text(required=True)


def parking_of(service: str) -> type:
    """The ways in to the parked messages of a service."""
    path = f"/v1/parked/{service}"

    class Parking:
        """What could not be handled, and what is to become of it."""

        caller: Caller

        @query(
            f"GET {path}",
            ParkedQuery,
            returns=page_of(ParkedMessage),
            scope="admin",
            reach=Reach.ACCOUNT,
        )
        def list_parked(
            self, session: Session, *, status: str, limit: int, after: str | None
        ) -> dict[str, Any]:
            """List messages that this service could not handle, oldest first."""
            chosen = _visible_to(session).where(parked.c.status == status)
            page = read_page(session, chosen, by=[parked.c.parked_id], limit=limit, after=after)
            return {**page, "items": [_shown(row) for row in page["items"]]}

        @query(
            f"GET {path}/{{parked_id}}",
            ParkedId,
            returns=ParkedMessage,
            scope="admin",
            reach=Reach.ACCOUNT,
        )
        def get_parked(self, session: Session, *, parked_id: str) -> dict[str, Any]:
            """One message that this service could not handle, with the error."""
            return _shown(_find(session, parked_id))

        @command(
            f"POST {path}/{{parked_id}}/replay",
            ReplayParked,
            returns=ParkedMessage,
            scope="admin",
            reach=Reach.ACCOUNT,
            seconds_max=60,
        )
        def replay_parked(
            self, session: Session, *, parked_id: str, trusted_because: str | None
        ) -> dict[str, Any]:
            """Handle a parked message now. When it fails again it stays parked, and the answer says
            what was wrong; when it was handled before, nothing happens twice. A forged one is handled
            only if you say why it is to be trusted; that stays on record."""
            row = _find_parked(session, parked_id)
            _handle_again(self, session, _what_was_parked(self, session, row, trusted_because))
            return _settle(self, session, row, "replayed", trusted_because)

        @command(
            f"POST {path}/{{parked_id}}/discard",
            Discard,
            returns=ParkedMessage,
            scope="admin",
            reach=Reach.ACCOUNT,
        )
        def discard_parked(
            self, session: Session, *, parked_id: str, reason: str
        ) -> dict[str, Any]:
            """Give a parked message up for good; it stays on record with the reason."""
            return _settle(self, session, _find_parked(session, parked_id), "discarded", reason)

    return Parking


def _read(row: Any, caller: Caller, trusted_because: str | None) -> Envelope:
    """The event in a parked message; Conflict where it is none, or is not to be believed."""
    if trusted_because is not None and not caller.sees_all:
        detail = "To trust what is forged is for those who see all accounts."
        raise Forbidden("all_accounts_needed", detail)
    try:
        event = read_event(bytes(row.body))
        if trusted_because is None:
            require_sender(event, row.sender or "")
    except Undecodable as problem:
        raise Conflict("no_event", f"{problem}: nobody can handle this; discard it.") from problem
    except Unusable as problem:
        advice = "say in trusted_because why it is to be believed, or discard it"
        raise Conflict("sender_not_trusted", f"Stays parked: {problem}; {advice}.") from problem
    return event


def _find_handlers(service: Any, row: Any, event: Envelope) -> list[str]:
    """The handler that the message was parked for; all of its queue that take the event where that is
    not known, or not there any more. Conflict where none does."""
    names = handlers_by_queue(service.name, service.contracts).get(row.queue, [])
    takers = find_takers(service.contracts, names, event)
    if not takers:
        raise Conflict(
            "handler_unknown",
            f"No handler here takes {event.source}.{event.name} in version {event.event_version} "
            f"from {row.queue}; deploy one first, or discard the message.",
        )
    return [row.handler] if row.handler in takers else takers


def _what_was_parked(
    service: Any, session: Session, row: Any, trusted_because: str | None
) -> Callable[[], object]:
    """What is to be done again: a due time, or the event in a message."""
    if row.queue == queue_of(service.name):
        return partial(perform_parked, service, session, bytes(row.body))
    event = _read(row, service.caller, trusted_because)
    deliveries = [(event, _find_handlers(service, row, event))]
    return partial(handle_events, session, service.clock, service, deliveries)


def _handle_again(service: Any, session: Session, work: Callable[[], object]) -> None:
    caller = service.caller
    try:
        with session.begin_nested(), seeing_all(session):
            work()
    except Exception as error:
        raise Conflict("replay_failed", f"It failed again and stays parked: {error!r}") from error
    finally:
        service.caller = caller


def _settle(
    service: Any, session: Session, row: Any, status: str, reason: str | None
) -> dict[str, Any]:
    session.execute(
        update(parked)
        .where(parked.c.parked_id == row.parked_id)
        .values(
            status=status,
            settled_at=service.clock.now(),
            settled_by=service.caller.subject,
            settled_reason=reason,
        )
    )
    return _shown(_one(session, select(*parked.c), row.parked_id))


def _visible_to(session: Session) -> Select[Any]:
    """Parked messages, but for those of accounts that the caller may not see."""
    return select(*parked.c).where(*visible(session, parked.c.account_id))


def _find(session: Session, parked_id: str) -> Any:
    return _one(session, _visible_to(session), parked_id)


def _find_parked(session: Session, parked_id: str) -> Any:
    row = _one(session, _visible_to(session).with_for_update(key_share=True), parked_id)
    if row.status != "parked":
        raise Conflict("already_settled", f"{parked_id} was {row.status} already.")
    return row


def _one(session: Session, messages: Select[Any], parked_id: str) -> Any:
    row = session.execute(messages.where(parked.c.parked_id == parked_id)).one_or_none()
    if row is None:
        raise NotFound("parked_not_found", f"There is no parked message {parked_id} here.")
    return row


def _shown(row: Any) -> dict[str, Any]:
    body = bytes(row.body)
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError:
        message = body.decode("utf-8", "replace")
    return {**row._mapping, "message": message}

"""Events as they come: in their envelope, from a user of the broker, perhaps by way of the ladder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import amqp
import orjson

from chassis.ground.config import settings
from chassis.wire.calls import Undecodable, read_json, read_trace
from kernel.ids import is_id

ATTEMPTS_HEADER = "x-attempts"
HANDLERS_HEADER = "x-handlers"
SENDER_HEADER = "x-sender"


@dataclass(frozen=True)
class Envelope:
    """One event: a CloudEvents 1.0 message, `sequence` counting the source's events of the subject."""

    event_id: str
    source: str
    name: str
    event_version: int
    subject: str
    sequence: int
    occurred_at: datetime
    data: dict[str, Any]
    sentence: str = ""
    request_id: str = ""
    trace: str | None = None
    attempts: int = field(default=0, compare=False)

    @property
    def ids(self) -> dict[str, str]:
        """What every line of the log about it bears."""
        return {
            "request_id": self.request_id,
            "event_id": self.event_id,
            "subject": self.subject,
        }

    @property
    def account_id(self) -> str | None:
        """The account that it names, be it about that or about something else."""
        named = (self.subject, self.data.get("account_id"))
        return next((one for one in named if isinstance(one, str) and is_id(one, "acc")), None)


def read_event(body: bytes, attempts: int = 0) -> Envelope:
    """The event in a message; Undecodable where it is none."""
    payload = read_json(body)
    try:
        source, name, version = re.fullmatch(
            r"([a-z_]+)\.([a-z_]+)\.v(\d{1,4})", payload["type"]
        ).groups()  # type: ignore[union-attr]
        return Envelope(
            event_id=_wanted(payload["id"], str),
            source=source,
            name=name,
            event_version=int(version),
            subject=_wanted(payload["subject"], str),
            sequence=int(payload["sequence"]),
            occurred_at=datetime.fromisoformat(payload["time"]),
            data=_wanted(payload["data"], dict),
            sentence=_wanted(payload.get("sentence", ""), str),
            request_id=_wanted(payload.get("requestid", ""), str),
            trace=read_trace(payload.get("traceparent")),
            attempts=attempts,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Undecodable(f"not a CloudEvent of ours: {type(error).__name__} {error}") from error


def write_event(row: Any, source: str) -> bytes:
    """The message of a row of the outbox of the service `source`."""
    head = orjson.dumps(
        {
            "specversion": "1.0",
            "id": row.event_id,
            "source": f"/{source}",
            "type": f"{source}.{row.name}.v{row.event_version}",
            "subject": row.subject,
            "time": row.occurred_at,
            "datacontenttype": "application/json",
            "sequence": str(row.sequence),
            "sentence": row.sentence,
            **({"requestid": row.request_id} if row.request_id else {}),
            **({"traceparent": row.trace} if row.trace else {}),
        }
    )
    return head[:-1] + b',"data":' + row.data.encode() + b"}"


def body_of(message: amqp.Message) -> bytes:
    """A message's body, as it came."""
    return message.body.encode() if isinstance(message.body, str) else bytes(message.body)


def user_of(message: amqp.Message) -> str:
    """The broker's user that has published a message; nobody's where it does not say."""
    user = message.properties.get("user_id")
    return user if isinstance(user, str) else ""


def sender_of(message: amqp.Message) -> str:
    """As `user_of`, but for what came back from our own ladder: who had sent it before."""
    sender = _from_ourselves(message).get(SENDER_HEADER)
    return sender if isinstance(sender, str) else user_of(message)


def attempts_of(message: amqp.Message) -> int:
    """How often a message was tried before, as our own ladder counts."""
    value = _from_ourselves(message).get(ATTEMPTS_HEADER, 0)
    return value if isinstance(value, int) and 0 <= value < 1000 else 0


def handlers_of(message: amqp.Message) -> frozenset[str]:
    """The handlers that are to try a message again, as our own ladder says; none: all that take it."""
    value = _from_ourselves(message).get(HANDLERS_HEADER, "")
    return frozenset(value.split()) if isinstance(value, str) else frozenset()


def _from_ourselves(message: amqp.Message) -> Mapping[str, Any]:
    return (message.headers or {}) if user_of(message) == settings().users.own else {}


def _wanted(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} expected")
    return value

"""What arrives: a call with its caller and its deadline, or an event in its envelope.

Headers are whitelisted and typed here; nothing else of a message's headers is ever believed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt
import orjson

from chassis.ground.config import settings
from kernel.refusals import Forbidden, Invalid, Unauthenticated

HEADER = "nameko."
TOKEN_TYPE = "steward+jwt"  # noqa: S105
ISSUER = "steward-gateway"
AUDIENCE = "steward"
CALL_SECONDS = 15.0  # for a call that brings no deadline of its own
COMMAND_ID_MAX = 255


class Undecodable(Exception):
    """A message that cannot be read, whoever handles it and however often."""


@dataclass(frozen=True)
class Caller:
    """Who calls, as the gateway has signed it: subject, scopes, and the accounts that may be seen
    (none given: all)."""

    subject: str
    scopes: frozenset[str]
    accounts: frozenset[str] | None = None

    def require(self, scope: str) -> None:
        """Forbidden unless the caller has the scope."""
        if scope not in self.scopes and not (scope != INTERNAL and "*" in self.scopes):
            raise Forbidden("scope_missing", f"This needs the scope {scope}.", scope=scope)


INTERNAL = "internal"
ITSELF = Caller("service", frozenset({"*"}))


@dataclass(frozen=True)
class Call:
    """One RPC request. `deadline` is in seconds of the Unix clock."""

    kwargs: Mapping[str, Any]
    caller: Caller
    deadline: float
    request_id: str
    command_id: str | None = None
    if_match: int | None = None
    trace: str | None = None


@dataclass(frozen=True)
class Envelope:
    """One event: a CloudEvents 1.0 message, `sequence` counting the source's events of the account."""

    event_id: str
    source: str
    name: str
    event_version: int
    account_id: str
    sequence: int
    occurred_at: datetime
    data: dict[str, Any]
    request_id: str = ""
    trace: str | None = None
    attempts: int = field(default=0, compare=False)

    @property
    def ids(self) -> dict[str, str]:
        """What every line of the log about it bears."""
        return {
            "request_id": self.request_id,
            "event_id": self.event_id,
            "account_id": self.account_id,
        }


def read_call(body: bytes, headers: Mapping[str, Any]) -> Call:
    """The call in a nameko RPC message. Undecodable, Unauthenticated or Invalid otherwise."""
    payload = read_json(body)
    if not isinstance(payload, dict) or not isinstance(payload.get("kwargs", {}), dict):
        raise Undecodable('an RPC message is {"args": [], "kwargs": {...}}')
    if payload.get("args"):
        raise Invalid("positional_arguments", "Pass every argument by keyword.")
    if rb"\u0000" in body and _has_nul(payload):
        raise Invalid("nul_character", "Text must not contain the character NUL (U+0000).")
    return Call(
        kwargs=payload.get("kwargs", {}),
        caller=read_caller(_text(headers, "caller", 4096) or ""),
        deadline=_number(headers, "deadline") or time.time() + CALL_SECONDS,
        request_id=_text(headers, "request_id", 200) or "",
        command_id=_text(headers, "command_id", COMMAND_ID_MAX),
        if_match=_whole(headers, "if_match"),
        trace=_trace(headers.get("traceparent")),
    )


def read_event(body: bytes, headers: Mapping[str, Any]) -> Envelope:
    """The event in a message; Undecodable where it is none."""
    payload = read_json(body)
    try:
        source, name, version = re.fullmatch(
            r"([a-z_]+)\.([a-z_]+)\.v(\d{1,4})", payload["type"]
        ).groups()  # type: ignore[union-attr]
        envelope = Envelope(
            event_id=_wanted(payload["id"], str),
            source=source,
            name=name,
            event_version=int(version),
            account_id=_wanted(payload["subject"], str),
            sequence=int(payload["sequence"]),
            occurred_at=datetime.fromisoformat(payload["time"]),
            data=_wanted(payload["data"], dict),
            request_id=_wanted(payload.get("requestid", ""), str),
            trace=_trace(payload.get("traceparent")),
            attempts=attempts(headers),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Undecodable(f"not a CloudEvent of ours: {type(error).__name__} {error}") from error
    return envelope


def write_event(row: Any, source: str) -> bytes:
    """The message of a row of the outbox of the service `source`."""
    head = orjson.dumps(
        {
            "specversion": "1.0",
            "id": row.event_id,
            "source": f"/{source}",
            "type": f"{source}.{row.name}.v{row.event_version}",
            "subject": row.account_id,
            "time": row.occurred_at,
            "datacontenttype": "application/json",
            "sequence": str(row.sequence),
            **({"requestid": row.request_id} if row.request_id else {}),
            **({"traceparent": row.trace} if row.trace else {}),
        }
    )
    return head[:-1] + b',"data":' + row.data.encode() + b"}"


def read_json(body: bytes) -> Any:
    """The JSON in a message's body. No types but JSON's, whatever the message claims to be."""
    try:
        return orjson.loads(body)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise Undecodable(f"not JSON: {error}") from error


def attempts(headers: Mapping[str, Any]) -> int:
    """How often a message was tried before, as the retry ladder counts."""
    value = headers.get("x-attempts", 0)
    return value if isinstance(value, int) and 0 <= value < 1000 else 0


def read_caller(token: str) -> Caller:
    """The caller that the gateway has signed for; Unauthenticated where it has not."""
    caller, expires = _verified(token)
    if expires < time.time():
        raise Unauthenticated("token_expired", "The gateway's signature has expired; call again.")
    return caller


@lru_cache(maxsize=1024)
def _verified(token: str) -> tuple[Caller, float]:
    try:
        claims = jwt.decode(
            token,
            settings().gateway_public_key,
            algorithms=["EdDSA"],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        if jwt.get_unverified_header(token).get("typ") != TOKEN_TYPE:
            raise jwt.InvalidTokenError("another type of token")
    except jwt.InvalidTokenError as error:
        raise Unauthenticated(
            "caller_not_signed", "Calls come through the gateway, which signs who calls."
        ) from error
    accounts = claims.get("accounts")
    return (
        Caller(
            str(claims["sub"]),
            frozenset(map(str, claims.get("scopes", []))),
            None if accounts is None else frozenset(map(str, accounts)),
        ),
        float(claims["exp"]),
    )


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(item) for key, item in value.items())
    if isinstance(value, list):
        return any(_has_nul(item) for item in value)
    return isinstance(value, str) and "\x00" in value


def _wanted(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} expected")
    return value


def _text(headers: Mapping[str, Any], name: str, longest: int) -> str | None:
    value = headers.get(HEADER + name)
    return value if isinstance(value, str) and len(value) <= longest else None


def _number(headers: Mapping[str, Any], name: str) -> float | None:
    value = headers.get(HEADER + name)
    return float(value) if isinstance(value, int | float) else None


def _whole(headers: Mapping[str, Any], name: str) -> int | None:
    value = headers.get(HEADER + name)
    return value if isinstance(value, int) and abs(value) < 2**62 else None


def _trace(value: Any) -> str | None:
    well_formed = isinstance(value, str) and re.fullmatch(r"[0-9a-f]{2}(-[0-9a-f]+){3}", value)
    return value if well_formed and len(value) == 55 else None

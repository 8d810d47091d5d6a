"""Calls as they come: what the gateway vouches for, and the arguments.

Nothing of a message's headers is believed but the token and the trace.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from chassis.ground.config import settings
from kernel import rpc
from kernel.callers import Caller
from kernel.refusals import Invalid, Unauthenticated

NUL = "Text must not contain the character NUL (U+0000): leave it out."


class Undecodable(Exception):
    """A message that cannot be read, whoever handles it and however often."""


@dataclass(frozen=True)
class Call:
    """One RPC request. `deadline` is in seconds of the Unix clock; `call_id` is never used twice."""

    kwargs: Mapping[str, Any]
    caller: Caller
    deadline: float
    request_id: str
    command_id: str | None = None
    if_match: int | None = None
    trace: str | None = None
    call_id: str = ""


def read_call(body: bytes, headers: Mapping[str, Any], *, address: str, call_id: object) -> Call:
    """The call in a nameko RPC message. Unauthenticated, TooLate, Undecodable or Invalid otherwise."""
    voucher = _read_voucher(headers.get(rpc.TOKEN_HEADER), address, call_id, body)
    payload = read_json(body)
    if not isinstance(payload, dict) or not isinstance(payload.get("kwargs", {}), dict):
        raise Undecodable('an RPC message is {"args": [], "kwargs": {...}}')
    if payload.get("args"):
        raise Invalid("positional_arguments", "Pass every argument by keyword.")
    if rb"\u0000" in body:
        refuse_nul(payload.get("kwargs", {}))
    return Call(
        kwargs=payload.get("kwargs", {}),
        caller=voucher.caller,
        deadline=voucher.deadline,
        request_id=voucher.request_id,
        command_id=voucher.command_id,
        if_match=voucher.if_match,
        trace=read_trace(headers.get(rpc.TRACE_HEADER)),
        call_id=voucher.call_id,
    )


def read_json(body: bytes) -> Any:
    """The JSON in a message's body. No types but JSON's, whatever the message claims to be."""
    try:
        return orjson.loads(body)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise Undecodable(f"not JSON: {error}") from error


def read_trace(value: Any) -> str | None:
    """A W3C traceparent; None where it is none."""
    well_formed = isinstance(value, str) and re.fullmatch(r"[0-9a-f]{2}(-[0-9a-f]+){3}", value)
    return value if well_formed and len(value) == 55 else None


def _read_voucher(token: object, address: str, call_id: object, body: bytes) -> rpc.Voucher:
    claims = orjson.loads(rpc.unseal(settings().call_key, token if isinstance(token, str) else ""))
    try:
        return rpc.read_claims(
            claims, address=address, call_id=str(call_id), body=body, now=time.time()
        )
    except (KeyError, TypeError) as error:  # a gateway of another version
        raise Unauthenticated(
            "token_not_understood", "The gateway vouches in a form not known here; upgrade both."
        ) from error


def refuse_nul(value: Any, path: str = "") -> None:
    """Invalid with the first field whose text has the character, which PostgreSQL cannot keep."""
    if isinstance(value, dict):
        for key, item in value.items():
            if "\x00" in key:
                refuse_nul(key, path)
            refuse_nul(item, f"{path}/{key}".strip("/"))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            refuse_nul(item, f"{path}/{number}")
    elif isinstance(value, str) and "\x00" in value:
        raise Invalid("nul_character", NUL, field=path or None)

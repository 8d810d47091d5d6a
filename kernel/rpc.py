"""The token that vouches for one call: what the gateway says of it, and how a service knows that it did.

It is a JSON Web Token (RFC 7519, HMAC-SHA256) under a key that only the gateway and the one service have.
All that matters of a call stands in it, its arguments as a hash: it is good for nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.callers import Caller
from kernel.refusals import TooLate, Unauthenticated

TOKEN_HEADER = "nameko.token"  # noqa: S105
TRACE_HEADER = "traceparent"
REPLAYED_HEADER = "replayed"
STREAM_START = "start"  # the argument that says from which byte on a file is wanted
ISSUER = "steward-gateway"
SECRET_CHARACTERS_MIN = 32


@dataclass(frozen=True, slots=True)
class Voucher:
    """One call as the gateway vouches for it. `call_id` is the message's correlation id, never used
    twice; `address` the method's; `deadline` in Unix seconds, after which it is worth nothing."""

    call_id: str
    address: str
    caller: Caller
    request_id: str
    deadline: float
    command_id: str | None = None
    if_match: int | None = None


def address_of(service: str, method: str) -> str:
    """Where a call goes: the routing key of its message and the audience of its token."""
    return f"{service}.{method}"


def derive_key(secret: bytes, service: str) -> bytes:
    """The key of one service from the gateway's secret (HKDF-SHA256, RFC 5869, one block): it tells
    nothing of the secret or of another service's key."""
    pseudorandom = hmac.digest(b"\x00" * 32, secret, "sha256")
    return hmac.digest(pseudorandom, b"steward calls " + service.encode() + b"\x01", "sha256")


def write_claims(voucher: Voucher, body: bytes) -> dict[str, Any]:
    """The claims of the token for a call whose message has this body."""
    caller = voucher.caller
    return {
        "iss": ISSUER,
        "aud": voucher.address,
        "jti": voucher.call_id,
        "exp": voucher.deadline,
        "sub": caller.subject,
        "scopes": [*caller.scopes],
        "accounts": None if caller.accounts is None else [*caller.accounts],
        "staff": caller.staff_id,
        "request": voucher.request_id,
        "command": voucher.command_id,
        "match": voucher.if_match,
        "arguments": _digest(body),
    }


def read_claims(
    claims: Mapping[str, Any], *, address: str, call_id: str, body: bytes, now: float
) -> Voucher:
    """What the claims of a genuine token vouch for. Unauthenticated where that is not this call;
    TooLate where its time is up."""
    accounts = claims["accounts"]
    meant = (claims["iss"], claims["aud"], claims["jti"], claims["arguments"])
    if meant != (ISSUER, address, call_id, _digest(body)):
        raise Unauthenticated("token_of_another_call", "This token vouches for another call.")
    if claims["exp"] < now:
        raise TooLate("deadline_passed", "The caller had given up; nothing was done.")
    return Voucher(
        call_id=call_id,
        address=address,
        caller=Caller(
            claims["sub"],
            frozenset(claims["scopes"]),
            None if accounts is None else frozenset(accounts),
            claims.get("staff"),  # a gateway from before there were persons says nothing of it
        ),
        request_id=claims["request"],
        deadline=claims["exp"],
        command_id=claims["command"],
        if_match=claims["match"],
    )


def seal(key: bytes, claims: bytes) -> str:
    """The token for claims in JSON."""
    signed = _HEAD + _encode(claims)
    return (signed + b"." + _encode(hmac.digest(key, signed, "sha256"))).decode()


def unseal(key: bytes, token: str) -> bytes:
    """The claims in a token, in JSON; Unauthenticated where it was not made with this key."""
    signed, _, signature = token.encode(errors="replace").rpartition(b".")
    genuine = hmac.compare_digest(signature, _encode(hmac.digest(key, signed, "sha256")))
    if not (genuine and signed.startswith(_HEAD)):
        raise Unauthenticated(
            "caller_not_signed", "Calls come through the gateway, which vouches for who calls."
        )
    return urlsafe_b64decode(signed[len(_HEAD) :] + b"==")


def _digest(body: bytes) -> str:
    return _encode(hashlib.sha256(body).digest()).decode()


def _encode(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


_HEAD = _encode(b'{"alg":"HS256","typ":"steward+jwt"}') + b"."

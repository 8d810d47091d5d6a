"""The gateway's own calls to services: describe, and the manual clock."""

from __future__ import annotations

import secrets
from typing import Any

import orjson

from gateway.problems import Problem
from gateway.rpc.calls import Call, Calls, DeadlinePassed
from kernel.broker import GATEWAY
from kernel.callers import INTERNAL, Caller

ITSELF = Caller(GATEWAY, frozenset({INTERNAL}))


class CallFailed(Exception):
    """The service is away, did not answer in time, or refused; the text says which. `code` is that of the
    refusal."""

    def __init__(self, text: str, *, code: str | None = None) -> None:
        super().__init__(text)
        self.code = code


class InternalCalls:
    """Calls in the gateway's own name, with the scope no API key can have."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def call(self, service: str, method: str, *, seconds_max: float, **kwargs: Any) -> Any:
        """The result; CallFailed where there is none."""
        call = Call(
            service=service,
            method=method,
            kwargs=kwargs,
            caller=ITSELF,
            request_id=f"req_{secrets.token_hex(12)}",
            seconds_max=seconds_max,
        )
        try:
            message = orjson.loads((await self._calls.call(call)).body)
            error, result = message["error"], message["result"]
        except DeadlinePassed as late:
            raise CallFailed(f"{service} did not answer {method} in {seconds_max} s") from late
        except Problem as problem:
            raise CallFailed(f"{service}: {problem.detail}") from problem
        except (orjson.JSONDecodeError, KeyError, TypeError) as broken:
            raise CallFailed(f"{service} answered {method} with nothing readable") from broken
        if error is not None:
            refusal = error.get("problem") or {}
            detail = refusal.get("detail") or error.get("value")
            raise CallFailed(f"{service} refused {method}: {detail}", code=refusal.get("code"))
        return result

"""Who calls: an API key or a session in use, what it may do, and what it has under way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gateway.keys.limits import BURST_SECONDS, Bucket, Lane
from gateway.keys.powers import Power
from gateway.problems import Problem, retry_after
from gateway.settings import Settings
from kernel.callers import Caller

COSTLY_SHARE = 5  # one in so many of a key's calls at once may be costly


class Holder:
    """Who calls: an API key or a session, as it was last read."""

    __slots__ = (
        "bucket",
        "caller",
        "calls",
        "costly_calls",
        "key_id",
        "person_id",
        "power",
        "use_written_at",
        "used_at",
    )

    def __init__(self, row: Any, settings: Settings) -> None:
        self.key_id: str = row.key_id
        self.learn(row, settings)
        share = self.power.requests_per_second / settings.workers
        self.bucket = Bucket(share, max(1.0, share * BURST_SECONDS))
        at_once = math.ceil(self.power.calls_at_once / settings.workers)
        self.calls = Lane(at_once, _too_many_at_once)
        self.costly_calls = Lane(math.ceil(at_once / COSTLY_SHARE), _too_many_at_once)
        self.used_at = 0.0
        self.use_written_at = row.last_used_at.timestamp() if row.last_used_at else 0.0

    def learn(self, row: Any, settings: Settings) -> None:
        """Take over what was read of it; of a session, the person's roles may have changed."""
        self.power = power_of(row._mapping, settings)
        self.person_id: str | None = row._mapping.get("person_id")
        subject = self.power.staff_id or self.person_id or self.key_id
        self.caller = Caller(
            subject, self.power.scopes, self.power.accounts, staff_id=self.power.staff_id
        )


def power_of(key: Mapping[str, Any], settings: Settings) -> Power:
    """What a key has, by its columns."""
    return Power(
        scopes=frozenset(key["scopes"]),
        accounts=None if key["accounts"] is None else frozenset(key["accounts"]),
        expires_at=key["expires_at"],
        requests_per_second=key["requests_per_second"] or settings.requests_per_second,
        calls_at_once=key["calls_at_once"] or settings.calls_per_key,
        staff_id=key["staff_id"],
    )


def _too_many_at_once() -> Problem:
    detail = "Too many requests with this key are under way; wait until some are answered."
    return Problem(429, "too_many_at_once", detail, headers=retry_after(1))

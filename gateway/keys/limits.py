"""Limits: how often (a token bucket per key, and one per address for wrong keys) and how many at once.

A bucket of our own: ten lines, two numbers of memory a key, 0.5 µs a hit. (The `limits` package keeps the
time of every hit for a moving window and takes 4 µs, and as much again to say what is left.) Each worker
holds its own buckets and grants its share of the rate.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from gateway.problems import Problem, retry_after

BURST_SECONDS = 2
WRONG_KEYS_PER_SECOND = 2.0
WRONG_KEYS_BURST = 20.0
ADDRESSES_MAX = 10_000


class Bucket:
    """Fills at `rate` tokens a second up to `size`; every request takes one."""

    __slots__ = ("_filled_at", "_tokens", "policy", "rate", "size")

    def __init__(self, rate: float, size: float) -> None:
        self.rate = rate
        self.size = size
        self.policy = b'"key";q=%d;w=%d' % (size, max(1, round(size / rate)))
        self._tokens = size
        self._filled_at = time.monotonic()

    def take(self) -> bool:
        """Take a token, if there is one."""
        now = time.monotonic()
        tokens = self._tokens + (now - self._filled_at) * self.rate
        self._filled_at = now
        self._tokens = tokens if tokens < self.size else self.size
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    @property
    def remaining(self) -> int:
        """Whole tokens left after the last `take`."""
        return int(self._tokens)

    @property
    def seconds_to_next(self) -> int:
        """Whole seconds until there is a token again, at least 1."""
        return max(1, math.ceil((1 - self._tokens) / self.rate))

    @property
    def seconds_to_full(self) -> int:
        """Whole seconds until the bucket is full again."""
        return math.ceil((self.size - self._tokens) / self.rate)


class Lane:
    """How many may be under way at once: `with` it is one of them, or Problem `full()`."""

    __slots__ = ("_full", "_most", "under_way")

    def __init__(self, most: int, full: Callable[[], Problem]) -> None:
        self._most = most
        self._full = full
        self.under_way = 0

    def __enter__(self) -> None:
        if self.under_way >= self._most:
            raise self._full()
        self.under_way += 1

    def __exit__(self, *_: object) -> None:
        self.under_way -= 1


class WrongKeys:
    """How often an address may come with a wrong key before it is told to wait."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def count(self, address: str) -> None:
        """Count one. Problem 429 where the address has come too often."""
        bucket = self._buckets.get(address) or self._remember(address)
        if not bucket.take():
            seconds = bucket.seconds_to_next
            raise Problem(
                429,
                "too_many_wrong_keys",
                f"Too many requests with a wrong API key; wait {seconds} s.",
                headers=retry_after(seconds),
            )

    def _remember(self, address: str) -> Bucket:
        if len(self._buckets) >= ADDRESSES_MAX:
            self._buckets.popitem(last=False)
        bucket = self._buckets[address] = Bucket(WRONG_KEYS_PER_SECOND, WRONG_KEYS_BURST)
        return bucket

"""Passwords: argon2id, made and checked beside the event loop, a few at a time.

Nobody's password takes as long to be wrong as somebody's: how long an answer takes does not tell whether
there is such a person."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from gateway.keys.limits import Lane
from gateway.problems import Problem

CHARACTERS_MIN = 12
CHARACTERS_MAX = 256
AT_ONCE = 2
WAITING_MAX = 20
# OWASP's Password Storage Cheat Sheet, its first choice of equal strength: about 20 ms and 19 MiB each.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

Result = TypeVar("Result")


class Passwords:
    """Digests of passwords; at most `WAITING_MAX` at a time in a worker, or Problem 503."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._lane = Lane(WAITING_MAX, _busy)
        self._nobodys = _HASHER.hash(secrets.token_hex(16))

    async def digest(self, password: str) -> str:
        """What is kept of a password."""
        return await self._beside(lambda: _HASHER.hash(normal_form(password)))

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Whether it is the one that `kept` is the digest of; it takes as long where there is none."""
        is_same = await self._beside(lambda: _matches(kept or self._nobodys, password))
        return is_same and kept is not None

    async def _beside(self, work: Callable[[], Result]) -> Result:
        with self._lane:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def normal_form(password: str) -> str:
    """A password as it counts, on whatever keyboard it was typed (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _matches(digest: str, password: str) -> bool:
    try:
        return _HASHER.verify(digest, normal_form(password))
    except VerifyMismatchError:
        return False


def _busy() -> Problem:
    return Problem.unavailable("Too many are signing in; try again.", "overloaded")

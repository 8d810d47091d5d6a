"""The issuer of id tokens: its keys, asked for when they are needed and at most once a minute."""

from __future__ import annotations

import asyncio
import math
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

import jwt
import orjson
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from gateway.problems import Problem

BELIEVED_SECONDS = 3600.0
ASKED_AGAIN_SECONDS = 60.0
ANSWER_SECONDS_MAX = 5.0
ANSWER_BYTES_MAX = 512 * 1024
KEYS_MAX = 100
RSA_BITS_MIN = 2048
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")

log = structlog.get_logger()


class IssuerKeys:
    """The public keys of an issuer by their names (`kid`), from its JWK set (RFC 7517)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = self._asked_at = -math.inf
        self._asking = asyncio.Lock()

    async def find(self, name: str) -> jwt.PyJWK | None:
        """The key of this name. However many unknown ones are looked for, the issuer is asked once a
        minute; while it does not answer, the keys of the last hour count. Problem 503 where there are
        none."""
        async with self._asking:
            now = time.monotonic()
            is_old = self._read_at + BELIEVED_SECONDS < now
            may_ask = self._asked_at + ASKED_AGAIN_SECONDS <= now
            if (is_old or name not in self._keys) and may_ask:
                self._asked_at = now
                is_old = not await self._ask() and is_old
            if is_old:
                detail = "The issuer's keys cannot be read; try again in a minute."
                raise Problem.unavailable(detail, "issuer_unavailable")
        return self._keys.get(name)

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(2 * ANSWER_SECONDS_MAX):
                document = await asyncio.to_thread(_read, self._url)
            self._keys = read_keys(orjson.loads(document))
        except (OSError, HTTPException, ValueError, TimeoutError) as error:
            log.error("issuer's keys not read", url=self._url, error=str(error))
            return False
        self._read_at = time.monotonic()
        return True


def read_keys(document: Any) -> dict[str, jwt.PyJWK]:
    """The keys in a JWK set that a token may be signed with; others are passed over. ValueError where
    it is none."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        raise ValueError("this is no JWK set")
    found: dict[str, jwt.PyJWK] = {}
    for one in keys[:KEYS_MAX]:
        try:
            key = jwt.PyJWK.from_dict(one)
        except (jwt.PyJWTError, AttributeError, TypeError, ValueError):
            continue
        if _is_for_signatures(key) and isinstance(key.key_id, str):
            found[key.key_id] = key
    return found


def _is_for_signatures(key: jwt.PyJWK) -> bool:
    is_strong = not isinstance(key.key, RSAPublicKey) or key.key.key_size >= RSA_BITS_MIN
    return is_strong and key.algorithm_name in ALGORITHMS and key.public_key_use in (None, "sig")


def _read(url: str) -> bytes:
    place = urlsplit(url)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.netloc, timeout=ANSWER_SECONDS_MAX)
    try:
        target = place.path + (f"?{place.query}" if place.query else "")
        connection.request("GET", target or "/", headers={"Accept": "application/json"})
        response = connection.getresponse()
        if response.status != 200:
            raise ValueError(f"it answered {response.status}")
        return response.read(ANSWER_BYTES_MAX)
    finally:
        connection.close()

"""Sealing: what must be read again but lies in the database unreadable (AES-GCM)."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Seal:
    """Seals under a key made from the pepper for one purpose. What is sealed is bound to what it belongs
    to: in another's row it cannot be opened."""

    def __init__(self, pepper: bytes, purpose: bytes) -> None:
        self._cipher = AESGCM(hmac.digest(pepper, purpose, hashlib.sha256))
        self._digests = hmac.digest(pepper, purpose + b" digests", hashlib.sha256)

    def close(self, plain: bytes, bound_to: str) -> bytes:
        """What may be stored."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """What was sealed; cryptography's InvalidTag where it was not, or not for this."""
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())

    def digest(self, plain: bytes) -> bytes:
        """What tells whether something is the same, and nothing to whoever has not the pepper."""
        return hmac.digest(self._digests, plain, hashlib.sha256)

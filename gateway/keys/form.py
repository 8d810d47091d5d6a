"""API keys and sessions, the pure part: their form and their digest.

A key is `stw_<id>_<secret><checksum>`: the id is that of `key_<id>`, the secret 28 characters of base 62
(166 bits), the checksum CRC-32 of what is before it in 6 characters, so that a mistyped key, or one found
by a secret scanner, is told from a real one without asking anybody. A session's token is alike, but
`sts_<id>_…` for `ses_<id>`. Kept is HMAC-SHA256 of the secret with a pepper that is not in the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import zlib
from collections.abc import Collection
from typing import NamedTuple

PREFIXES = {"key": "stw", "ses": "sts"}  # of what is sent, by that of the id
SECRET_CHARACTERS = 28
CHECKSUM_CHARACTERS = 6
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_KINDS = {sent: kind for kind, sent in PREFIXES.items()}
_FORM = re.compile(
    rf"({'|'.join(_KINDS)})_([0-9a-z]{{26}})_([0-9A-Za-z]{{{SECRET_CHARACTERS}}})([0-9A-Za-z]{{6}})"
)


class Credential(NamedTuple):
    """What a well-formed key says: which key or session, and the secret that proves it."""

    key_id: str
    secret: str


def new_secret() -> str:
    """A new secret from the system's random source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_CHARACTERS))


def format_key(credential: Credential) -> str:
    """The key as its holder sends it."""
    kind, _, identity = credential.key_id.partition("_")
    body = f"{PREFIXES[kind]}_{identity}_{credential.secret}"
    return body + _checksum(body)


def parse_key(text: str) -> Credential | None:
    """What the key says; None where it has not the form or its checksum is wrong."""
    match = _FORM.fullmatch(text)
    if match is None or _checksum(text[:-CHECKSUM_CHARACTERS]) != match[4]:
        return None
    return Credential(f"{_KINDS[match[1]]}_{match[2]}", match[3])


def read_authorization(header: str) -> Credential | None:
    """What an Authorization header says: a key or a session as a bearer token; or a key as the password
    of HTTP Basic (RFC 7617), whatever the name, for programs that know no other way, as calendars are."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() == "bearer":
        return parse_key(text.strip())
    if scheme.lower() != "basic":
        return None
    try:
        _, _, password = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    credential = parse_key(password)
    return credential if credential and credential.key_id.startswith("key_") else None


def digest(secret: str, pepper: bytes) -> bytes:
    """What is kept of a secret."""
    return hmac.digest(pepper, secret.encode(), hashlib.sha256)


def is_any(given: bytes, stored: Collection[bytes]) -> bool:
    """Whether a digest is among those stored, in a time that does not tell how nearly."""
    matches = [hmac.compare_digest(given, one) for one in stored]
    return any(matches)


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = []
    for _ in range(CHECKSUM_CHARACTERS):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))

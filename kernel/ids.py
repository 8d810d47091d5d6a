"""Ids: a short prefix that says what it names, and a time-ordered random part.

The form is TypeID's (prefix, underscore, UUIDv7 in Crockford's base 32, 26 characters, lower case), so
ids sort by the moment they were made and a person sees at once what kind of thing one names.
"""

from __future__ import annotations

import os
import re
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(120, -1, -10)
FORM = "[0-7][0-9a-hjkmnp-tv-z]{25}"  # of what stands behind the prefix
_ID = re.compile(f"([a-z]{{2,8}})_{FORM}")


def new_id(prefix: str) -> str:
    """A new id such as `inv_01j9...`; unique without asking anybody (74 random bits)."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (
        (milliseconds << 80)
        | (0x7 << 76)
        | ((random >> 68) & 0xFFF) << 64
        | (0b10 << 62)
        | (random & ((1 << 62) - 1))
    )
    return f"{prefix}_{_encode(value)}"


def new_ids(prefix: str, count: int) -> list[str]:
    """So many new ids for things made at once, in their order: the ids sort as the things stand."""
    return sorted(new_id(prefix) for _ in range(count))


def is_id(text: str, prefix: str) -> bool:
    """Whether `text` has the form of an id with this prefix."""
    found = _ID.fullmatch(text)
    return found is not None and found[1] == prefix


def find_ids(text: str) -> set[str]:
    """The ids in a sentence, whatever they name."""
    return {found[0] for found in _ID.finditer(text)}


def _encode(value: int) -> str:
    return "".join([_PAIRS[value >> shift & 1023] for shift in _SHIFTS])

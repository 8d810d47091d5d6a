"""Kinds of what callers prove themselves with: how those in use are read, and their uses written."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Select, Text, Update, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.models import api_key, api_key_secret

WANTED = func.any(bindparam("key_ids", type_=ARRAY(Text)))


class Kind(NamedTuple):
    """API keys, or sessions. `prefix` is that of their ids, `code` begins the codes of refusals, `remedy`
    is what their holder does when one is worth nothing any more.

    `secrets` reads those of :key_ids, each with its digest and all that `power_of` needs; `uses` writes
    that :key was used :at."""

    prefix: str
    code: str
    noun: str
    remedy: str
    secrets: Select[Any]
    uses: Update


API_KEYS = Kind(
    prefix="key",
    code="key",
    noun="API key",
    remedy="ask for a new one",
    secrets=select(api_key, api_key_secret.c.digest, api_key_secret.c.valid_until)
    .join_from(api_key, api_key_secret)
    .where(api_key.c.key_id == WANTED),
    uses=update(api_key)
    .where(api_key.c.key_id == bindparam("key"))
    .values(last_used_at=bindparam("at")),
)

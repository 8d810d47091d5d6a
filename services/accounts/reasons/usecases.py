"""Telling the worklist, and whoever listens, why accounts should be contacted, when that changes."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns
from chassis.outbox import announce
from services.accounts.reasons.events import ContactDue, ContactSettled
from services.accounts.reasons.rules import Due, Key

_TOLD = ("since", "sentence", "amount", "currency", "roles", "channel", "earliest", "to_staff_id")
_NAMES = ", ".join(_TOLD)
_KEEP_DUE = text(
    f"""
    INSERT INTO told_reason AS known (account_id, reason, about, version, is_standing, {_NAMES})
    SELECT account_id, reason, about, 1, true, {_NAMES}
    FROM json_populate_recordset(NULL::told_reason, :rows)
    ORDER BY account_id, reason, about
    ON CONFLICT (account_id, reason, about) DO UPDATE
    SET version = known.version + 1, is_standing = true,
        ({_NAMES}) = ({", ".join(f"excluded.{name}" for name in _TOLD)})
    WHERE (true, {", ".join(f"excluded.{name}" for name in _TOLD)})
          IS DISTINCT FROM (known.is_standing, {", ".join(f"known.{name}" for name in _TOLD)})
    RETURNING *
    """  # noqa: S608
)
_KEEP_SETTLED = text(
    """
    UPDATE told_reason AS known SET version = version + 1, is_standing = false
    WHERE is_standing AND (account_id, reason, about) IN (
        SELECT * FROM unnest(CAST(:accounts AS text[]), CAST(:reasons AS text[]),
                             CAST(:abouts AS text[])))
    RETURNING *
    """
)


def tell_due(session: Session, *dues: Due) -> None:
    """Announce why accounts should be contacted, each reason once; what was told so already is not told
    again. What changed is. The caller has locked the accounts, or decides about them alone."""
    if not dues:
        return
    rows = json.dumps([_row(due) for due in dues], default=str)
    for told in session.execute(_KEEP_DUE, {"rows": rows}).mappings():
        announce(session, ContactDue, **_identity(told), **{name: told[name] for name in _MORE})


def tell_settled(session: Session, *keys: Key) -> None:
    """Announce that reasons (account, kind, about) are over; of what was never told, nothing."""
    if not keys:
        return
    which = columns(sorted(set(keys)), "accounts", "reasons", "abouts")
    for told in session.execute(_KEEP_SETTLED, which).mappings():
        announce(session, ContactSettled, **_identity(told))


_MORE = tuple(name for name in _TOLD if name != "currency")


def _identity(told: Any) -> dict[str, Any]:
    return {name: told[name] for name in ("account_id", "reason", "about", "version", "currency")}


def _row(due: Due) -> dict[str, Any]:
    facts = {name: getattr(due, name) for name in (*_MORE, "account_id", "reason", "about")}
    minor, currency = (due.amount.minor, due.amount.currency) if due.amount else (None, None)
    return {**facts, "amount": minor, "currency": currency}

"""Keeping the copies of whom documents go to, and what they were before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.billing.addressees.models import Addressee, Contact

_FACTS = (
    *("number", "name", "language", "email", "preferred_channel", "tax_id", "addresses"),
    "invoice_recipients",
)
_OLD, _NEW = (", ".join(f"{table}.{name}" for name in _FACTS) for table in ("addressee", "told"))
# Only what documents bear makes a difference: an account changes far more often than its address.
_KEEP_FORMER = text(
    f"""
    INSERT INTO former_addressee (account_id, version, replaced_at, {", ".join(_FACTS)})
    SELECT addressee.account_id, addressee.version, CAST(:now AS timestamptz), {_OLD}
    FROM addressee JOIN json_populate_recordset(NULL::addressee, :told) AS told USING (account_id)
    WHERE told.version > addressee.version AND ({_OLD}) IS DISTINCT FROM ({_NEW})
    ON CONFLICT DO NOTHING
    """  # noqa: S608  names of this module
)


def keep_addressees(
    session: Session, snapshots: Sequence[Mapping[str, Any]], *, now: datetime
) -> None:
    """Store how accounts are addressed, unless newer snapshots are here already; of what they replace is
    kept until when it was so, as documents of before bear it."""
    newest: dict[str, Mapping[str, Any]] = {}
    for one in sorted(snapshots, key=lambda one: (one["account_id"], one["version"])):
        newest[one["account_id"]] = one
    told = json.dumps([*newest.values()], default=str)
    session.execute(_KEEP_FORMER, {"told": told, "now": now})
    keep_newest(session, Addressee, [*newest.values()])


def keep_contacts(session: Session, snapshots: Rows) -> None:
    """Store snapshots of the people at accounts, unless newer ones are here already."""
    keep_newest(session, Contact, snapshots)

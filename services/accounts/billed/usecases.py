"""What happens to what was billed: billing tells, we keep a copy."""

from __future__ import annotations

import json

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from chassis.bulk import Rows, insert_new_rows
from services.accounts.billed.models import BilledCredit
from services.accounts.billed.rules import FACTS, merge_told

_NAMES = ", ".join(FACTS)
_KNOWN = ", ".join(f"known.{name}" for name in FACTS)
_MERGED = ", ".join(f"coalesce(known.{name}, excluded.{name})" for name in FACTS)
_KEEP_INVOICES = text(
    f"""
    INSERT INTO billed_invoice AS known (invoice_id, account_id, is_void, {_NAMES})
    SELECT invoice_id, account_id, is_void, {_NAMES}
    FROM json_populate_recordset(NULL::billed_invoice, :rows)
    ON CONFLICT (invoice_id) DO UPDATE
    SET ({_NAMES}) = ROW ({_MERGED}), is_void = known.is_void OR excluded.is_void
    WHERE ({_KNOWN}, known.is_void)
          IS DISTINCT FROM ({_MERGED}, known.is_void OR excluded.is_void)
    """  # noqa: S608
)


def keep_invoices(session: Session, told: Rows) -> None:
    """Keep what billing told of invoices (issued, void, or how they are), in whatever order it came."""
    rows = merge_told(told)
    if rows:
        session.execute(_KEEP_INVOICES, {"rows": json.dumps(rows, default=str)})


def keep_credits(session: Session, told: Rows) -> None:
    """Keep the credit notes that billing told of, in whatever order it came; once void they stay so."""
    insert_new_rows(session, BilledCredit, told)
    void = [one["credit_note_id"] for one in told if one["is_void"]]
    if void:
        which = BilledCredit.credit_note_id.in_(void)
        session.execute(update(BilledCredit).where(which).values(is_void=True))

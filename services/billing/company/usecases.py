"""Keeping the copy of the company up to date."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import Rows, insert_new_rows, keep_newest
from services.billing.company.models import Company, Logo

_FACTS = ("legal_name", "country", "addresses", "tax_ids", "email_from", "logo_file_id")
_OLD, _NEW = (", ".join(f"{table}.{name}" for name in _FACTS) for table in ("company", "told"))
_KEEP_FORMER = text(
    f"""
    INSERT INTO former_company (company_id, version, replaced_at, {", ".join(_FACTS)})
    SELECT company.company_id, company.version, CAST(:now AS timestamptz), {_OLD}
    FROM company JOIN json_populate_recordset(NULL::company, :told) AS told USING (company_id)
    WHERE told.version > company.version AND ({_OLD}) IS DISTINCT FROM ({_NEW})
    ON CONFLICT DO NOTHING
    """  # noqa: S608  names of this module
)


def keep_company(session: Session, snapshots: Rows, *, now: datetime) -> None:
    """Store who accounts says we are; of what that replaces is kept until when it was so."""
    logos = {one["logo_file_id"]: one["logo"] for one in snapshots if one["logo"] is not None}
    rows = [{"logo_file_id": file_id, "content": content} for file_id, content in logos.items()]
    insert_new_rows(session, Logo, rows)
    newest = max(snapshots, key=lambda one: one["version"])  # there is one company
    facts = {name: newest[name] for name in newest if name != "logo"}
    session.execute(_KEEP_FORMER, {"told": json.dumps([facts]), "now": now})
    keep_newest(session, Company, [facts])

"""Keeping the copy of the company up to date."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import Rows, insert_new_rows, keep_newest
from services.sales.company.models import Company, Logo


def keep_company(session: Session, snapshots: Rows) -> None:
    """Store who accounts says we are."""
    logos = {one["logo_file_id"]: one["logo"] for one in snapshots if one["logo"] is not None}
    rows = [{"logo_file_id": file_id, "content": content} for file_id, content in logos.items()]
    insert_new_rows(session, Logo, rows)
    facts = [{name: one[name] for name in one if name != "logo"} for one in snapshots]
    keep_newest(session, Company, facts)

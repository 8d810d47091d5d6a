"""What happens to items: billing tells, we keep a copy."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.bulk import Rows, keep_newest
from services.sales.items.models import OpenItem


def keep_items(session: Session, changes: Rows) -> None:
    """Keep the newest of what billing told of accounts' items, in whatever order it came."""
    rows = [
        {"account_id": change["account_id"], **item}
        for change in changes
        for item in change["items"]
    ]
    keep_newest(session, OpenItem, rows)

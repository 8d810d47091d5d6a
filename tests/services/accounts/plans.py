"""How the database goes about a statement, whatever it happens to know of the tables of a test."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.accounts.worklist.models import WorklistItem
from services.accounts.worklist.rules import ItemStatus


def explain(session: Session, statement: str) -> str:
    """The plan of a statement for its own values, that scans no table while there is an index."""
    for kind in ("seqscan", "bitmapscan"):
        session.execute(text(f"SET LOCAL enable_{kind} = off"))
    session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    return "\n".join(session.scalars(text(f"EXPLAIN {statement}")))


def close_items(office: Any, *, count: int) -> None:
    """So many closed items of one account, known to the planner."""
    item = {"account_id": office.account()["account_id"], "version": 1, "status": ItemStatus.DONE}
    item |= {"opened_on": office.clock.today(), "closed_at": office.moment}
    rows = [item | {"worklist_item_id": new_id("wli")} for _ in range(count)]
    office.session.execute(insert(WorklistItem), rows)
    office.session.execute(text("ANALYZE account, worklist_item, worklist_reason"))

"""Keep what billing says of order lines, in whatever order it comes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import Rows, insert_new_rows
from services.sales.billed.models import BilledLine, LineCredit, LineReturn, VoidCredit
from services.sales.billed.rules import lines_billed, lines_credited, merge_told

_KEEP = text("""
    INSERT INTO billed_invoice AS known (
        invoice_id, account_id, number, order_id, shipment_id, is_void, is_paid, settled_version
    )
    SELECT invoice_id, account_id, number, order_id, shipment_id, is_void, is_paid, settled_version
    FROM json_populate_recordset(NULL::billed_invoice, :rows)
    ON CONFLICT (invoice_id) DO UPDATE SET
        account_id = CASE WHEN excluded.number IS NULL THEN known.account_id ELSE excluded.account_id END,
        number = coalesce(known.number, excluded.number),
        order_id = coalesce(known.order_id, excluded.order_id),
        shipment_id = coalesce(known.shipment_id, excluded.shipment_id),
        is_void = known.is_void OR excluded.is_void,
        is_paid = CASE WHEN excluded.settled_version > known.settled_version
            THEN excluded.is_paid ELSE known.is_paid END,
        settled_version = greatest(known.settled_version, excluded.settled_version)
""")


def keep_invoices(session: Session, told: Rows) -> None:
    """Keep what events say of invoices: that they were issued, with their lines, are void, paid or open
    again."""
    rows = merge_told(told)
    if not rows:
        return
    session.execute(_KEEP, {"rows": json.dumps(rows)})
    lines = [
        {
            "invoice_id": one["invoice_id"],
            "position": line["position"],
            "line_id": line["order_line_id"],
            "quantity": line["quantity"],
        }
        for one in told
        for line in lines_billed(one.get("lines", ()))
    ]
    insert_new_rows(session, BilledLine, lines)


def keep_credits(session: Session, told: Iterable[Mapping[str, Any]]) -> None:
    """Keep what credit notes take back of order lines, as they are issued or void."""
    rows = [
        {
            "credit_note_id": one["credit_note_id"],
            "place": place,
            "invoice_id": one["invoice_id"],
            "line_id": line["order_line_id"],
            "quantity": line["quantity"],
            "is_of_return": one["return_id"] is not None,
        }
        for one in told
        if one["invoice_id"] is not None
        for place, line in lines_credited(one["lines"])
    ]
    insert_new_rows(session, LineCredit, rows)


def keep_credit_voids(session: Session, told: Rows) -> None:
    """Keep which credit notes take nothing back, whichever comes first."""
    insert_new_rows(
        session, VoidCredit, [{"credit_note_id": one["credit_note_id"]} for one in told]
    )


def keep_returns(session: Session, told: Rows) -> None:
    """Keep what came back; not what stays with the client for less, nor what no order had sold."""
    rows = [
        {
            "return_id": one["return_id"],
            "part": one["part"],
            "line_id": line["line_id"],
            "quantity": line["quantity"],
        }
        for one in told
        for line in one["lines"]
        if line["lowered_by"] is None and line["unsold"] is None
    ]
    insert_new_rows(session, LineReturn, rows)

"""Keep what is to be billed: add it, cancel it, note what of it was billed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import Rows, columns, insert_new_rows
from kernel.ids import new_ids
from services.billing.billables.models import Billable
from services.billing.taxes.rules import TaxCode, choose_code

_CANCEL = text(
    """
    UPDATE billable SET cancelled = billable.cancelled + part.quantity
    FROM unnest(CAST(:billable_ids AS text[]), CAST(:quantities AS numeric[]))
        AS part (billable_id, quantity)
    WHERE billable.billable_id = part.billable_id
    """
)
_BILL = text(
    """
    UPDATE billable SET billed = billable.billed + part.quantity
    FROM unnest(CAST(:billable_ids AS text[]), CAST(:quantities AS numeric[]))
        AS part (billable_id, quantity)
    WHERE billable.billable_id = part.billable_id
    """
)
_GIVE_BACK = text(
    """
    UPDATE billable SET billed = billable.billed - part.quantity
    FROM (
        SELECT billable_id, sum(quantity) AS quantity FROM invoice_line
        WHERE invoice_id = ANY(:invoice_ids) AND billable_id IS NOT NULL GROUP BY billable_id
    ) AS part
    WHERE billable.billable_id = part.billable_id
    """
)

_GIVE_BACK_CREDITED = text(
    """
    UPDATE billable SET billed = billable.billed + line.quantity, bill_on = :today
    FROM credit_note_line AS line
    WHERE line.credit_note_id = :credit_note_id AND billable.billable_id = line.billable_id
    """
)


_NAME = text(
    """
    UPDATE billable SET client_order_number = told.number
    FROM unnest(CAST(:order_ids AS text[]), CAST(:numbers AS text[])) AS told (order_id, number)
    WHERE billable.order_id = told.order_id
        AND billable.quantity - billable.cancelled - billable.billed <> 0
        AND billable.client_order_number IS DISTINCT FROM told.number
    RETURNING billable.account_id
    """
)


def add_billables(session: Session, rows: Rows, *, now: datetime, by: str) -> None:
    """Store what is to be billed, once for each `key`. A row has what the table has; what is left out of
    all rows is none. Without a `tax_code` it follows from the percentage; refused by the row's place
    where code, percentage and reason do not fit together."""
    billable_ids = new_ids("bil", len(rows))
    insert_new_rows(
        session,
        Billable,
        [
            {
                "billable_id": billable_id,
                **row,
                "tax_code": _choose_code(row, place),
                "recorded_by": by,
                "recorded_at": now,
            }
            for place, (billable_id, row) in enumerate(zip(billable_ids, rows, strict=True))
        ],
    )


def _choose_code(row: Mapping[str, Any], place: int) -> TaxCode:
    given = row.get("tax_code"), row.get("exemption_reason")
    return choose_code(row["tax_percent"], *given, field=f"lines/{place}")


def cancel_billables(session: Session, quantities: Mapping[str, Decimal]) -> None:
    """So much of each, at most what is pending of it, is not to be billed any more."""
    if quantities:
        session.execute(_CANCEL, columns(quantities.items(), "billable_ids", "quantities"))
        session.expire_all()


def bill(session: Session, lines: Iterable[Mapping[str, Any]]) -> None:
    """Note that lines of invoices bill what they name as `billable_id`, if anything."""
    billed: dict[str, Decimal] = {}
    for line in lines:
        billable_id = line.get("billable_id")
        if billable_id is not None:
            billed[billable_id] = billed.get(billable_id, Decimal(0)) + line["quantity"]
    if billed:
        session.execute(_BILL, columns(billed.items(), "billable_ids", "quantities"))


def give_back_credited(session: Session, *, credit_note_id: str, today: date) -> None:
    """What a credit note took off that is void is to be taken off a bill again, from today on."""
    told = {"credit_note_id": credit_note_id, "today": today}
    session.execute(_GIVE_BACK_CREDITED, told)


def name_orders(session: Session, numbers: Mapping[str, str]) -> set[str]:
    """Let what is pending of orders bear what the client calls them, by the order's id; the accounts
    whose things were called otherwise before."""
    if not numbers:
        return set()
    named = session.execute(_NAME, columns(sorted(numbers.items()), "order_ids", "numbers"))
    session.expire_all()
    return {row.account_id for row in named}


def give_back(session: Session, *, invoice_ids: Collection[str]) -> None:
    """What invoices billed that are void, or drafts that are gone, is pending again."""
    session.execute(_GIVE_BACK, {"invoice_ids": list(invoice_ids)})

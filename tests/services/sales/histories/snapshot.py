"""All that is kept of goods, orders, shipments, returns and their money, read at once."""

from __future__ import annotations

import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, text

Row = Any
TABLES = {
    "product": "product_id",
    "stock_level": "product_id",
    "stock_move": "recorded_at, move_id",
    "stock_month": "product_id, month, place_id",
    "stock_reservation": "line_id",
    "stock_setting": "version",
    "order": "number",
    "order_line": "order_id, position",
    "order_version": "order_id, revision",
    "order_bill": "created_at, bill_id",
    "order_bill_line": "bill_id, position",
    "order_exception": "number",
    "order_exception_line": "exception_id, position",
    "shipment": "number",
    "shipment_line": "shipment_id, position",
    "return": "number",
    "return_line": "return_id, position",
    "return_part": "return_id, part",
    "return_part_line": "return_id, part, position",
    "return_answer": "return_id, part",
    "return_credit_note": "credit_note_id",
    "line_return": "return_id, part, line_id",
    "billed_invoice": "invoice_id",
    "billed_line": "invoice_id, position",
    "line_credit": "credit_note_id, place",
    "void_credit": "credit_note_id",
    "stock_count": "number",
    "stock_count_line": "count_id, position",
    "stock_period": "closed_to",
    "inventory_report": "month",
    "inventory_line": "inventory_report_id, position",
}
_TABLES = ", ".join(
    f"'{name}', (SELECT coalesce(json_agg(t ORDER BY {order}), '[]') FROM \"{name}\" AS t)"
    for name, order in TABLES.items()
)
_READ = text(f"SELECT json_build_object({_TABLES})::text")


class Snapshot:
    """The rows of every table, as they were at one moment; quantities are decimals."""

    def __init__(self, connection: Connection) -> None:
        told = connection.execute(_READ).scalar_one()
        self._rows: dict[str, list[Row]] = json.loads(
            told,
            parse_float=Decimal,
            object_pairs_hook=lambda pairs: SimpleNamespace(**dict(pairs)),
        ).__dict__
        self._found: dict[tuple[str, ...], dict[tuple[Any, ...], list[Row]]] = {}

    def of(self, table: str, **facts: Any) -> list[Row]:
        """The rows of a table of which this is so."""
        key = (table, *facts)
        if key not in self._found:
            found: dict[tuple[Any, ...], list[Row]] = {}
            for row in self._rows[table]:
                found.setdefault(tuple(getattr(row, name) for name in facts), []).append(row)
            self._found[key] = found
        return self._found[key].get(tuple(facts.values()), [])

    def one(self, table: str, **facts: Any) -> Row:
        """The only row of a table of which this is so."""
        [row] = self.of(table, **facts)
        return row

    def sum(self, table: str, name: str, **facts: Any) -> Decimal:
        """What a column comes to in the rows of which this is so."""
        return sum((Decimal(getattr(row, name)) for row in self.of(table, **facts)), Decimal(0))

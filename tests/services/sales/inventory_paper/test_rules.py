"""What an inventory report says on paper."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.sales.inventory_paper.rules import compose

REPORT = {
    "inventory_report_id": "ivr_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "from_on": date(2026, 3, 1),
    "until_on": date(2026, 3, 31),
    "known_at": datetime(2026, 4, 1, 3, tzinfo=UTC),
    "sha256": "ab" * 32,
    "values": [{"currency": "EUR", "value": 34200, "variance_value": -1800}],
}
MOVED = ("opening", "receipts", "shipments", "returns", "scrap", "transfers", "corrections")


def line(counted_by: str | None) -> dict[str, Any]:
    return {
        **dict.fromkeys(MOVED, Decimal(0)),
        **{"place": None, "sku": "CHAIR-01", "name": "Chair", "opening": Decimal(20)},
        **{"should_be": Decimal(20), "variance": Decimal(-1), "on_hand": Decimal(19)},
        **{"unit_cost": Decimal(1800), "value": 34200, "currency": "EUR", "corrected": []},
        "last_counted_on": None if counted_by is None else date(2026, 3, 12),
        "last_counted_by": counted_by,
    }


@pytest.mark.parametrize(
    ("counted_by", "cell", "is_explained"),
    [
        (None, "–", False),
        ("stf_01jd3v4q6ye8z9t5k2m7n0p1xa", "2026-03-12 stf_01jd3v4q6ye8z9t5k2m7n0p1xa", True),
        ("scanner", "2026-03-12 scanner", True),
    ],
)
def test_who_counted_is_named_as_in_the_lines_and_where_the_name_is_found_is_said(
    counted_by: str | None, cell: str, *, is_explained: bool
) -> None:
    sheet = compose(REPORT, [line(counted_by)])
    [stock] = [table for table in sheet.tables if table.heading == "What there is"]
    assert stock.rows[0][:2] == ["CHAIR-01", cell]
    assert any("the list of staff" in fact for fact in sheet.facts) is is_explained

"""Which products have reorder levels."""

from __future__ import annotations

from services.sales.reorders.rules import reorder_level_not_found


def test_it_is_said_how_a_level_is_set() -> None:
    refusal = reorder_level_not_found("prd_1")
    assert refusal.code == "reorder_level_not_found"
    assert "PUT /v1/reorder-levels/prd_1" in refusal.detail

"""Which products have reorder levels."""

from __future__ import annotations

from kernel.refusals import NotFound


def reorder_level_not_found(product_id: str) -> NotFound:
    """The refusal of a level that there is not."""
    return NotFound(
        "reorder_level_not_found",
        f"Product {product_id} has no reorder level; PUT /v1/reorder-levels/{product_id} sets one.",
    )

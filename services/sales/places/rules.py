"""Which places there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kernel.refusals import Conflict, NotFound


def require_known(
    place_ids: Collection[str], *, known: Mapping[str, str], field: str = "place_id"
) -> None:
    """Refuse (`place_not_found`) places that there are not."""
    for place_id in sorted(place_ids):
        if place_id not in known:
            raise NotFound(
                "place_not_found",
                f"There is no place {place_id}; GET /v1/places lists those there are.",
                field=field,
            )


def code_taken(code: str) -> Conflict:
    """The refusal of a second place of one code."""
    return Conflict(
        "code_taken", f"There is a place {code} already; choose another code.", field="code"
    )

"""Reading places."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.sales.places.models import Place


def get_place(session: Session, *, place_id: str) -> Place:
    """One place."""
    return fetch_only(session, Place, place_id)


def list_places(session: Session, *, limit: int, after: str | None) -> dict[str, Any]:
    """A page of places by code."""
    return read_page(session, select(Place), by=[Place.code], limit=limit, after=after)


def find_places(session: Session, *, place_ids: Collection[str]) -> dict[str, str]:
    """The codes of the places that there are, by id."""
    if not place_ids:
        return {}
    found = session.execute(
        select(Place.place_id, Place.code).where(Place.place_id.in_(sorted(place_ids)))
    )
    return {row.place_id: row.code for row in found}

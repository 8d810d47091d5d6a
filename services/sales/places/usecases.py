"""What can be done with places."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from kernel.ids import new_id
from services.sales.places import queries, rules
from services.sales.places.models import Place


def create_place(session: Session, *, code: str, name: str, now: datetime, by: str) -> Place:
    """Have a new place. Refused (`code_taken`) where another has this code."""
    if session.scalar(select(Place.place_id).where(Place.code == code)):
        raise rules.code_taken(code)
    place = Place(place_id=new_id("pla"), code=code, name=name, created_at=now, created_by=by)
    session.add(place)
    session.flush()
    return place


def edit_place(session: Session, *, place_id: str, **changes: Any) -> Place:
    """Change what a place is called."""
    place = fetch_for_change(session, Place, place_id)
    for name, value in changes.items():
        setattr(place, name, value)
    session.flush()
    return place


def require_places(session: Session, place_ids: Collection[str]) -> dict[str, str]:
    """Refuse (`place_not_found`) places that there are not; the codes of the others, by id."""
    known = queries.find_places(session, place_ids=place_ids)
    rules.require_known(place_ids, known=known)
    return known

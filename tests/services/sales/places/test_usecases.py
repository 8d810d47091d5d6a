"""Where goods are kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound
from services.sales.places import queries, usecases
from tests.services.sales.store import NOW

pytestmark = pytest.mark.server


def make(session: Session, code: str) -> Any:
    return usecases.create_place(session, code=code, name="Hall", now=NOW, by="kim")


def test_a_code_names_one_place_for_ever(session: Session) -> None:
    place = make(session, "HALL-P")
    with pytest.raises(Conflict) as refused:
        make(session, "HALL-P")
    assert refused.value.code == "code_taken"
    edited = usecases.edit_place(session, place_id=place.place_id, name="Old hall")
    assert (edited.code, edited.name, edited.version) == ("HALL-P", "Old hall", 2)


def test_places_are_listed_as_people_read_them(session: Session) -> None:
    for code in ("H-10", "H-9"):
        make(session, code)
    codes = [one.code for one in queries.list_places(session, limit=500, after=None)["items"]]
    assert [code for code in codes if code.startswith("H-")] == ["H-9", "H-10"]


def test_places_that_there_are_not_are_refused(session: Session) -> None:
    place = make(session, "HALL-P")
    assert usecases.require_places(session, [place.place_id]) == {place.place_id: "HALL-P"}
    with pytest.raises(NotFound) as refused:
        usecases.require_places(session, [place.place_id, new_id("pla")])
    assert refused.value.code == "place_not_found"

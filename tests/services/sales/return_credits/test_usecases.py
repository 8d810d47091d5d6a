"""Billing speaks of many credits at once: each return goes on as if it were heard alone, in a number of
statements that does not grow with them. What is heard of one is tested with the answers to returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from kernel.ids import new_id
from services.sales.return_answers import queries, schemas
from services.sales.return_credits import usecases
from services.sales.returns.models import Return
from tests.services.sales.dispatches.test_usecases import counted
from tests.services.sales.returning import Desk

pytestmark = pytest.mark.server


@pytest.fixture
def desk(shop: Any) -> Desk:
    return Desk(shop)


def ask(desk: Desk, count: int) -> list[Return]:
    """Returns of which 2 are to be credited."""
    found = [
        desk.inspect(desk.receive(desk.authorise(desk.ask(desk.sell(), "2"))), "2")
        for _ in "x" * count
    ]
    return [desk.credit(one) for one in found]


def notes_of(found: Sequence[Return], **facts: Any) -> list[dict[str, Any]]:
    told = {"number": "CN-1", "return_part": 1} | facts
    return [{"credit_note_id": new_id("crn"), "return_id": one.return_id, **told} for one in found]


def settled_of(notes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"return_id": one["return_id"], "part": 1, "credit_note_ids": [one["credit_note_id"]]}
        for one in notes
    ]


def page(desk: Desk, found: Return) -> Any:
    desk.session.expire_all()
    return schemas.ReturnPage().dump(queries.get_return(desk.session, return_id=found.return_id))


def test_the_statements_do_not_grow_with_the_returns(desk: Desk) -> None:
    moment: dict[str, Any] = {"now": desk.now, "by": "billing"}

    def statements(count: int) -> list[int]:
        first, second = ask(desk, count), ask(desk, count)
        third = ask(desk, count)
        parts = [{"return_id": one.return_id, "part": 1} for one in third]
        notes, settled = notes_of(first), settled_of(notes_of(second))
        sent = []
        for act in (
            lambda: usecases.take_notes(desk.session, notes, **moment),
            lambda: usecases.take_voids(desk.session, notes, today=desk.today, **moment),
            lambda: usecases.settle_returns(desk.session, settled, **moment),
            lambda: desk.none_credited(parts),
        ):
            desk.session.expire_all()
            with counted(desk.session) as told:
                act()
                desk.session.flush()
            sent.append(len(told))
        statuses = {one.status for one in first}, {one.status for one in second}
        assert statuses == ({"inspected"}, {"credited"})
        assert {one.waits_for for one in third} == {"credit_by_hand"}
        return sent

    few = statements(2)
    assert statements(40) == few
    assert max(few) <= 11


def test_many_that_are_heard_at_once_go_on_as_each_would_alone(desk: Desk) -> None:
    together, alone = ask(desk, 3), ask(desk, 3)
    moment: dict[str, Any] = {"now": desk.now, "by": "billing"}
    for found in (together, alone):
        notes = notes_of(found)
        heard = [*notes[:2], {**notes[0], "credit_note_id": new_id("crn")}, notes[1]]
        voids = [notes[1], notes[0], {**notes[2], "number": "CN-9"}, notes[1]]
        cut = [[one] for one in heard], [[one] for one in voids]
        if found is together:
            cut = [heard], [voids]
        for part in cut[0]:
            usecases.take_notes(desk.session, part, **moment)
        for part in cut[1]:
            usecases.take_voids(desk.session, part, today=desk.today, **moment)
        for _ in range(2):  # of what is credited, and of what nobody asked, it is not believed
            refused = [{"return_id": found[place].return_id, "part": 1} for place in (2, 1, 0, 2)]
            refused.insert(1, {"return_id": new_id("ret"), "part": 1})
            for part in [refused] if found is together else [[one] for one in refused]:
                desk.none_credited(part)
    for one, other in zip(together, alone, strict=True):
        pages = [page(desk, each) for each in (one, other)]
        for each in pages:
            for name in ("return_id", "number", "order_id", "order_number", "account_id", "lines"):
                each.pop(name, None)
            for note in each["credit_notes"]:
                note.pop("credit_note_id")
            each["credit_notes"].sort(key=lambda note: note["is_void"])
            for step in each["steps"]:
                step.pop("about")
            for part in each["parts"]:
                part.pop("lines")
        assert pages[0] == pages[1]
    assert [one.waits_for for one in together] == [None, "credit_by_hand", "credit_by_hand"]
    assert [one.version for one in together] == [one.version for one in alone]
    told = [one["about"] for one in desk.told("contact_due")]
    assert told == [one.return_id for each in (together, alone) for one in each[1:]]


def test_what_is_known_of_no_return_is_kept_until_it_is(desk: Desk) -> None:
    """Its credit note is void before the return is heard of, or is another system's."""
    [note] = notes_of(ask(desk, 1), return_id="ret_01jd3v4q6ye8z9t5k2m7n0p1xw")
    moment: dict[str, Any] = {"now": desk.now, "by": "billing"}
    for _ in range(2):
        usecases.take_notes(desk.session, [note], **moment)
        usecases.settle_returns(desk.session, settled_of([note]), **moment)
        usecases.take_voids(desk.session, [note], today=desk.today, **moment)

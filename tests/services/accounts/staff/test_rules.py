"""Reporting lines never lead back to where they began."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.accounts.staff.rules import require_no_circle

PEOPLE = "abcdef"


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=30))
def test_no_sequence_of_changes_closes_a_circle(changes: list[tuple[str, str]]) -> None:
    superiors: dict[str, str | None] = dict.fromkeys(PEOPLE)
    for person, superior in changes:
        with contextlib.suppress(Conflict):
            require_no_circle(person, superior, superiors)
            superiors[person] = superior
    for person in PEOPLE:
        above, seen = superiors[person], {person}
        while above is not None:
            assert above not in seen
            seen.add(above)
            above = superiors[above]


def test_a_line_that_leads_to_the_top_is_allowed() -> None:
    require_no_circle("c", "b", {"a": None, "b": "a", "c": None})

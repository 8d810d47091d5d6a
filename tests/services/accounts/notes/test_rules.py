"""What may be done with a note."""

from __future__ import annotations

import pytest

from kernel.refusals import Conflict, Invalid
from services.accounts.notes.rules import (
    NoteAction,
    NoteStatus,
    next_status,
    require_one_subject,
    require_writable,
)

STANDING, WITHDRAWN = NoteStatus.STANDING, NoteStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("status", "action", "to"),
    [
        (STANDING, "pin", STANDING),
        (STANDING, "unpin", STANDING),
        (STANDING, "correct", STANDING),
        (STANDING, "withdraw", WITHDRAWN),
        *((WITHDRAWN, action, None) for action in ("pin", "unpin", "correct", "withdraw")),
    ],
)
def test_a_note_stands_until_it_is_withdrawn(
    status: NoteStatus, action: str, to: NoteStatus | None
) -> None:
    if to is not None:
        assert next_status(status, NoteAction(action)) == to
        return
    with pytest.raises(Conflict) as refused:
        next_status(status, NoteAction(action))
    assert refused.value.code == "note_withdrawn"


@pytest.mark.parametrize(
    ("is_private", "author_id", "is_taken"),
    [(False, None, True), (False, "stf_1", True), (True, "stf_1", True), (True, None, False)],
)
def test_a_private_note_is_somebodys(
    is_private: bool, author_id: str | None, is_taken: bool
) -> None:
    if is_taken:
        require_writable(is_private=is_private, author_id=author_id)
        return
    with pytest.raises(Invalid) as refused:
        require_writable(is_private=is_private, author_id=author_id)
    assert refused.value.errors[0]["field"] == "is_private"


def test_it_is_about_one_thing() -> None:
    require_one_subject(contact_id="con_1", case_id=None)
    require_one_subject(contact_id=None, case_id="cas_1")
    with pytest.raises(Invalid) as refused:
        require_one_subject(contact_id="con_1", case_id="cas_1")
    assert refused.value.errors[0]["field"] == "case_id"

"""A hand-over goes through its states, one step at a time."""

from __future__ import annotations

import pytest

from kernel.refusals import Conflict, Invalid
from services.accounts.hand_over_steps.rules import Action
from services.accounts.hand_overs.rules import (
    Status,
    next_status,
    require_idle,
    require_two,
)
from tests.services.tables import claim_moves

LEADS_TO = {
    (Status.DRAFTED, Action.PACK): Status.PACKED,
    (Status.DRAFTED, Action.CANCEL): Status.CANCELLED,
    (Status.PACKED, Action.PACK): Status.PACKED,
    (Status.PACKED, Action.OFFER): Status.OFFERED,
    (Status.PACKED, Action.CANCEL): Status.CANCELLED,
    (Status.OFFERED, Action.ACCEPT): Status.OFFERED,
    (Status.OFFERED, Action.RETURN): Status.OFFERED,
    (Status.OFFERED, Action.COMPLETE): Status.COMPLETED,
    (Status.OFFERED, Action.CANCEL): Status.CANCELLED,
}


def test_each_status_takes_what_the_table_says() -> None:
    claim_moves(next_status, (Status, Action), LEADS_TO)


def test_what_is_possible_is_what_a_person_can_ask_for() -> None:
    with pytest.raises(
        Conflict, match="is offered; possible: accept or cancel or return"
    ) as refused:
        next_status(Status.OFFERED, Action.PACK)
    assert refused.value.code == "wrong_status"


def test_one_step_goes_on_at_a_time() -> None:
    with pytest.raises(Conflict) as refused:
        require_idle(Action.PACK)
    assert refused.value.code == "hand_over_busy"
    require_idle(None)


def test_a_book_goes_to_somebody_else() -> None:
    with pytest.raises(Invalid) as refused:
        require_two(from_id="ada", to_id="ada")
    assert refused.value.code == "same_owner"
    require_two(from_id="ada", to_id="ben")
